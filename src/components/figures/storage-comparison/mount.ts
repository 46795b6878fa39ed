/** The storage comparison alive: operations to pick, targets to point at, assumptions to turn. */
import { select } from "d3";
import {
	describeOperation,
	itemsOf,
	type StorageComparisonProps,
	storageTwin,
} from "../../../lib/plan/storage-comparison.ts";
import type { StorageOperation, StoragePlan } from "../../../lib/plan/storage-model.ts";
import { opened } from "../../../lib/plan/storage-tree.ts";
import { figureId, typeset, updateTwin } from "../html.ts";
import { debounced, part, reducedMotion } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { outcomeMarkup, stepsMarkup, sumsMarkup, timesMarkup } from "./answers.ts";
import { dials } from "./assumptions.ts";
import { type Mark, marksOf } from "./marks.ts";
import { keysMarkup, markClass, treeMarkup } from "./pictures.ts";
import { roving } from "./roving.ts";
import { firstState, planOf, storageHtml, treeRowsShown } from "./static.ts";

export function mount(host: HTMLElement, props: StorageComparisonProps): MountedFigure {
	if (!host.querySelector(".cw-fig-body")) host.innerHTML = storageHtml(props, figureId());
	const form = part<HTMLFormElement>(host, ".cw-fig-form");
	const tree = part<HTMLElement>(host, ".cw-fig-tree");
	const keys = part<HTMLElement>(host, ".cw-fig-keys");
	const items = itemsOf(props);
	const name = props.name ?? "cells.ome.zarr";
	const events = new AbortController();
	const { signal } = events;
	const state = firstState(props);
	let plan: StoragePlan = planOf(props, state);
	let open = opened(items, plan.folder, treeRowsShown);

	const say = debounced(() => {
		updateTwin(host, storageTwin({ ...props, ...state }));
		const status = host.querySelector(".cw-fig-status");
		if (status)
			status.textContent = typeset(describeOperation(items, state.operation, state, state.assumptions));
	});

	/** Everything, after an operation, a target or an assumption has changed. */
	function draw(): void {
		plan = planOf(props, state);
		part(host, ".cw-fig-wish").textContent = typeset(plan.title);
		part(host, ".cw-fig-times").innerHTML = timesMarkup(plan);
		for (const side of ["files", "objects"] as const) {
			const panel = part(host, `[data-side="${side}"]`);
			part(panel, ".cw-fig-sums").innerHTML = sumsMarkup(plan[side], side);
			part(panel, ".cw-fig-steps").innerHTML = stepsMarkup(plan[side]);
			part(panel, ".cw-fig-outcome").innerHTML = outcomeMarkup(plan[side]);
		}
		drawPictures();
		say(undefined);
	}

	function drawPictures(): void {
		tree.innerHTML = treeMarkup(items, open, plan, marksOf(plan.files), name);
		keys.innerHTML = keysMarkup(items, plan, marksOf(plan.objects));
		treeRoving.refresh();
		keysRoving.refresh();
		play();
	}

	/** Lets the marks appear in the order of the calls. */
	function play(): void {
		if (reducedMotion()) return;
		host.classList.remove("cw-fig-playing");
		// The animation starts anew only after a style without it has been computed.
		void host.offsetWidth;
		host.classList.add("cw-fig-playing");
	}

	/** One step alone, or all of them again. */
	function show(side: "files" | "objects", step?: number): void {
		const marks = marksOf(plan[side], step);
		host.classList.remove("cw-fig-playing");
		const panel = select(part<HTMLElement>(host, `[data-side="${side}"]`));
		const remark = (element: HTMLElement, mark: Mark | undefined) => {
			element.className = `${markClass(mark)}${element.matches('[aria-selected="true"]') ? " cw-fig-chosen" : ""}`;
		};
		panel.selectAll<HTMLElement, unknown>("[data-path], [data-key]").each(function () {
			remark(this, marks.get(this.dataset.path ?? this.dataset.key ?? ""));
		});
	}

	function target(chosen: { file?: string; folder?: string }): void {
		state.file = chosen.file;
		state.folder = chosen.folder;
		draw();
	}

	const folderOf = (key: string) => (key.includes("/") ? key.slice(0, key.lastIndexOf("/")) : "");

	function choose(element: HTMLElement): void {
		const { path, key, kind } = element.dataset;
		if (key !== undefined) target({ file: key, folder: folderOf(key) });
		else if (kind === "file" && path !== undefined) target({ file: path, folder: folderOf(path) });
		else if (path !== undefined) target({ folder: path });
	}

	function fold(element: HTMLElement, to?: boolean): void {
		const path = element.dataset.path ?? "";
		if (path === "" || !element.hasAttribute("aria-expanded")) return;
		open = new Set(open);
		if (to ?? !open.has(path)) open.add(path);
		else open.delete(path);
		drawPictures();
		host.classList.remove("cw-fig-playing");
		treeRoving.focus(path);
	}

	const treeRoving = roving(tree, "data-path", signal, {
		choose,
		left: (element) => fold(element, false),
		right: (element) => fold(element, true),
	});
	const keysRoving = roving(keys, "data-key", signal, { choose });

	tree.addEventListener(
		"click",
		(event) => {
			const at = event.target as HTMLElement;
			const row = at.closest<HTMLElement>("[data-path]");
			if (at.closest(".cw-fig-twist") && row) return fold(row);
			const hit = at.closest<HTMLElement>("[data-key], [data-path]");
			if (hit) choose(hit);
		},
		{ signal },
	);
	keys.addEventListener(
		"click",
		(event) => {
			const hit = (event.target as HTMLElement).closest<HTMLElement>("[data-key]");
			if (hit) choose(hit);
		},
		{ signal },
	);

	for (const type of ["mouseover", "focusin", "mouseout", "focusout"] as const) {
		form.addEventListener(
			type,
			(event) => {
				const step = (event.target as HTMLElement).closest<HTMLElement>("[data-step]");
				const side = step?.closest<HTMLElement>("[data-side]")?.dataset.side as
					| "files"
					| "objects"
					| undefined;
				if (!step || !side) return;
				const leaves = type === "mouseout" || type === "focusout";
				show(side, leaves ? undefined : Number(step.dataset.step));
			},
			{ signal },
		);
	}

	form.addEventListener("submit", (event) => event.preventDefault(), { signal });
	form.addEventListener(
		"input",
		(event) => {
			const input = event.target as HTMLInputElement;
			const dial = dials.find(({ name }) => name === input.dataset.dial);
			if (input.type === "radio") state.operation = input.value as StorageOperation;
			else if (input.dataset.check === "ifMatch") state.assumptions.ifMatch = input.checked;
			else if (input.dataset.check === "batchDelete") state.assumptions.batchDelete = input.checked;
			else if (dial) {
				const value = dial.values[Number(input.value)];
				state.assumptions[dial.name] = value;
				input.setAttribute("aria-valuetext", dial.format(value));
				part(input.closest(".cw-fig-slider") as Element, "output").textContent = typeset(dial.format(value));
			}
			draw();
		},
		{ signal },
	);

	host.dataset.ready = "";
	return {
		destroy() {
			events.abort();
			say.cancel();
			delete host.dataset.ready;
		},
	};
}
