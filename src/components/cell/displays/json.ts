import type { JsonDisplay } from "../../../lib/display.ts";
import { formatCount } from "../../../lib/format.ts";
import { element } from "./element.ts";

/** A tree of up to this many lines starts unfolded; of a larger one, only what has few entries near the top. */
const unfoldUpTo = 120;
const openEntries = 24;
const openDepth = 2;
/** Of a longer text the beginning stands there. */
const longestText = 2000;

/** A foldable tree of JSON. */
export function renderJson({ value, caption }: JsonDisplay): HTMLElement {
	const box = element("div", { class: "cw-json" });
	if (caption) box.append(element("p", { class: "cw-json-caption" }, caption));
	const isSmall = lines(value) <= unfoldUpTo;
	box.append(entry(undefined, value, 0, isSmall));
	box.tabIndex = 0;
	box.setAttribute("role", "group");
	box.setAttribute("aria-label", caption ?? "Tree of values");
	return box;
}

/** Values by name, as a part of a summary: what is deeper than two steps is folded, unless all of it is short. */
export function renderTree(values: Readonly<Record<string, unknown>>, name: string): HTMLElement {
	const box = element("div", { class: "cw-json", tabindex: "0", role: "group", "aria-label": name });
	const isShort = lines(values) <= openEntries;
	for (const [key, value] of Object.entries(values)) box.append(entry(key, value, 1, isShort));
	return box;
}

/** How many lines the tree takes when all is unfolded. */
function lines(value: unknown): number {
	if (!isBranch(value)) return 1;
	return entriesOf(value).reduce((sum, [, item]) => sum + lines(item), 1);
}

function entry(
	key: string | number | undefined,
	value: unknown,
	depth: number,
	unfold: boolean,
): HTMLElement {
	const name =
		key === undefined
			? []
			: [
					element("span", { class: typeof key === "number" ? "cw-json-index" : "cw-json-key" }, String(key)),
					": ",
				];
	if (!isBranch(value)) return element("div", { class: "cw-json-leaf" }, ...name, leaf(value));
	const entries = entriesOf(value);
	const named = isNamed(value) ? value.$note : undefined;
	const brackets = Array.isArray(value) ? "[]" : "{}";
	if (entries.length === 0) return element("div", { class: "cw-json-leaf" }, ...name, named ?? brackets);
	// Short lists of numbers and words read best on one line.
	if (Array.isArray(value) && value.every((item) => !isBranch(item)) && JSON.stringify(value).length <= 60) {
		const line = element("div", { class: "cw-json-leaf" }, ...name, "[");
		value.forEach((item, i) => {
			line.append(...(i > 0 ? [", "] : []), leaf(item));
		});
		line.append("]");
		return line;
	}
	const isOpen = unfold || (depth < openDepth && entries.length <= openEntries);
	const details = element("details", isOpen ? { open: "" } : {});
	const size = named ?? `${brackets[0]}${countOf(entries)}${brackets[1]}`;
	details.append(element("summary", {}, ...name, element("span", { class: "cw-count" }, size)));
	let filled = false;
	const fill = () => {
		if (filled) return;
		filled = true;
		for (const [k, item] of entries) details.append(entry(k, item, depth + 1, unfold));
	};
	if (isOpen) fill();
	else details.addEventListener("toggle", fill, { once: true });
	return details;
}

/** How many there are, also of a list whose end is left out: "921 more" stands for 921. */
function countOf(entries: [string | number, unknown][]): number {
	const last = entries[entries.length - 1][1];
	const more = typeof last === "object" && last !== null && isNote(last) && /^(\d+) more$/.exec(last.$note);
	return more ? entries.length - 1 + Number(more[1]) : entries.length;
}

function isBranch(value: unknown): value is Record<string, unknown> | unknown[] {
	return typeof value === "object" && value !== null && !isNote(value);
}

/** What comes with a name of its kind: a Map, a Set, an object of a class. */
function isNamed(value: object): value is { $note: string; $entries: [string | number, unknown][] } {
	return Array.isArray((value as { $entries?: unknown }).$entries) && "$note" in value;
}

function entriesOf(value: Record<string, unknown> | unknown[]): [string | number, unknown][] {
	if (Array.isArray(value)) return value.map((item, i) => [i, item]);
	return isNamed(value) ? value.$entries : Object.entries(value);
}

function isNote(value: object): value is { $note: string } {
	return typeof (value as { $note?: unknown }).$note === "string" && Object.keys(value).length === 1;
}

function leaf(value: unknown): HTMLElement {
	if (typeof value === "object" && value !== null && isNote(value))
		return element("span", { class: "cw-json-note" }, value.$note);
	const kind = value === null ? "null" : typeof value;
	if (typeof value === "string" && value.length > longestText) return cutText(value);
	return element("span", { class: `cw-json-${kind}` }, JSON.stringify(value));
}

/** The beginning of a long text, and a button for the rest of it. */
function cutText(value: string): HTMLElement {
	const text = element(
		"span",
		{ class: "cw-json-string" },
		JSON.stringify(value.slice(0, longestText)).slice(0, -1),
	);
	const more = element(
		"button",
		{ type: "button", class: "cw-small-button" },
		`… ${formatCount(value.length - longestText)} more characters`,
	);
	more.addEventListener("click", () => {
		text.textContent = JSON.stringify(value);
		more.remove();
	});
	return element("span", { class: "cw-json-long" }, text, more);
}
