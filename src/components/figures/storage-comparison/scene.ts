/** What the live figure draws: both sides after an operation, and the pictures in which a target is chosen. */
import type { StorageComparisonProps } from "../../../lib/plan/storage-comparison.ts";
import { costOf } from "../../../lib/plan/storage-cost.ts";
import type {
	StorageAssumptions,
	StorageRun,
	StorageSide,
	StoredItem,
} from "../../../lib/plan/storage-model.ts";
import { opened } from "../../../lib/plan/storage-tree.ts";
import { typeset } from "../html.ts";
import { part, reducedMotion } from "../live.ts";
import {
	aboutMarkup,
	outcomeMarkup,
	type SideName,
	stepsMarkup,
	sumsMarkup,
	timesMarkup,
} from "./answers.ts";
import { blocksMarkup } from "./blocks.ts";
import type { Target } from "./lab-worker.ts";
import { isRenamed, itemsShown, type Mark, marksOf } from "./marks.ts";
import { keysMarkup, markClass, treeMarkup } from "./pictures.ts";
import { roving } from "./roving.ts";
import { datasetName, longest, targetWords, treeRowsShown } from "./static.ts";

/** Calls or requests of one step that are listed. */
const exchangesShown = 400;

const sides = ["files", "objects"] as const;

export class StorageScene {
	readonly #host: HTMLElement;
	readonly #tree: HTMLElement;
	readonly #keys: HTMLElement;
	readonly #name: string;
	readonly #act: { choose(target: Target): void; assumptions(): StorageAssumptions };
	readonly #treeRoving: ReturnType<typeof roving>;
	readonly #keysRoving: ReturnType<typeof roving>;
	#run: StorageRun | undefined;
	/** Absent while the pictures show what the last operation did. */
	#target: Target | undefined;
	#open: ReadonlySet<string> = new Set();

