/** The storage comparison as static markup, complete before any script runs. */

import { planStorage } from "../../../lib/plan/storage.ts";
import {
	firstOperation,
	itemsOf,
	operationGroups,
	type StorageComparisonProps,
	storageTwin,
} from "../../../lib/plan/storage-comparison.ts";
import {
	defaultAssumptions,
	type StorageAssumptions,
	type StorageOperation,
	type StoragePlan,
} from "../../../lib/plan/storage-model.ts";
import { opened } from "../../../lib/plan/storage-tree.ts";
import { escapeHtml, twinHtml } from "../html.ts";
import { outcomeMarkup, stepsMarkup, sumsMarkup, timesMarkup } from "./answers.ts";
import { dialsMarkup, waysMarkup } from "./assumptions.ts";
import { marksOf } from "./marks.ts";
import { keysMarkup, treeMarkup } from "./pictures.ts";

/** Rows of the tree that are shown without a scroll bar. */
export const treeRowsShown = 26;

export interface StorageState {
	operation: StorageOperation;
	file?: string;
	folder?: string;
	assumptions: StorageAssumptions;
}

export function firstState(props: StorageComparisonProps): StorageState {
	return {
		operation: props.operation ?? firstOperation,
		...(props.file === undefined ? {} : { file: props.file }),
		...(props.folder === undefined ? {} : { folder: props.folder }),
		assumptions: { ...defaultAssumptions, ...props.assumptions },
	};
}

export function planOf(props: StorageComparisonProps, state: StorageState): StoragePlan {
	return planStorage(itemsOf(props), state.operation, state, state.assumptions);
}

function menuMarkup(chosen: StorageOperation, id: string): string {
	const groups = operationGroups.map(({ name, operations }) => {
		const options = operations.map(
			([value, label]) =>
				`<label><input type="radio" name="${id}-operation" value="${value}"${value === chosen ? " checked" : ""}><span class="cw-fig-option">${escapeHtml(label)}</span></label>`,
		);
		return `<div role="group" aria-label="${name}"><b>${name}</b>${options.join("")}</div>`;
	});
	return `<fieldset class="cw-fig-menu cw-fig-controls"><legend class="cw-fig-unseen">Operation</legend>${groups.join("")}</fieldset>`;
}

/** The whole inner markup of the figure. */
export function storageHtml(props: StorageComparisonProps, id: string): string {
	const state = firstState(props);
	const items = itemsOf(props);
	const plan = planOf(props, state);
	const name = props.name ?? "cells.ome.zarr";
	const panel = (side: "files" | "objects", title: string, picture: string) =>
		`<section class="cw-fig-side" data-side="${side}" aria-labelledby="${id}-${side}">` +
		`<header><p class="cw-fig-side-name" id="${id}-${side}">${title}</p><p class="cw-fig-sums">${sumsMarkup(plan[side], side)}</p></header>` +
		`<div class="cw-fig-answer"><ol class="cw-fig-steps">${stepsMarkup(plan[side])}</ol><div class="cw-fig-outcome">${outcomeMarkup(plan[side])}</div></div>` +
		`<div class="cw-fig-picture">${picture}</div></section>`;
	const tree = `<ul class="cw-fig-tree" role="tree" aria-label="Folders and files">${treeMarkup(items, opened(items, plan.folder, treeRowsShown), plan, marksOf(plan.files), name)}</ul>`;
	const keys = `<ul class="cw-fig-keys" role="listbox" aria-label="Keys in the bucket" style="--chars:${longest(items)}">${keysMarkup(items, plan, marksOf(plan.objects))}</ul>`;
	return `<figure class="cw-fig-body">
<form class="cw-fig-form">${menuMarkup(state.operation, id)}${waysMarkup(state.assumptions)}
<p class="cw-fig-wish">${escapeHtml(plan.title)}</p>
<div class="cw-fig-times">${timesMarkup(plan)}</div>
<div class="cw-fig-sides">${panel("files", "File system: folders and files", tree)}${panel("objects", "Object storage: one flat list of keys", keys)}</div>
${dialsMarkup(state.assumptions, id)}</form>
${twinHtml(storageTwin(props), id)}</figure>`;
}

function longest(items: readonly { key: string }[]): number {
	return Math.min(44, Math.max(...items.map((item) => item.key.length)));
}
