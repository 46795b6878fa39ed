/** Text of any length: its beginning at once, the rest when asked for, in parts that are drawn as they come into view. */
import type { TextDisplay } from "../../../lib/display.ts";
import { formatCount } from "../../../lib/format.ts";
import { element } from "./element.ts";

/** Of longer text, only these many lines and characters stand there at first. */
const firstLines = 200;
const firstCharacters = 40_000;
/** A line is broken after this many characters, or a browser would spend seconds on setting it. */
const longestLine = 4000;
const linesInPart = 200;

export function renderText({ text }: TextDisplay): HTMLElement {
	const shown = element("pre", { class: "cw-text", tabindex: "0" });
	const start = beginning(text);
	if (start.length === text.length && !hasLongLine(text)) {
		shown.textContent = text;
		return shown;
	}
	shown.append(...parts(start));
	const box = element("div", { class: "cw-long-text" }, shown);
	if (start.length < text.length) {
		const lines = countLines(text);
		const what =
			lines > firstLines ? `${formatCount(lines)} lines` : `${formatCount(text.length)} characters`;
		const more = element("button", { type: "button", class: "cw-small-button" }, `Show all ${what}`);
		more.addEventListener("click", () => {
			shown.replaceChildren(...parts(text));
			more.remove();
			shown.focus();
		});
		box.append(more);
	}
	return box;
}

function beginning(text: string): string {
	let end = 0;
	for (let line = 0; line < firstLines; line++) {
		const next = text.indexOf("\n", end);
		if (next < 0) {
			end = text.length;
			break;
		}
		end = next + 1;
	}
	return text.slice(0, Math.min(end, firstCharacters));
}

function countLines(text: string): number {
	let lines = 1;
	for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
	return lines;
}

function hasLongLine(text: string): boolean {
	return text.length > longestLine && text.split("\n").some((line) => line.length > longestLine);
}

/** Runs of lines; each is laid out only when it comes near the screen. */
function parts(text: string): HTMLElement[] {
	const lines = text.split("\n").flatMap(broken);
	const made: HTMLElement[] = [];
	for (let from = 0; from < lines.length; from += linesInPart) {
		const some = lines.slice(from, from + linesInPart);
		const part = element("span", { class: "cw-text-part" }, `${some.join("\n")}\n`);
		part.style.setProperty("--cw-lines", String(some.length));
		made.push(part);
	}
	return made;
}

function broken(line: string): string[] {
	if (line.length <= longestLine) return [line];
	return Array.from({ length: Math.ceil(line.length / longestLine) }, (_, i) =>
		line.slice(i * longestLine, (i + 1) * longestLine),
	);
}
