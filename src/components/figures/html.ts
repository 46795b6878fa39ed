/** Markup of figures as text: the same functions serve the build and a figure displayed by a cell. */
import type { TextTwin } from "../../lib/plan/figure.ts";

/** Text for an element or a double-quoted attribute. */
export function escapeHtml(text: string): string {
	return text.replace(
		/[&<>"]/g,
		(c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] as string,
	);
}

/** JSON that may stand in a script element. */
export function scriptJson(value: unknown): string {
	return JSON.stringify(value).replace(/</g, "\\u003c");
}

/** A number and its unit kept on one line: `18.93 MiB`. */
export function typeset(text: string): string {
	return text.replace(/(\d) (?=(?:[KMGTP]iB|B|ms|s|min|%)(?![\w]))/g, "$1\u00a0");
}

let made = 0;

/** An id for the parts of one figure: figures of the build and of the running page never share one. */
export function figureId(): string {
	return `cw-fig-${typeof document === "undefined" ? "s" : "p"}${++made}`;
}

function rowsHtml(twin: TextTwin): string {
	return twin.rows
		.map((row) => {
			const cells = row.map((text, i) =>
				i === 0
					? `<th scope="row">${escapeHtml(text)}</th>`
					: `<td${alignment(twin, i)}>${escapeHtml(typeset(text))}</td>`,
			);
			return `<tr>${cells.join("")}</tr>`;
		})
		.join("");
}

function alignment(twin: TextTwin, i: number): string {
	return twin.columns[i].align === "right" ? ' class="cw-fig-right"' : "";
}

/** Puts what is chosen now into a twin that is on the page. */
export function updateTwin(host: Element, twin: TextTwin): void {
	const status = host.querySelector(".cw-fig-status");
	const text = typeset(twin.status);
	if (status && status.textContent !== text) status.textContent = text;
	const summary = host.querySelector(".cw-fig-summary");
	if (summary && summary.textContent !== typeset(twin.summary)) summary.textContent = typeset(twin.summary);
	const head = host.querySelector(".cw-fig-twin thead");
	if (head && head.querySelectorAll("th").length !== twin.columns.length) head.innerHTML = headHtml(twin);
	const body = host.querySelector(".cw-fig-twin tbody");
	if (body) body.innerHTML = rowsHtml(twin);
}

function headHtml(twin: TextTwin): string {
	const names = twin.columns.map(
		({ name }, i) => `<th scope="col"${alignment(twin, i)}>${escapeHtml(name)}</th>`,
	);
	return `<tr>${names.join("")}</tr>`;
}

/** The figure in words: sentences, of which one follows the reader, and a table to open. */
export function twinHtml(twin: TextTwin, id: string): string {
	return `<figcaption class="cw-fig-twin">
<p class="cw-fig-status" aria-live="polite">${escapeHtml(typeset(twin.status))}</p>
<p class="cw-fig-summary" id="${id}-summary">${escapeHtml(typeset(twin.summary))}</p>
<details><summary>The same as a table</summary><div class="cw-fig-scroll" tabindex="0" role="region" aria-label="${escapeHtml(twin.caption)}">
<table><caption>${escapeHtml(twin.caption)}</caption><thead>${headHtml(twin)}</thead><tbody>${rowsHtml(twin)}</tbody></table>
</div></details></figcaption>`;
}

/** A group of radio buttons that look like one control. */
export function segmentsHtml(
	name: string,
	legend: string,
	options: readonly { value: string; label: string; title?: string }[],
	chosen: string,
): string {
	const buttons = options.map(
		({ value, label, title }) =>
			`<label class="cw-fig-segment"${title ? ` title="${escapeHtml(title)}"` : ""}><input type="radio" name="${name}" value="${escapeHtml(value)}"${value === chosen ? " checked" : ""}><span>${escapeHtml(label)}</span></label>`,
	);
	return `<fieldset class="cw-fig-segments"><legend>${escapeHtml(legend)}</legend><div>${buttons.join("")}</div></fieldset>`;
}
