/** The metadata explorer alive: line by line, edited, broken on purpose, drawn anew as it changes. */
import { readJson, writeJson } from "../../../lib/plan/json-places.ts";
import {
	exploreNgff,
	metadataText,
	type NgffExploration,
	type NgffExplorerProps,
	shapesOf,
} from "../../../lib/plan/ngff-explorer.ts";
import { explorerTwin } from "../../../lib/plan/ngff-explorer-text.ts";
import { mistakes } from "../../../lib/plan/ngff-mistakes.ts";
import { figureId, updateTwin } from "../html.ts";
import { debounced, part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { type Look, levelsHtml } from "./pictures.ts";
import {
	drawingsHtml,
	editionsHtml,
	findingListHtml,
	firstLine,
	linesHtml,
	lookFor,
	meaningHtml,
	ngffExplorerHtml,
	verdictHtml,
} from "./static.ts";
import "../../cell/buttons.css";
import "./ngff-explorer.css";

/** Milliseconds after the last key before a text that is edited is looked at. */
const pause = 200;

export function mount(host: HTMLElement, props: NgffExplorerProps): MountedFigure {
	if (!host.querySelector(".cw-fig-body")) host.innerHTML = ngffExplorerHtml(props, figureId());
	const id = part(host, ".cw-ngff-verdict").id.replace(/-verdict$/, "");
	const list = part<HTMLElement>(host, ".cw-ngff-lines");
	const editing = part<HTMLElement>(host, ".cw-ngff-editing");
	const area = part<HTMLTextAreaElement>(host, "textarea");
	const found = part<HTMLElement>(host, ".cw-ngff-found");
	const meaning = part<HTMLElement>(host, ".cw-ngff-meaning");
	const drawings = part<HTMLElement>(host, ".cw-ngff-drawings");
	const edit = part<HTMLInputElement>(host, "input[name=edit]");
	const mistake = part<HTMLSelectElement>(host, "select[name=mistake]");
	const reset = part<HTMLButtonElement>(host, "[data-act=reset]");
	const versions = part<HTMLDetailsElement>(host, ".cw-ngff-versions");
	const events = new AbortController();
	const shapes = shapesOf(props);
	const first = metadataText(props);

	/** What mistakes are made in: the text at first, or as the reader edited it. */
	let base = first;
	let seen: NgffExploration = exploreNgff(first, { strict: props.strict, shapes });
	let look: Look = lookFor(seen);
	let chosen = firstLine(seen);
	let compared = first;

	const say = debounced((now: NgffExploration) => updateTwin(host, explorerTwin(now)));
	const lookAgain = debounced(() => {
		base = area.value;
		mistake.value = "";
		show(area.value);
		followCaret();
	}, pause);

	/** Another text: everything that depends on it is made anew. */
	function show(text: string): void {
		seen = exploreNgff(text, { strict: props.strict, shapes });
		look = lookFor(seen, look);
		chosen = Math.min(chosen, seen.lines.length - 1);
		if (area.value !== text) area.value = text;
		reset.disabled = text === first;
		part(host, ".cw-ngff-verdict").innerHTML = verdictHtml(seen);
		drawings.innerHTML = drawingsHtml(seen, look, id);
		if (edit.checked) found.innerHTML = findingListHtml(seen);
		else list.innerHTML = linesHtml(seen, chosen);
		tell(chosen);
		compare();
		say(seen);
	}

	/** The versions are made when somebody looks, and kept while the text cannot be read. */
	function compare(): void {
		if (!versions.open || compared === seen.text || seen.problem) return;
		compared = seen.text;
		part(host, ".cw-ngff-editions").innerHTML = editionsHtml(readJson(seen.text).value, shapes);
	}

	/** Explains a line, and lights what it draws. */
	function tell(line: number): void {
		const markup = meaningHtml(seen, line);
		if (meaning.innerHTML !== markup) meaning.innerHTML = markup;
		const at = seen.lines[line]?.pointer;
		for (const drawn of drawings.querySelectorAll<HTMLElement>("[data-pointer]")) {
			drawn.toggleAttribute("data-lit", at !== undefined && belong(drawn.dataset.pointer ?? "", at));
		}
	}

	function choose(line: number, focus = false): void {
		if (!seen.lines[line]) return;
		const lines = list.querySelectorAll<HTMLElement>("button.cw-ngff-line");
		for (const button of lines) {
			const own = Number(button.dataset.line) === line;
			button.tabIndex = own ? 0 : -1;
			button.toggleAttribute("aria-current", own);
			if (!own) continue;
			button.setAttribute("aria-current", "true");
			if (focus) button.focus();
			reveal(button);
		}
		chosen = line;
		tell(line);
	}

	/** Scrolls the text alone, never the page; offsets are from the list, which is positioned. */
	function reveal(button: HTMLElement): void {
		const top = button.offsetTop;
		const bottom = top + button.offsetHeight;
		if (top < list.scrollTop) list.scrollTop = top - 20;
		else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight + 20;
	}

	/** Goes to a line, wherever the text is shown. */
	function goTo(pointer: string): void {
		const place = seen.places.get(pointer);
		if (!place) return;
		if (edit.checked) select(place.from, place.to);
		else choose(place.line);
	}

	function select(from: number, to: number): void {
		area.focus();
		area.setSelectionRange(from, to);
		followCaret();
		// Browsers do not all scroll to a selection.
		const lines = area.value.split("\n").length;
		area.scrollTop = (chosen / lines) * area.scrollHeight - area.clientHeight / 2;
	}

	function followCaret(): void {
		const line = area.value.slice(0, area.selectionStart).split("\n").length - 1;
		if (area.value !== seen.text) return;
		chosen = line;
		tell(line);
	}

	function toggleEditing(): void {
		list.hidden = edit.checked;
		editing.hidden = !edit.checked;
		if (edit.checked) {
			area.value = seen.text;
			area.rows = Math.min(30, Math.max(8, seen.lines.length));
			found.innerHTML = findingListHtml(seen);
		} else {
			lookAgain.cancel();
			if (area.value !== seen.text) {
				base = area.value;
				show(area.value);
			}
			list.innerHTML = linesHtml(seen, chosen);
			choose(seen.lines[chosen]?.pointer === undefined ? firstLine(seen) : chosen);
		}
	}

	function makeMistake(): void {
		const wanted = mistakes.find(({ name }) => name === mistake.value);
		if (!wanted) return show(base);
		let value: unknown;
		try {
			({ value } = readJson(base));
		} catch {
			// A text that cannot be read is broken enough: the mistake is made in the first one.
			value = readJson(first).value;
		}
		if (typeof value !== "object" || value === null || Array.isArray(value)) value = readJson(first).value;
		show(writeJson(wanted.make(value as Record<string, unknown>)));
		const made = seen.validation?.findings.find(({ rule }) => rule === wanted.rule);
		if (!made) return;
		if (edit.checked) select(made.from, made.to);
		else choose(made.line);
	}

	const on = <E extends Event>(target: EventTarget, type: string, listener: (event: E) => void) =>
		target.addEventListener(type, listener as (event: Event) => void, { signal: events.signal });
	const lineOf = (event: Event) => {
		const button = (event.target as Element).closest<HTMLElement>("button.cw-ngff-line");
		return button ? Number(button.dataset.line) : undefined;
	};

	on(part(host, ".cw-ngff-tools"), "submit", (event) => event.preventDefault());
	on(edit, "change", () => {
		toggleEditing();
		const { from = 0 } = seen.places.get(seen.lines[chosen]?.pointer ?? "") ?? {};
		if (edit.checked) select(from, from);
	});
	on(mistake, "change", makeMistake);
	on(reset, "click", () => {
		base = first;
		mistake.value = "";
		show(first);
		(edit.checked ? area : mistake).focus();
	});
	on(area, "input", () => lookAgain(undefined));
	for (const type of ["keyup", "click"]) on(area, type, followCaret);
	on(found, "click", ({ target }) => {
		const { from, to, go } = (target as HTMLElement).closest("button")?.dataset ?? {};
		if (from !== undefined) return select(Number(from), Number(to));
		if (go === undefined) return;
		const start = area.value.split("\n").slice(0, Number(go)).join("\n").length;
		select(start + (Number(go) > 0 ? 1 : 0), start + (Number(go) > 0 ? 1 : 0));
	});
	on(list, "click", (event) => {
		const line = lineOf(event);
		if (line !== undefined) choose(line);
	});
	on(list, "focusin", (event) => {
		const line = lineOf(event);
		if (line === undefined) return;
		// The pointer may lie on another line.
		if (line === chosen) tell(line);
		else choose(line);
	});
	on(list, "keydown", (event: KeyboardEvent) => {
		const line = lineOf(event);
		if (line === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
		const next = neighbour(seen, line, event.key);
		if (next === undefined) return;
		event.preventDefault();
		choose(next, true);
	});
	on(list, "pointermove", (event: PointerEvent) => {
		const line = lineOf(event);
		// Text that scrolls below a pointer at rest is not pointed at.
		const moved = event.movementX !== 0 || event.movementY !== 0;
		if (line !== undefined && moved && event.pointerType === "mouse") tell(line);
	});
	on(list, "pointerleave", () => tell(chosen));
	on(drawings, "click", ({ target }) => {
		const pointer = (target as Element).closest<HTMLElement>("[data-pointer]")?.dataset.pointer;
		if (pointer !== undefined) goTo(pointer);
	});
	on(drawings, "input", ({ target }) => {
		const { name, value } = target as HTMLInputElement;
		look = lookFor(
			seen,
			name.endsWith("-what") ? { ...look, what: value as Look["what"] } : { ...look, down: Number(value) },
		);
		const old = drawings.querySelector("[data-part=levels] > :is(.cw-ngff-scale, .cw-ngff-none)");
		if (old && seen.image) old.outerHTML = levelsHtml(seen.image, look);
		tell(chosen);
	});
	on(versions, "toggle", compare);

	// What the reader chose before this was here counts; a page that was gone back to keeps its controls.
	if (mistake.value) makeMistake();
	if (edit.checked) toggleEditing();
	tell(chosen);
	host.dataset.ready = "";
	return {
		destroy() {
			events.abort();
			say.cancel();
			lookAgain.cancel();
			delete host.dataset.ready;
		},
	};
}

/** A line lights the part that it is in, and a list all of its parts. */
function belong(drawn: string, line: string): boolean {
	if (line === drawn || line.startsWith(`${drawn}/`)) return true;
	return /\/(?:axes|datasets|channels)$/.test(line) && drawn.startsWith(`${line}/`);
}

/** The next line with a value in the direction of a key. */
function neighbour(seen: NgffExploration, line: number, key: string): number | undefined {
	const values = seen.lines.flatMap(({ pointer }, i) => (pointer === undefined ? [] : [i]));
	const at = values.indexOf(line);
	const wanted = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: values.length - 1 }[key];
	return wanted === undefined ? undefined : values[wanted];
}
