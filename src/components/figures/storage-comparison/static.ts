/** The storage comparison as static markup, complete before any script runs. */
import { formatBytes } from "../../../lib/format.ts";
import { counted } from "../../../lib/plan/figure.ts";
import {
	assumptionsOf,
	firstOperation,
	operationGroups,
	type StorageComparisonProps,
	storageTwin,
} from "../../../lib/plan/storage-comparison.ts";
import { costOf } from "../../../lib/plan/storage-cost.ts";
import { itemsUnder, type StorageOperation, type StorageRun } from "../../../lib/plan/storage-model.ts";
import { opened } from "../../../lib/plan/storage-tree.ts";
import { escapeHtml, twinHtml, typeset } from "../html.ts";
import {
	aboutMarkup,
	outcomeMarkup,
	type SideName,
	stepsMarkup,
	sumsMarkup,
	timesMarkup,
} from "./answers.ts";
import { dialsMarkup, waysMarkup } from "./assumptions.ts";
import { blocksMarkup } from "./blocks.ts";
import { isRenamed, itemsShown, marksOf } from "./marks.ts";
import { keysMarkup, treeMarkup } from "./pictures.ts";

/** Rows of the tree that are shown without a scroll bar. */
export const treeRowsShown = 26;

/** Calls or requests of one step that the page itself lists; the live figure lists more. */
const exchangesShown = 12;

export const datasetName = (props: StorageComparisonProps) => props.name ?? "cells.ome.zarr";

/** The words above the pictures: what the next operation is about. */
export function targetWords(run: StorageRun): string {
	const { folder, file } = run.next;
	const { after } = run.objects;
	if (after.length === 0) return "Nothing is stored any more. Start over.";
	const size = after.find(({ key }) => key === file)?.size;
	const parts = [
		...(folder === undefined
			? []
			: [
					`the folder ${folder === "" ? "at the root" : folder} (${counted(itemsUnder(after, folder).length, "file")})`,
				]),
		...(file === undefined || size === undefined ? [] : [`the file ${file} (${formatBytes(size)})`]),
	];
	if (parts.length === 0) return "What was chosen is gone. Choose a folder or a file in the pictures.";
	return `Operations are about ${parts.join(" and ")}. Choose others in the pictures.`;
}

function menuMarkup(done: StorageOperation): string {
	const groups = operationGroups.map(({ name, operations }) => {
		const options = operations.map(
			([value, label]) =>
				`<button type="button" class="cw-fig-option" data-act="start" data-value="${value}" aria-pressed="${value === done}">${escapeHtml(label)}</button>`,
		);
		return `<div role="group" aria-label="${name}"><b>${name}</b>${options.join("")}</div>`;
	});
	return `<div class="cw-fig-menu cw-fig-controls" role="group" aria-label="Carry out an operation">${groups.join("")}</div>`;
}

/**
 * The whole inner markup of the figure.
 * @param runs every operation, each on the data as they are at first, in the order of `storageOperations`
 */
export function storageHtml(props: StorageComparisonProps, id: string, runs: readonly StorageRun[]): string {
	const assumptions = assumptionsOf(props);
	const first = props.operation ?? firstOperation;
	const run = runs.find(({ operation }) => operation === first) ?? runs[0];
	const costs = {
		files: costOf(run.files, "files", assumptions),
		objects: costOf(run.objects, "objects", assumptions),
	};
	const panel = (side: SideName, title: string, picture: string) =>
		`<section class="cw-fig-side" data-side="${side}" aria-labelledby="${id}-${side}">` +
		`<header><p class="cw-fig-side-name" id="${id}-${side}">${title}</p><p class="cw-fig-sums">${sumsMarkup(costs[side], side, assumptions.datasets)}</p></header>` +
		`<div class="cw-fig-answer"><ol class="cw-fig-steps">${stepsMarkup(run[side], costs[side], side, exchangesShown)}</ol><div class="cw-fig-outcome">${outcomeMarkup(run[side])}</div></div>` +
		`<div class="cw-fig-stored">${side === "files" ? `<div class="cw-fig-volume">${blocksMarkup(run.files.volume)}</div>` : ""}` +
		`<div class="cw-fig-picture">${picture}</div>` +
		`<div class="cw-fig-about">${aboutMarkup(run[side].about, run.next.file ?? run.file, side)}</div></div></section>`;
	const focus = { ...run, renamed: isRenamed(run) ? run.newFolder : undefined };
	const files = itemsShown(run, "files");
	const objects = itemsShown(run, "objects");
	const tree = `<ul class="cw-fig-tree" role="tree" aria-label="Folders and files">${treeMarkup(files, opened(files, run.folder, treeRowsShown), focus, marksOf(run, "files", assumptions.parallel), datasetName(props))}</ul>`;
	const keys = `<ul class="cw-fig-keys" role="listbox" aria-label="Keys in the bucket" style="--chars:${longest(objects)}">${keysMarkup(objects, focus, marksOf(run, "objects", assumptions.parallel))}</ul>`;
	return `<figure class="cw-fig-body">
<form class="cw-fig-form">${menuMarkup(run.operation)}${waysMarkup(assumptions)}
<p class="cw-fig-target cw-fig-controls">${escapeHtml(typeset(targetWords(run)))}</p>
<p class="cw-fig-wish">${escapeHtml(run.title)}</p>
<div class="cw-fig-times">${timesMarkup(costs)}</div>
<div class="cw-fig-sides">${panel("files", "File system on a volume", tree)}${panel("objects", "Object storage: one flat list of keys", keys)}</div>
${dialsMarkup(assumptions, id)}</form>
${twinHtml(storageTwin(runs, run, assumptions), id)}</figure>`;
}

export function longest(items: readonly { key: string }[]): number {
	return Math.min(
		44,
		items.reduce((most, item) => Math.max(most, item.key.length), 8),
	);
}
