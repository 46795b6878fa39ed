/** The metadata explorer as static markup: the text with findings in it, what it describes, and all five versions. */
import { counted } from "../../../lib/plan/figure.ts";
import { writeJson } from "../../../lib/plan/json-places.ts";
import {
	exploreNgff,
	metadataText,
	type NgffExploration,
	type NgffExplorerProps,
	type PlacedFinding,
	shapesOf,
} from "../../../lib/plan/ngff-explorer.ts";
import { explorerTwin } from "../../../lib/plan/ngff-explorer-text.ts";
import { mistakes } from "../../../lib/plan/ngff-mistakes.ts";
import { type NgffEdition, ngffEditions } from "../../../lib/plan/ngff-versions.ts";
import { diffLines } from "../../work/diff-lines.ts";
import { escapeHtml, segmentsHtml, twinHtml } from "../html.ts";
import { axesHtml, channelsHtml, downAxes, type Look, levelListHtml, levelsHtml } from "./pictures.ts";

/** A line of JSON with names, texts and numbers in their colours. */
function colored(line: string): string {
	return line
		.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b)/)
		.map((part, i) => {
			if (i % 2 === 0) return escapeHtml(part);
			const kind = part.endsWith(":") ? "name" : part.startsWith('"') ? "text" : "number";
			return `<span data-kind="${kind}">${escapeHtml(part)}</span>`;
		})
		.join("");
}

function findingHtml({ severity, message, remedy, rule, section }: PlacedFinding): string {
	return (
		`<p class="cw-ngff-finding" data-severity="${severity}"><b>${severity === "error" ? "Error" : "Warning"}</b> ` +
		`${escapeHtml(message)} ${escapeHtml(remedy)} ` +
		`<a href="${escapeHtml(section.url)}" rel="external">${escapeHtml(section.title)}</a> <code>${escapeHtml(rule)}</code></p>`
	);
}

/** The lines, each with what was found there below it; one of them can be reached by Tab, the others by arrow keys. */
export function linesHtml(seen: NgffExploration, chosen: number): string {
	return seen.lines
		.map(({ text, pointer }, i) => {
			const findings = (seen.validation?.findings ?? []).filter(({ line }) => line === i);
			const worst = findings.some(({ severity }) => severity === "error")
				? "error"
				: findings.length > 0
					? "warning"
					: "";
			const indent = text.length - text.trimStart().length;
			const inner = `<code style="--indent:${indent}">${colored(text) || " "}</code>`;
			const line =
				pointer === undefined
					? `<span class="cw-ngff-line">${inner}</span>`
					: `<button type="button" class="cw-ngff-line" data-line="${i}" data-pointer="${escapeHtml(pointer)}" tabindex="${i === chosen ? 0 : -1}"${i === chosen ? ' aria-current="true"' : ""}>${inner}</button>`;
			return `<li${worst ? ` data-worst="${worst}"` : ""}>${line}${findings.map(findingHtml).join("")}</li>`;
		})
		.join("");
}

/** While the text is edited the findings stand below it, each leading to its place. */
export function findingListHtml(seen: NgffExploration): string {
	const { problem, validation } = seen;
	if (problem) {
		return `<p class="cw-ngff-finding" data-severity="error"><b>Not read</b> ${escapeHtml(problem.message)} ${escapeHtml(problem.remedy)} <button type="button" class="cw-small-button" data-go="${problem.line}">Line ${problem.line + 1}</button></p>`;
	}
	return (validation?.findings ?? [])
		.map((finding) =>
			findingHtml(finding).replace(
				"</p>",
				` <button type="button" class="cw-small-button" data-from="${finding.from}" data-to="${finding.to}">Line ${finding.line + 1}</button></p>`,
			),
		)
		.join("");
}

/** Whether it is valid, in few words beside a mark. */
export function verdictHtml({ problem, validation }: NgffExploration): string {
	const findings = validation?.findings ?? [];
	const errors = findings.filter(({ severity }) => severity === "error").length;
	const warnings = findings.length - errors;
	const version = validation?.version ? `OME-NGFF ${validation.version}` : "OME-NGFF";
	const state = problem || errors > 0 ? "error" : warnings > 0 ? "warning" : "valid";
	const words = problem
		? "Not read"
		: findings.length === 0
			? `Valid by ${version}`
			: [
					errors > 0 ? counted(errors, "error") : "",
					warnings > 0 ? counted(warnings, "warning") : "",
					`by ${version}`,
				]
					.filter(Boolean)
					.join(", ");
	return `<span data-state="${state}">${escapeHtml(words)}</span>`;
}

/** What the chosen line means. */
export function meaningHtml(seen: NgffExploration, chosen: number): string {
	const { pointer } = seen.lines[chosen] ?? {};
	if (pointer === undefined) return "";
	const words = seen.meaning(pointer);
	return `<code>${escapeHtml(pointer || "the document")}</code><span>${escapeHtml(words)}</span>`;
}

/** The drawings at the side. */
export function drawingsHtml(seen: NgffExploration, look: Look, id: string): string {
	const { image } = seen;
	if (!image) {
		return `<p class="cw-ngff-none">${seen.problem ? "There is nothing to draw until the text is read." : "There is no image in this text."}</p>`;
	}
	const downs = downAxes(image);
	const across = image.axes.at(-1)?.name ?? "";
	const planes = downs.map((axis) => ({ value: String(axis), label: `${image.axes[axis].name}, ${across}` }));
	const whole = image.levels.some(({ shape }) => shape);
	const views = [
		{ value: "first", label: "first elements" },
		{ value: "whole", label: "whole image" },
	];
	const controls =
		(whole ? segmentsHtml(`${id}-what`, "Show", views, look.what) : "") +
		(planes.length > 1 ? segmentsHtml(`${id}-down`, "Across", planes, String(look.down)) : "");
	return (
		`<section data-part="axes"><p class="cw-ngff-head">Axes</p>${axesHtml(image.axes)}</section>` +
		`<section data-part="levels"><p class="cw-ngff-head">Scale levels, to scale</p>` +
		`<div class="cw-ngff-looks cw-fig-controls">${controls}</div>${levelsHtml(image, look)}${levelListHtml(image)}</section>` +
		`<section data-part="channels"><p class="cw-ngff-head">Channels: what is drawn from black to full colour</p>${channelsHtml(image.channels)}</section>`
	);
}

