/** Our viewer on a page of its own: the class that the course's figure uses, without the figure's forms. */
import "../../src/styles/tokens.css";
import "../../src/components/figures/figures.css";
import "../../src/components/viewer/viewer.css";
import { viewerHtml } from "../../src/components/viewer/static.ts";
import { Viewer } from "../../src/components/viewer/viewer.ts";
import { openInWorker } from "../../src/components/viewer/worker-source.ts";
import type { ViewedImage } from "../../src/lib/viewer/image.ts";
import { canvasSize, type Spot } from "./page.ts";

const host = document.createElement("div");
host.className = "cw-fig cw-viewer";
host.innerHTML = viewerHtml({ source: "measured", layout: "plane" }, "viewer");
document.body.append(host);
const stage = host.querySelector<HTMLElement>(".cw-viewer-stage") as HTMLElement;
Object.assign(stage.style, {
	...{ width: `${canvasSize.width}px`, height: `${canvasSize.height}px` },
	...{ aspectRatio: "auto", maxHeight: "none" },
});
const viewer = new Viewer(host);

/** Positions are of the centres of elements, spots are counted from the image's corner. */
function viewAt({ axes, levels: [{ scale, translation }] }: ViewedImage, { x, y, z, zoom }: Spot) {
	const index: Record<string, number> = { x: x - 0.5, y: y - 0.5, z };
	return {
		at: axes.map(({ name }, axis) => translation[axis] + (index[name] ?? 0) * scale[axis]),
		zoom: zoom / scale[axes.length - 1],
	};
}

window.benchViewer = {
	async open({ url, spot, window: [start, end], volume }) {
		const source = await openInWorker(url ? { kind: "url", url } : { kind: "computed" });
		const { at, zoom } = viewAt(source.image, spot);
		viewer.show(source, {
			view: `at=${at.join(",")}&zoom=${zoom}&level=auto&show=${volume ? "volume" : "plane"}&plane=xy&c=0:${start}:${end}:ffffff`,
		});
	},
	go(spot) {
		const { state } = viewer;
		state?.go(viewAt(state.image, spot));
		// A change of its form has the viewer draw anew.
		host.querySelector("form.cw-viewer-controls")?.dispatchEvent(new Event("change"));
	},
	canvas: () =>
		host.querySelector(".cw-viewer-volume:not([hidden]) canvas") ?? host.querySelector(".cw-viewer-picture"),
	cost() {
		const { plan, loader, source } = viewer.state as NonNullable<typeof viewer.state>;
		return {
			...{ level: plan.level, needed: plan.neededChunks, kept: loader.bytesKept, busy: loader.busy },
			requests: loader.cost.requests + source.opening.requests,
			bytes: loader.cost.bytes + source.opening.bytes,
		};
	},
};
