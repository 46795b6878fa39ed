/** The chunk grid's picture as D3 keeps it: boxes by name, in the order in which they are painted. */
import { select } from "d3";
import type { Point3 } from "../axonometry.ts";
import { part } from "../live.ts";
import type { SceneState } from "./layout.ts";
import { chunkOutline, type SceneBox, sceneOf } from "./scene.ts";
import type { Solid } from "./solid.ts";
import { boxClass, fitted, labelStyle, viewBox } from "./static.ts";

export interface Picture {
	/** Draws an array as it is read now. */
	draw(solid: Solid, state: SceneState): void;
	/** Marks one chunk, or none. */
	mark(solid: Solid, state: SceneState, chunk: Point3 | undefined): void;
	/** The chunk whose box is at an event; undefined where there is none, or a box of many. */
	chunkAt(event: Event): Point3 | undefined;
}

type Item = { id: string; box?: SceneBox; path?: string };

/**
 * Takes over the static picture in `host`.
 * @param first the array that it was drawn of, whose picture decides how high the place on the page is
 */
export function pictureIn(host: HTMLElement, first: Solid): Picture {
	const hatch = part<SVGPatternElement>(host, "pattern").id;
	const svg = part<SVGSVGElement>(host, ".cw-fig-canvas > svg");
	const boxes = select(part<SVGGElement>(host, ".cw-fig-boxes"));
	const cursor = select(part<SVGPathElement>(host, ".cw-fig-cursor"));
	const labels = [...host.querySelectorAll<HTMLElement>(".cw-fig-label")];
	const { width, height } = viewBox(first);
	boxes.selectAll("*").remove();

	function drawBox(element: SVGElement, box: SceneBox): void {
		element.setAttribute("class", boxClass(box));
		const paths = [
			...(["side", "top", "front"] as const)
				.filter((name) => box.faces[name])
				.map((name) => ({ name: `cw-fig-face cw-fig-${name}`, d: box.faces[name], fill: null })),
			...(box.padding ? [{ name: "cw-fig-padding", d: box.padding, fill: `url(#${hatch})` }] : []),
			...(box.lines ? [{ name: "cw-fig-lines", d: box.lines, fill: null }] : []),
			...(box.shards ? [{ name: "cw-fig-shard", d: box.shards, fill: null }] : []),
		];
		select(element)
			.selectAll("path")
			.data(paths)
			.join("path")
			.attr("class", (p) => p.name)
			.attr("fill", (p) => p.fill)
			.attr("d", (p) => p.d);
	}

	return {
		draw(solid, state) {
			const scene = sceneOf(solid, state);
			const items: Item[] = scene.boxes.map((box) => ({ id: box.id, box }));
			if (scene.plane) items.splice(scene.plane.after, 0, { id: "plane", path: scene.plane.path });
			if (scene.selected) items.push({ id: "selected", path: scene.selected });
			boxes.classed("cw-fig-glass", scene.selected !== undefined);
			boxes
				.selectAll<SVGElement, Item>(":scope > *")
				.data(items, (item) => item?.id ?? "")
				.join((enter) =>
					enter.append((item) =>
						document.createElementNS("http://www.w3.org/2000/svg", item.box ? "g" : "path"),
					),
				)
				.order()
				.each(function (item) {
					if (item.box) return drawBox(this, item.box);
					this.setAttribute("class", "cw-fig-plane");
					this.setAttribute("d", item.path ?? "");
				});
			const frame = fitted(viewBox(solid), width / height);
			svg.setAttribute(
				"viewBox",
				[frame.x, frame.y, frame.width, frame.height].map((n) => n.toFixed(1)).join(" "),
			);
			for (const i of scene.labels.keys()) {
				labels[i]?.setAttribute("style", labelStyle(scene, solid, i, frame));
			}
		},
		mark(solid, state, chunk) {
			cursor.attr("d", chunk ? chunkOutline(solid, state, chunk) : "");
		},
		chunkAt(event) {
			const box = (event.target as Element).closest?.(".cw-fig-box");
			return box ? (select<Element, Item>(box).datum()?.box?.coords ?? undefined) : undefined;
		},
	};
}
