/** The same data twice, as markup: a tree of folders, and a flat list of keys, with what an operation touches marked. */
import { formatBytes } from "../../../lib/format.ts";
import { counted } from "../../../lib/plan/figure.ts";
import type { StoredItem } from "../../../lib/plan/storage-model.ts";
import { type TreeRow, treeRows } from "../../../lib/plan/storage-tree.ts";
import { escapeHtml, typeset } from "../html.ts";
import type { Mark } from "./marks.ts";

/** Squares on one row, and keys in the list; the rest is counted. */
const mostSquares = 128;
const mostKeys = 1000;

/** What is chosen, and where a folder got another name, that name. */
export interface Focus {
	file: string;
	folder: string;
	renamed?: string;
}

export function markClass(mark: Mark | undefined): string {
	return mark ? `cw-fig-mark-${mark.effect}` : "";
}

function delay(mark: Mark | undefined): string {
	return mark && mark.delay > 0 ? `--delay:${mark.delay}ms` : "";
}

export function treeMarkup(
	items: readonly StoredItem[],
	open: ReadonlySet<string>,
	focus: Focus,
	marks: ReadonlyMap<string, Mark>,
	name: string,
): string {
	const rows = treeRows(items, open, name);
	return rows.map((row) => rowMarkup(row, focus, marks)).join("");
}

function rowMarkup(row: TreeRow, focus: Focus, marks: ReadonlyMap<string, Mark>): string {
	const mark = marks.get(row.path);
	const folded = row.kind === "folder" && row.count > row.run.length;
	const slash = row.kind === "folder" ? "/" : "";
	const renamed =
		mark?.effect === "rename" && focus.renamed !== undefined
			? ` <ins>${escapeHtml(focus.renamed.split("/").at(-1) ?? "")}/</ins>`
			: "";
	const label = `<span class="cw-fig-name${slash ? " cw-fig-folder" : ""}">${escapeHtml(row.name)}${slash}</span>${renamed}`;
	const squares = row.run.slice(0, mostSquares).map((item) => {
		const own = marks.get(item.key);
		return `<i class="${markClass(own)}" data-key="${escapeHtml(item.key)}" style="${delay(own)}" title="${escapeHtml(item.key)}"></i>`;
	});
	const more = row.run.length > mostSquares ? `<small>+${row.run.length - mostSquares}</small>` : "";
	const size =
		row.kind === "file"
			? formatBytes(row.size)
			: folded && !row.open
				? `${counted(row.count, "file")}, ${formatBytes(row.size)}`
				: "";
	const chosen = row.path === focus.folder && row.kind === "folder";
	return (
		`<li role="treeitem" tabindex="-1" aria-level="${row.depth + 1}"${folded ? ` aria-expanded="${row.open}"` : ""} aria-selected="${chosen}" ` +
		`data-path="${escapeHtml(row.path)}" data-kind="${row.kind}" class="${markClass(mark)}${chosen ? " cw-fig-chosen" : ""}" style="--depth:${row.depth};${delay(mark)}">` +
		`<span class="cw-fig-twist" aria-hidden="true">${folded && row.path !== "" ? (row.open ? "−" : "+") : ""}</span>${label}` +
		`<span class="cw-fig-squares">${squares.join("")}${more}</span><span class="cw-fig-size">${escapeHtml(typeset(size))}</span></li>`
	);
}

export function keysMarkup(
	items: readonly StoredItem[],
	focus: Focus,
	marks: ReadonlyMap<string, Mark>,
): string {
	const shown = items.slice(0, mostKeys).map((item) => {
		const mark = marks.get(item.key);
		return (
			`<li role="option" tabindex="-1" aria-selected="${item.key === focus.file}" data-key="${escapeHtml(item.key)}" ` +
			`class="${markClass(mark)}${item.key === focus.file ? " cw-fig-chosen" : ""}" style="${delay(mark)}" title="${escapeHtml(`${item.key}, ${formatBytes(item.size)}`)}">` +
			`<i class="cw-fig-dot" aria-hidden="true"></i>${keyMarkup(item.key, focus)}</li>`
		);
	});
	if (items.length > mostKeys) shown.push(`<li role="presentation">and ${items.length - mostKeys} more</li>`);
	return shown.join("");
}

/** A key with the folder's part of it set off: to the store it is letters like the others. */
function keyMarkup(key: string, { folder, renamed: newName }: Focus): string {
	if (folder === "" || !key.startsWith(`${folder}/`)) return `<span>${escapeHtml(key)}</span>`;
	const name = folder.split("/").at(-1) ?? "";
	const outer = folder.slice(0, folder.length - name.length);
	const renamed = newName === undefined ? "" : `<ins>${escapeHtml(newName.split("/").at(-1) ?? "")}</ins>`;
	return `<span><span class="cw-fig-prefix">${escapeHtml(outer)}<span class="cw-fig-segment-name">${escapeHtml(name)}</span>${renamed}/</span>${escapeHtml(key.slice(folder.length + 1))}</span>`;
}
