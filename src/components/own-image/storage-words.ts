/** Advice and plan in words and numbers. */
import { formatBytes, formatCount } from "../../lib/format.ts";
import type { Advice } from "../../lib/plan/conversion-advice.ts";
import {
	type ImageToStore,
	planConversion,
	type StorageChoice,
	storedItemBytes,
} from "../../lib/plan/conversion-plan.ts";
import { product } from "../../lib/types.ts";
import { element } from "../cell/displays/element.ts";
import { typeset } from "../figures/html.ts";
import { part } from "../figures/live.ts";
import type { Calls } from "./messages.ts";
import { readings } from "./readings.ts";

const titles = {
	chunks: "Chunks",
	levels: "Levels",
	shards: "Shards",
	codec: "Codec",
	format: "Version",
} as const;

export function showAdvice(
	form: HTMLElement,
	{ choice: advised, reasons }: Advice,
	chosen: StorageChoice,
	own: boolean,
) {
	const differs = {
		chunks: own && advised.chunks.join() !== chosen.chunks.join(),
		levels: own && JSON.stringify(advised.factors) !== JSON.stringify(chosen.factors),
		shards: own && (advised.shards === undefined) !== (chosen.shards === undefined),
		codec: own && advised.codec !== chosen.codec,
		format: false,
	};
	part(form, "[data-part=reasons]").replaceChildren(
		...reasons.map(({ about, text }) => {
			const words = differs[about] ? `You chose otherwise. The advice: ${text}` : text;
			return element("div", {}, element("dt", {}, titles[about]), element("dd", {}, typeset(words)));
		}),
	);
}

/** Sizes of a chunk by codec, where they were measured, behind the codecs' names. */
export function showCodecs(form: HTMLElement, measured: Calls["measure"]["output"] | undefined): void {
	for (const option of part<HTMLSelectElement>(form, "select[name=codec]").options) {
		option.dataset.label ??= option.text;
		const bytes = measured?.stored[option.value as StorageChoice["codec"]];
		option.text =
			bytes === undefined || !measured
				? option.dataset.label
				: `${option.dataset.label} (${((bytes / measured.memory) * 100).toFixed(0)} %)`;
	}
}

export function showPlan(
	form: HTMLElement,
	image: ImageToStore,
	choice: StorageChoice,
	measured?: Calls["measure"]["output"],
): void {
	const plan = planConversion(image, choice);
	const shape = choice.shards ? ` of ${choice.shards.join(" × ")}` : "";
	part(form, "[data-part=shard-shape]").textContent = shape;
	const right = (text: string) => element("td", { class: "cw-fig-right" }, typeset(text));
	part(form, "[data-part=costs]").replaceChildren(
		...plan.readings.map(({ label, extent, cost, requests }) =>
			element(
				"tr",
				{},
				element("th", { scope: "row" }, `${label} (${extent})`),
				right(formatCount(cost.touched)),
				right(formatCount(requests)),
				right(formatBytes(cost.bytesNeeded)),
				right(formatBytes(cost.bytesRead)),
				right(
					cost.amplification < 10
						? cost.amplification.toFixed(1)
						: formatCount(Math.round(cost.amplification)),
				),
			),
		),
	);
	const ratio = measured?.stored[choice.codec];
	const stored = ratio && measured ? (plan.bytes * ratio) / measured.memory : undefined;
	readings(part(form, "[data-part=totals]"), [
		["One chunk", `${formatBytes(product(plan.levels[0].grid.chunks) * storedItemBytes(image))} in memory`],
		["Levels", plan.levels.map(({ grid }) => grid.shape.join(" × ")).join(", ")],
		["Files", formatCount(plan.files)],
		["All levels in memory", formatBytes(plan.bytes)],
		[
			"Stored, by one chunk from the middle",
			stored === undefined ? "" : `about ${formatBytes(Math.round(stored))}`,
		],
	]);
}