	constructor(
		host: HTMLElement,
		props: StorageComparisonProps,
		signal: AbortSignal,
		act: { choose(target: Target): void; assumptions(): StorageAssumptions },
	) {
		this.#host = host;
		this.#name = datasetName(props);
		this.#act = act;
		this.#tree = part<HTMLElement>(host, ".cw-fig-tree");
		this.#keys = part<HTMLElement>(host, ".cw-fig-keys");
		const choose = (element: HTMLElement) => this.#choose(element);
		this.#treeRoving = roving(this.#tree, "data-path", signal, {
			choose,
			left: (element) => this.#fold(element, false),
			right: (element) => this.#fold(element, true),
		});
		this.#keysRoving = roving(this.#keys, "data-key", signal, { choose });
		this.#listen(signal);
	}

	/** What is shown. */
	get run(): StorageRun {
		if (!this.#run) throw new Error("nothing has been carried out yet");
		return this.#run;
	}

	/** Takes over the static figure, which shows this run. */
	start(run: StorageRun): void {
		this.#run = run;
		this.#open = opened(itemsShown(run, "files"), run.folder, treeRowsShown);
		this.reprice();
		this.#scrollToMarks();
	}

	/** An operation that was carried out. */
	show(run: StorageRun): void {
		this.#run = run;
		this.#target = undefined;
		this.#open = opened(itemsShown(run, "files"), run.folder, treeRowsShown);
		part(this.#host, ".cw-fig-wish").textContent = typeset(run.title);
		part(this.#host, ".cw-fig-volume").innerHTML = blocksMarkup(run.files.volume);
		for (const name of sides) {
			part(this.#panel(name), ".cw-fig-outcome").innerHTML = outcomeMarkup(run[name]);
			part(this.#panel(name), ".cw-fig-about").innerHTML = aboutMarkup(
				run[name].about,
				run.next.file ?? run.file,
				name,
			);
		}
		for (const button of this.#host.querySelectorAll<HTMLElement>(".cw-fig-menu [data-value]")) {
			button.setAttribute("aria-pressed", String(button.dataset.value === run.operation));
		}
		this.#words(targetWords(run));
		this.reprice();
		this.#pictures();
		this.#scrollToMarks();
		this.#play();
	}

	/** What is stored now, without what the last operation did, and what is chosen in it. */
	settle(target: Target, about: { file: StorageSide["about"]; object: StorageSide["about"] }): void {
		this.#target = target;
		this.#open = new Set(
			[...this.#open, ...opened(this.run.files.after, target.folder ?? "", 1)].filter((path) =>
				this.run.files.after.some(({ key }) => key.startsWith(`${path}/`)),
			),
		);
		this.#words(targetWords({ ...this.run, next: target }));
		part(this.#panel("files"), ".cw-fig-about").innerHTML = aboutMarkup(
			about.file,
			target.file ?? "",
			"files",
		);
		part(this.#panel("objects"), ".cw-fig-about").innerHTML = aboutMarkup(
			about.object,
			target.file ?? "",
			"objects",
		);
		this.#host.classList.remove("cw-fig-playing");
		this.#pictures();
	}

	/** Times and money anew. */
	reprice(): void {
		if (!this.#run) return;
		const run = this.#run;
		const assumptions = this.#act.assumptions();
		const costs = {
			files: costOf(run.files, "files", assumptions),
			objects: costOf(run.objects, "objects", assumptions),
		};
		part(this.#host, ".cw-fig-times").innerHTML = timesMarkup(costs);
		for (const name of sides) {
			const panel = this.#panel(name);
			part(panel, ".cw-fig-sums").innerHTML = sumsMarkup(costs[name], name, assumptions.datasets);
			part(panel, ".cw-fig-steps").innerHTML = stepsMarkup(run[name], costs[name], name, exchangesShown);
		}
	}

	/** Something that could not be done. */
	problem(words: string): void {
		this.#words(words, true);
		part(this.#host, ".cw-fig-status").textContent = words;
	}

	#words(words: string, isProblem = false): void {
		const place = part(this.#host, ".cw-fig-target");
		place.textContent = typeset(words);
		place.classList.toggle("cw-fig-problem", isProblem);
	}

	#panel(name: SideName): HTMLElement {
		return part<HTMLElement>(this.#host, `[data-side="${name}"]`);
	}

	#marks(name: SideName, step?: number): ReadonlyMap<string, Mark> {
		if (!this.#run || (this.#target && step === undefined)) return new Map();
		return marksOf(this.#run, name, this.#act.assumptions().parallel, step);
	}

	#items(name: SideName): StoredItem[] {
		return this.#target ? this.run[name].after : itemsShown(this.run, name);
	}

	#pictures(): void {
		const { run } = this;
		const focus = this.#target
			? { file: this.#target.file ?? "", folder: this.#target.folder ?? "" }
			: { ...run, renamed: isRenamed(run) ? run.newFolder : undefined };
		const objects = this.#items("objects");
		this.#tree.innerHTML = treeMarkup(
			this.#items("files"),
			this.#open,
			focus,
			this.#marks("files"),
			this.#name,
		);
		this.#keys.innerHTML = keysMarkup(objects, focus, this.#marks("objects"));
		this.#keys.style.setProperty("--chars", String(longest(objects)));
		this.#treeRoving.refresh();
		this.#keysRoving.refresh();
	}

	/** Brings the first mark that a picture would hide into its box; the page stays where it is. */
	#scrollToMarks(side?: SideName): void {
		for (const name of side ? [side] : sides) {
			const box = part<HTMLElement>(this.#panel(name), ".cw-fig-picture");
			const mark = box.querySelector<HTMLElement>('[class*="cw-fig-mark-"]');
			if (!mark) continue;
			const [outer, inner] = [box.getBoundingClientRect(), mark.getBoundingClientRect()];
			if (inner.top >= outer.top && inner.bottom <= outer.bottom) continue;
			box.scrollTop += inner.top - outer.top - (box.clientHeight - inner.height) / 2;
		}
	}

	/** Lets the marks appear in the order of the calls. */
	#play(): void {
		if (reducedMotion()) return;
		this.#host.classList.remove("cw-fig-playing");
		// The animation starts anew only after a style without it has been computed.
		void this.#host.offsetWidth;
		this.#host.classList.add("cw-fig-playing");
	}

	/** One step alone, or all of them again. */
	#showStep(name: SideName, step?: number): void {
		if (!this.#run || this.#target) return;
		const marks = this.#marks(name, step);
		this.#host.classList.remove("cw-fig-playing");
		for (const element of this.#panel(name).querySelectorAll<HTMLElement>("[data-path], [data-key]")) {
			const mark = marks.get(element.dataset.path ?? element.dataset.key ?? "");
			element.className = `${markClass(mark)}${element.matches('[aria-selected="true"]') ? " cw-fig-chosen" : ""}`;
		}
		if (step !== undefined) this.#scrollToMarks(name);
	}

	#choose(element: HTMLElement): void {
		if (!this.#run) return;
		const { path, key, kind } = element.dataset;
		const name = this.#now(key ?? path ?? "");
		if (key !== undefined || kind === "file") this.#act.choose({ file: name, folder: folderOf(name) });
		else this.#act.choose({ folder: name });
	}

	/** A path as it is called now: where a folder was renamed, the pictures still show the old one. */
	#now(path: string): string {
		const { run } = this;
		if (this.#target || !isRenamed(run) || run.files.refused !== undefined) return path;
		return path === run.folder || path.startsWith(`${run.folder}/`)
			? run.newFolder + path.slice(run.folder.length)
			: path;
	}

	#fold(element: HTMLElement, to?: boolean): void {
		const path = element.dataset.path ?? "";
		if (!this.#run || path === "" || !element.hasAttribute("aria-expanded")) return;
		const open = new Set(this.#open);
		if (to ?? !open.has(path)) open.add(path);
		else open.delete(path);
		this.#open = open;
		this.#pictures();
		this.#host.classList.remove("cw-fig-playing");
		this.#treeRoving.focus(path);
	}

	#listen(signal: AbortSignal): void {
		this.#tree.addEventListener(
			"click",
			(event) => {
				const at = event.target as HTMLElement;
				const row = at.closest<HTMLElement>("[data-path]");
				if (at.closest(".cw-fig-twist") && row) return this.#fold(row);
				const hit = at.closest<HTMLElement>("[data-key], [data-path]");
				if (hit) this.#choose(hit);
			},
			{ signal },
		);
		this.#keys.addEventListener(
			"click",
			(event) => {
				const hit = (event.target as HTMLElement).closest<HTMLElement>("[data-key]");
				if (hit) this.#choose(hit);
			},
			{ signal },
		);
		for (const type of ["mouseover", "focusin", "mouseout", "focusout"] as const) {
			this.#host.addEventListener(
				type,
				(event) => {
					const step = (event.target as HTMLElement).closest<HTMLElement>("[data-step]");
					const name = step?.closest<HTMLElement>("[data-side]")?.dataset.side as SideName | undefined;
					if (!step || !name) return;
					const leaves = type === "mouseout" || type === "focusout";
					this.#showStep(name, leaves ? undefined : Number(step.dataset.step));
				},
				{ signal },
			);
		}
	}
}

function folderOf(key: string): string {
	return key.includes("/") ? key.slice(0, key.lastIndexOf("/")) : "";
}
