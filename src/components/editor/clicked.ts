/** Where in the static code the reader clicked, so that the editor's caret is there. */

/** An offset in `source`; 0 where nothing in `host` was clicked. */
export function clickedOffset(host: HTMLElement, source: string): number {
	const selection = getSelection();
	const node = selection?.anchorNode;
	if (!node || !selection.isCollapsed || !host.contains(node)) return 0;
	const lines = [...host.querySelectorAll<HTMLElement>(".ec-line")];
	const at = lines.findIndex((line) => line.contains(node));
	if (at < 0) return 0;
	const range = document.createRange();
	range.selectNodeContents(lines[at]);
	range.setEnd(node, selection.anchorOffset);
	const texts = source.split("\n");
	const start = texts.slice(0, at).reduce((sum, text) => sum + text.length + 1, 0);
	return Math.min(start + Math.min(range.toString().length, texts[at]?.length ?? 0), source.length);
}
