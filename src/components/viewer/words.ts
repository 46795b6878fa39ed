/** What a viewer shows, said in words and numbers. */
import { formatBytes, formatCount } from "../../lib/format.ts";
import { counted, formatShare } from "../../lib/plan/figure.ts";
import { itemSize, product } from "../../lib/types.ts";
import { levelBytes, levelChunks, type ViewedImage } from "../../lib/viewer/image.ts";
import type { ChunkLoader } from "../../lib/viewer/loader.ts";
import type { ViewPlan } from "../../lib/viewer/plan.ts";

/** How many of the chunks that a view needs are there. */
export function arrived(plan: ViewPlan, loader: ChunkLoader): number {
	return plan.needed.filter(({ id }) => {
		const state = loader.state(id);
		return state === "cached" || state === "absent";
	}).length;
}

/** The costs, by the names of their places. */
export function costTexts(plan: ViewPlan, loader: ChunkLoader, opening: { requests: number; bytes: number }) {
	const { requests, bytes, cancelled } = loader.cost;
	const there = arrived(plan, loader);
	const all = requests + opening.requests;
	return {
		needed: `${counted(plan.neededChunks, "chunk")}, ${formatBytes(plan.neededBytes)} in memory; ${there === plan.neededChunks ? "all" : formatCount(there)} there`,
		fetched: `${formatBytes(bytes + opening.bytes)} in ${counted(all, "request")}${cancelled > 0 ? `, ${formatCount(cancelled)} given up` : ""}`,
		whole: `${counted(plan.wholeChunks, "chunk")}, ${formatBytes(plan.wholeBytes)} in memory: this view needs ${share(plan.neededBytes, plan.wholeBytes)}`,
		kept: formatBytes(loader.bytesKept),
	};
}

/** "12 % of it", and of very little "1 part in 15 000". */
function share(part: number, whole: number): string {
	if (part === 0 || part > whole / 1000) return `${formatShare(part, whole)} of it`;
	return `1 part in ${formatCount(Number((whole / part).toPrecision(2)))}`;
}

/** One sentence that says what is seen. */
export function statusText(image: ViewedImage, plan: ViewPlan, loader: ChunkLoader): string {
	const there = arrived(plan, loader);
	const missing =
		plan.neededChunks === 0
			? "The plane does not meet the image."
			: there === plan.neededChunks
				? "All of it is there."
				: `${formatCount(there)} of its ${counted(plan.neededChunks, "chunk")} are there.`;
	const failed = plan.needed.filter(({ id }) => loader.state(id) === "failed").length;
	return `“${image.name}”, ${image.format}: scale level ${plan.level} of ${image.levels.length}. ${missing}${failed > 0 ? ` ${counted(failed, "chunk")} could not be read.` : ""}`;
}

/** The rows of the table of scale levels. */
export function levelRows(image: ViewedImage): string[][] {
	const spatial = image.axes.map(({ role }) => role === "space");
	return image.levels.map((level, i) => {
		const steps = level.scale.filter((_, axis) => spatial[axis]).map((step) => Number(step.toPrecision(4)));
		const unit = image.axes.find(({ role, unit }) => role === "space" && unit)?.unit ?? "";
		return [
			String(i),
			level.shape.join(" × "),
			level.chunks.join(" × ") + (level.shards ? ` in shards of ${level.shards.join(" × ")}` : ""),
			formatCount(levelChunks(level)),
			formatBytes(levelBytes(image, level)),
			steps.length > 0 ? `${steps.join(" × ")}${unit ? ` ${shortUnit(unit)}` : ""}` : "",
		];
	});
}

/** Bytes of one chunk of a level in memory. */
export function chunkText(image: ViewedImage, level: number): string {
	return formatBytes(product(image.levels[level].chunks) * itemSize(image.dtype));
}

const symbols: Readonly<Record<string, string>> = {
	micrometer: "µm",
	nanometer: "nm",
	millimeter: "mm",
	angstrom: "Å",
	centimeter: "cm",
	meter: "m",
	second: "s",
	millisecond: "ms",
	minute: "min",
};

/** "µm" for "micrometer". */
export function shortUnit(unit: string): string {
	return symbols[unit] ?? unit;
}

/** A position as few figures as tell it at this zoom. */
export function positionText(value: number, step: number, unit = ""): string {
	const digits = Math.max(0, Math.min(6, Math.ceil(-Math.log10(Math.abs(step) || 1)) + 1));
	return `${value.toFixed(Number.isInteger(step) ? 0 : digits)}${unit ? `\u00a0${shortUnit(unit)}` : ""}`;
}
