/** Which of the course's images cells ask the samples for. */

import type { MarkdownNode } from "./markdown.ts";

/** The sample that readers may put an image of their own in place of, or the public image; false where there is none. */
export type SampleKind = "hl60" | "public" | false;

/** A page with the tool that takes the reader's image has no second place for one. */
export function takesImages(root: MarkdownNode): boolean {
	return (root.children ?? []).some(({ name }) => name === "OwnImage");
}

export function sampleKind(cells: readonly { source: string }[]): SampleKind {
	const source = cells.map((cell) => cell.source).join("\n");
	if (!/\bsamples\b/.test(source)) return false;
	return /\bsamples\.publicImage\b/.test(source) && !/\bsamples\.hl60\b/.test(source) ? "public" : "hl60";
}
