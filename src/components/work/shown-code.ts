/** A cell's code as text, where the page would otherwise show the author's: saved, taken or shared code. */
import "./shown-code.css";
import { markRecorded } from "../cell/recorded-marks.ts";
import { codeTokens } from "./code-tokens.ts";

/** Code as a quietly highlighted block. Text is text: nothing of it is parsed as HTML. */
export function codeBlock(source: string): HTMLPreElement {
	const block = document.createElement("pre");
	block.className = "cw-shown-code";
	const code = block.appendChild(document.createElement("code"));
	for (const { kind, text } of codeTokens(source)) {
		if (kind === "plain") {
			code.append(text);
			continue;
		}
		const span = document.createElement("span");
		span.className = `cw-token-${kind}`;
		span.textContent = text;
		code.append(span);
	}
	return block;
}

/** Shows `source` in a cell whose editor is not open; the author's own highlighted code where it is that. */
export function showCode(cell: HTMLElement, source: string, author: string): void {
	cell.classList.toggle("cw-cell-edited", source !== author);
	markRecorded();
	const host = cell.querySelector<HTMLElement>("[data-part=code]");
	if (!host || host.querySelector(".cw-editor")) return;
	host.querySelector(":scope > .cw-shown-code")?.remove();
	for (const child of host.children) (child as HTMLElement).hidden = source !== author;
	if (source !== author) host.append(codeBlock(source));
}