/** The look that an image allows. */
export function lookFor(seen: NgffExploration, wanted: Partial<Look> = {}): Look {
	const downs = seen.image ? downAxes(seen.image) : [];
	const down = downs.includes(wanted.down ?? -1) ? (wanted.down as number) : (downs.at(-1) ?? 0);
	const whole = wanted.what === "whole" && seen.image?.levels.some(({ shape }) => shape);
	return { what: whole ? "whole" : "first", down };
}

function editionHtml(edition: NgffEdition, before: string | undefined): { html: string; text?: string } {
	const { version, date, file, zarr, chunkKey, changed, lost, document, problem } = edition;
	const text = document ? writeJson(document, 44) : undefined;
	const code =
		text === undefined
			? `<p class="cw-ngff-none">${escapeHtml(problem ?? "")}</p>`
			: `<pre tabindex="0" aria-label="${file} of version ${version}"><code>${changedLines(text, before)}</code></pre>`;
	const html =
		`<section class="cw-ngff-edition" data-version="${version}"><p class="cw-ngff-head">${version} <span>${date}</span></p>` +
		`<p>${escapeHtml(changed)}</p>` +
		`<p class="cw-ngff-where"><code>${file}</code>, ${zarr}${chunkKey ? `, first chunk <code>${escapeHtml(chunkKey)}</code>` : ""}</p>` +
		`<p class="cw-ngff-lost">${lost.length > 0 ? `Cannot say: ${escapeHtml(lost.join("; "))}.` : "Says all that this image needs."}</p>${code}</section>`;
	return { html, ...(text === undefined ? {} : { text }) };
}

/** Lines that the version before does not have are marked. */
function changedLines(text: string, before: string | undefined): string {
	const kept =
		before === undefined ? undefined : diffLines(before, text).filter(({ kind }) => kind !== "removed");
	return text
		.split("\n")
		.map((line, i) => {
			const added = kept?.[i]?.kind === "added";
			return `<span class="cw-ngff-row"${added ? ' data-added=""' : ""}>${added ? '<span class="cw-fig-unseen">new: </span>' : ""}${colored(line)}\n</span>`;
		})
		.join("");
}

/** All versions beside each other. */
export function editionsHtml(document: unknown, shapes: Readonly<Record<string, readonly number[]>>): string {
	let before: string | undefined;
	return ngffEditions(document, shapes)
		.map((edition) => {
			const made = editionHtml(edition, before);
			before = made.text ?? before;
			return made.html;
		})
		.join("");
}

/** The whole inner markup of the figure. */
export function ngffExplorerHtml(props: NgffExplorerProps, id: string): string {
	const text = metadataText(props);
	const shapes = shapesOf(props);
	const seen = exploreNgff(text, { strict: props.strict, shapes });
	const chosen = firstLine(seen);
	const look = lookFor(seen);
	const title = props.title ?? (props.document ? "" : "Metadata of a synthetic image of two channels");
	const options = mistakes.map(({ name, label }) => `<option value="${name}">${escapeHtml(label)}</option>`);
	return `<figure class="cw-fig-body">${title ? `<p class="cw-fig-title">${escapeHtml(title)}</p>` : ""}
<form class="cw-ngff-tools cw-fig-controls">
<label class="cw-small-button cw-ngff-edit"><input type="checkbox" name="edit"><span>Edit the text</span></label>
<label class="cw-ngff-mistake"><span>Make a mistake</span><select name="mistake"><option value="">choose one</option>${options.join("")}</select></label>
<button type="button" class="cw-small-button" data-act="reset" disabled>As it was</button>
</form>
<p class="cw-ngff-verdict" id="${id}-verdict">${verdictHtml(seen)}</p>
<div class="cw-ngff-columns">
<div class="cw-ngff-text">
<ol class="cw-ngff-lines" aria-label="Metadata, line by line: arrow keys go from line to line">${linesHtml(seen, chosen)}</ol>
<div class="cw-ngff-editing" hidden>
<textarea spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" aria-label="Metadata as JSON" aria-describedby="${id}-verdict"></textarea>
<div class="cw-ngff-found"></div>
</div>
</div>
<div class="cw-ngff-side">
<p class="cw-ngff-meaning" aria-live="polite">${meaningHtml(seen, chosen)}</p>
<div class="cw-ngff-drawings">${drawingsHtml(seen, look, id)}</div>
</div>
</div>
<details class="cw-ngff-versions"><summary>The same image in versions 0.1 to 0.5, side by side</summary>
<div class="cw-ngff-editions" tabindex="0" role="region" aria-label="Versions side by side">${editionsHtml(props.document ?? JSON.parse(text), shapes)}</div></details>
${twinHtml(explorerTwin(seen), id)}</figure>`;
}

/** The line that is explained at first: that of the axes, else the first one. */
export function firstLine(seen: NgffExploration): number {
	const axes = seen.lines.findIndex(({ pointer }) => pointer?.endsWith("/multiscales/0/axes"));
	return Math.max(0, axes);
}
