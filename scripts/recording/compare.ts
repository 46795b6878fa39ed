/** Whether two outputs of a cell say the same, apart from what is different each time: times, rates, days. */
import type { Frozen } from "./freeze.ts";

const masks: [RegExp, string][] = [
	// 2026-11-23, 2026-11-23T08:00:00.000Z, 08:00:00
	[/\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?/g, "‹day›"],
	[/\b\d{1,2}:\d{2}:\d{2}(?:\.\d+)?\b/g, "‹time›"],
	// 8.31 MiB/s, 12 chunks/s
	[/\b[\d.,]+[\s\u00a0\u202f]?(?:[\p{L}µ]+)\/s\b/gu, "‹rate›"],
	// 12 ms, 0.4 s, 3 min
	[/\b[\d.,]+[\s\u00a0\u202f]?(?:ns|µs|ms|s|min|seconds?|minutes?)\b/g, "‹duration›"],
];

/** Recorded markup without what is different each time. */
export function steady(html: string): string {
	return masks.reduce((text, [pattern, mark]) => text.replace(pattern, mark), html);
}

/** Which displays there are, without what they say: all that stays the same of an output that varies. */
export function skeleton(html: string): string {
	return [...html.matchAll(/<(?:div|pre|p|figure|table|svg|img|template)(?: class="([^"]*)")?/g)]
		.map(([tag]) => tag.replace(/ class="([^" ]*)[^"]*"/, ".$1").slice(1))
		.filter((name, i, all) => name !== all[i - 1])
		.join(" ");
}

/** Where two texts part, in a few words of each; undefined where they are one. */
export function firstDifference(a: string, b: string): string | undefined {
	if (a === b) return undefined;
	let at = 0;
	while (a[at] === b[at]) at++;
	const part = (text: string) => `…${text.slice(Math.max(0, at - 40), at + 60)}…`;
	return `recorded ${part(a)}\n     now ${part(b)}`;
}

/** Pictures that differ by less, on average over all pixels of 0 to 255, are one: encoders and screens round. */
const pictureTolerance = 4;

/**
 * What a cell shows now that it did not show when it was recorded, in words; undefined where nothing is.
 * `pictures` gives how much two pictures differ, by the name of the recorded one.
 */
export async function whatDiffers(
	recorded: { html: string; varies?: true },
	now: Frozen,
	pictures: (name: string, address: string) => Promise<number>,
): Promise<string | undefined> {
	if (recorded.varies) return firstDifference(skeleton(recorded.html), skeleton(now.html));
	const inText = firstDifference(steady(recorded.html), steady(now.html));
	if (inText) return inText;
	for (const [name, address] of Object.entries(now.pictures)) {
		const by = await pictures(name, address);
		if (by > pictureTolerance) return `the picture ${name} differs by ${by.toFixed(1)} of 255`;
	}
	return undefined;
}
