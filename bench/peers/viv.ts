/** Viv on a page of its own: its loader and its multiscale layer in deck.gl, as its own viewers and vizarr use them. */
import { Deck, OrthographicView } from "@deck.gl/core";
import { ColorPaletteExtension, loadOmeZarr, MultiscaleImageLayer } from "@hms-dbmi/viv";
import { canvasSize, type OpenOptions, type Spot } from "../viewer/page.ts";

const place = document.createElement("div");
Object.assign(place.style, {
	...{ position: "relative", width: `${canvasSize.width}px`, height: `${canvasSize.height}px` },
	background: "#05070b",
});
document.body.append(place);

/** deck.gl's zoom is a power of two. */
const viewState = ({ x, y, zoom }: Spot) => ({ target: [x, y, 0], zoom: Math.log2(zoom), minZoom: -20 });

const deck = new Deck({
	parent: place,
	...canvasSize,
	views: new OrthographicView({ id: "plane", controller: true }),
	initialViewState: viewState({ x: 0, y: 0, z: 0, zoom: 1 }),
	layers: [],
});

let loader: unknown;
let contrast: OpenOptions["window"];
let plane: number;

function layer(z: number): unknown {
	plane = z;
	return new MultiscaleImageLayer({
		id: "image",
		loader,
		selections: [{ z }],
		contrastLimits: [[...contrast]],
		channelsVisible: [true],
		colors: [[255, 255, 255]],
		extensions: [new ColorPaletteExtension()],
	});
}

window.benchViewer = {
	async open({ url, spot, window: limits }) {
		if (!url) throw new Error("Viv opens addresses only.");
		loader = (await loadOmeZarr(url, { type: "multiscales" })).data;
		contrast = limits;
		deck.setProps({ initialViewState: viewState(spot), layers: [layer(spot.z)] });
	},
	go(spot) {
		const initialViewState = viewState(spot);
		deck.setProps(spot.z === plane ? { initialViewState } : { initialViewState, layers: [layer(spot.z)] });
	},
	canvas: () => place.querySelector("canvas"),
};
