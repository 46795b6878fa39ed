/** NiiVue on a page of its own: a volume from a NIfTI file, drawn as its 3-D rendering. */
import { Niivue } from "@niivue/niivue";
import { canvasSize } from "../viewer/page.ts";

const canvas = document.createElement("canvas");
Object.assign(canvas, canvasSize);
const place = document.createElement("div");
Object.assign(place.style, { width: `${canvasSize.width}px`, height: `${canvasSize.height}px` });
place.append(canvas);
document.body.append(place);

const viewer = new Niivue({
	backColor: [0, 0, 0, 1],
	show3Dcrosshair: false,
	isOrientCube: false,
	loadingText: "",
});
const attached = viewer.attachToCanvas(canvas);

window.benchViewer = {
	async open({ url, window: [start, end] }) {
		if (!url) throw new Error("NiiVue opens addresses only.");
		await attached;
		await viewer.loadVolumes([{ url, cal_min: start, cal_max: end, colormap: "gray" }]);
		viewer.setSliceType(viewer.sliceTypeRender);
	},
	go() {
		throw new Error("Only what is turned by the mouse is measured of NiiVue.");
	},
	canvas: () => canvas,
};
