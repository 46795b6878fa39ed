/** The pyramid in words: its levels, what they cost, and where a voxel came from. */
import { formatBytes, formatCount } from "../format.ts";
import { formatPlace } from "./bin-diagram-text.ts";
import { counted, formatShare, type TextTwin } from "./figure.ts";
import { arrayBytes, chunkBytes, chunkCount } from "./grid.ts";
import {
	firstPick,
	type PickedVoxel,
	type PyramidPlan,
	type PyramidProps,
	pyramidPlan,
	type SourceBlock,
} from "./pyramid.ts";

/** Places along the axes: `z 4.5, y 7.5, x 6.5`, with units where they are known. */
export function formatPlaces(plan: PyramidPlan, values: readonly number[]): string {
	return plan.dims
		.map(
			(dim, axis) => `${dim} ${formatPlace(values[axis])}${plan.units[axis] ? ` ${plan.units[axis]}` : ""}`,
		)
		.join(", ");
}

/** A block along the axes: `z 65–72, y 108–115, x 177–184`, both ends included. */
export function formatBlock(plan: PyramidPlan, { region }: SourceBlock): string {
	return plan.dims
		.map((dim, axis) => {
			const [start, stop] = region[axis];
			return `${dim} ${start}${stop > start + 1 ? `–${stop - 1}` : ""}`;
		})
		.join(", ");
}

/** A picked voxel and its blocks in a sentence or two. */
export function describePick(plan: PyramidPlan, picked: PickedVoxel): string {
	const { level, index, position, chunk, blocks } = picked;
	const what =
		`Voxel (${index.join(", ")}) of scale${level}, at ${formatPlaces(plan, position)}, ` +
		`lies in chunk ${chunk.key}.`;
	if (blocks.length === 0) return `${what} It is a voxel of the image itself.`;
	const sources = blocks.map(
		(block) =>
			`${counted(block.elements, "element")} of scale${block.level} (${formatBlock(plan, block)}; ` +
			`${counted(block.chunks, "chunk")})`,
	);
	return `${what} It came from ${sources.join(", these from ")}.`;
}

/** The pyramid and a picked voxel. */
export function pyramidTwin(
	props: PyramidProps,
	plan: PyramidPlan = pyramidPlan(props),
	picked: PickedVoxel = firstPick(props, plan),
): TextTwin {
	const [image, ...coarser] = plan.levels;
	const own = arrayBytes(image.grid);
	const more = coarser.reduce((sum, { grid }) => sum + arrayBytes(grid), 0);
	const chunks = plan.levels.reduce((sum, { grid }) => sum + chunkCount(grid), 0);
	return {
		summary:
			`${counted(plan.levels.length, "level")} of an image of ${image.grid.shape.join(" × ")} elements ` +
			`(${plan.dims.join(", ")}), drawn at one scale. ` +
			(coarser.length === 0
				? ""
				: `The coarser ${coarser.length === 1 ? "one adds" : `${coarser.length} add`} ${formatBytes(more)} to ` +
					`${formatBytes(own)} in memory (${formatShare(more, own)}). `) +
			`All together are ${counted(chunks, "chunk")}.`,
		status: describePick(plan, picked),
		caption: `The levels, computed by the method ${plan.method}`,
		columns: [
			{ name: "Level" },
			{ name: `Shape (${plan.dims.join(", ")})`, align: "right" },
			{ name: "Factors", align: "right" },
			{ name: "In memory", align: "right" },
			{ name: "Chunks", align: "right" },
			{ name: "Chunk shape", align: "right" },
			{ name: "One chunk", align: "right" },
			{ name: "Spacing", align: "right" },
			{ name: "First voxel at", align: "right" },
		],
		rows: plan.levels.map(({ level, grid, absolute, scale, translation }) => [
			`scale${level}`,
			grid.shape.join(" × "),
			new Set(absolute).size === 1 ? `${absolute[0]}` : absolute.join(" × "),
			formatBytes(arrayBytes(grid)),
			formatCount(chunkCount(grid)),
			grid.chunks.join(" × "),
			formatBytes(chunkBytes(grid)),
			scale.map(formatPlace).join(", "),
			translation.map(formatPlace).join(", "),
		]),
	};
}
