/**
 * The page's side of the kernel, as a page uses it: which cells there are, what state each is in, what is to run. It
 * knows nothing of how a cell looks; each cell gives it a view.
 */
import type { DisplayQuestion } from "../../lib/display.ts";
import type { DisplayAnswer } from "../protocol.ts";
import type { CellSpec } from "./cell.ts";
import { CellList } from "./cell-list.ts";
import { Listeners, type SessionEvents } from "./events.ts";
import { type CellNames, namesOf } from "./names.ts";
import { Runs, type RunsHost } from "./runs.ts";
import { type CellState, isBusy, type StoppedBy } from "./state.ts";

export type SessionHost = RunsHost;

/** Names of an edited cell are asked for when typing has paused so long. */
const typingPause = 400;

export class Session {
	readonly #listeners = new Listeners<SessionEvents>();
	readonly #cells: CellList;
	readonly #runs: Runs;
	#typing?: ReturnType<typeof setTimeout>;

	constructor(host: SessionHost) {
		this.#cells = new CellList(this.#listeners, () => host.changed?.());
		this.#runs = new Runs(this.#cells, host, this.#listeners, {
			run: ({ id }) => void this.run(id),
			runStale: () => void this.runStale(),
		});
	}

	on<K extends keyof SessionEvents>(name: K, listener: (event: SessionEvents[K]) => void): () => void {
		return this.#listeners.on(name, listener);
	}

	/** Adds a cell, at the page's end or at an index. */
	add(spec: CellSpec, index?: number): void {
		this.#cells.add(spec, index);
	}

	/** Takes a cell out; what runs in it is stopped, and its names are gone. */
	remove(id: string): void {
		const cell = this.#cells.get(id);
		this.#runs.remove(cell);
		this.#cells.remove(cell);
	}

	/** Puts a cell where it is the `index`th. */
	move(id: string, index: number): void {
		this.#cells.move(this.#cells.get(id), index);
	}

	/** Gives a cell another title. */
	rename(id: string, title: string): void {
		this.#cells.rename(this.#cells.get(id), title);
	}

	get busy(): boolean {
		return this.#cells.all.some((cell) => isBusy(cell.state));
	}

	/** States by cell, in page order. */
	states(): Record<string, CellState> {
		return Object.fromEntries(this.#cells.all.map((cell) => [cell.id, cell.state]));
	}

	/** The reader changed a cell's text. */
	edit(id: string, source: string): void {
		const cell = this.#cells.get(id);
		if (cell.source === source) return;
		cell.source = source;
		this.#cells.refresh();
		clearTimeout(this.#typing);
		this.#typing = setTimeout(() => this.#learn(), typingPause);
	}

	/** Has the kernel start, so that the first run need not wait for it; a failure is told when a cell is run. */
	warm(): void {
		void this.#runs.kernels.start().catch(() => {});
	}

	/** Runs a cell, and first those that it needs and that have not run. */
	async run(id: string): Promise<void> {
		const cell = this.#cells.get(id);
		if (!isBusy(cell.state)) await this.#runs.run([cell]);
	}

	/** Runs every cell of the page in order, exercises left to the reader. A failure ends it. */
	async runAll(): Promise<void> {
		await this.#runs.run(this.#cells.all.filter((cell) => cell.check === undefined && !isBusy(cell.state)));
	}

	/** Runs every cell that is out of date, in page order, and what they need. */
	async runStale(): Promise<void> {
		await this.#runs.run(this.#cells.all.filter((cell) => cell.state.name === "stale"));
	}

	/**
	 * Cells that had run when the kernel ended and that have not run since; those that need a stopped cell, which
	 * is never run unasked, left out.
	 */
	get lost(): string[] {
		return this.#cells.lost.map(({ id }) => id);
	}

	/** Brings back the names that went when the kernel ended. */
	async restore(): Promise<void> {
		await this.#runs.run(this.#cells.lost);
	}

	/** Stops what runs, at once, by ending the worker. The names of all cells go with it. */
	stop(by: StoppedBy = "reader"): void {
		this.#runs.stop(by);
	}

	/** A new kernel: all names are gone, all cells as if never run. */
	restart(): void {
		this.stop();
		this.#runs.endKernel();
		this.#cells.forgetRuns();
	}

	/** Gives a running cell as much time again. */
	extend(id: string): void {
		this.#runs.extend(this.#cells.get(id));
	}

	/** New settings, for a kernel that runs and for those to come. */
	configure(): Promise<void> {
		return this.#runs.kernels.configure();
	}

	/** The page was put away and is shown again: a kernel that the browser ended meanwhile is told. */
	async wake(): Promise<void> {
		const { kernels } = this.#runs;
		const kernel = kernels.current;
		// A cell that computes cannot answer; its deadline goes on counting.
		if (!kernel || this.#runs.active || (await kernel.answers()) || kernels.current !== kernel) return;
		if (!this.#runs.active) this.stop("kernel");
	}

	/** What a cell defines, and what it uses from which cell; starts the kernel if need be. */
	async names(id: string): Promise<CellNames | undefined> {
		const kernel = await this.#runs.kernels.start();
		if (!kernel) return undefined;
		await this.#cells.analyse(kernel);
		const cell = this.#cells.find(id);
		return cell && namesOf(cell, this.#cells.all);
	}

	/** More of a value that a display shows; undefined where there is no kernel, or it was ended meanwhile. */
	async askDisplay(source: string, question: DisplayQuestion): Promise<DisplayAnswer | undefined> {
		return this.#runs.kernels.current?.askDisplay(source, question);
	}

	/** Asks a kernel that runs what edited cells define and use now. */
	async #learn(): Promise<void> {
		const kernel = this.#runs.kernels.current;
		if (!kernel?.idle || this.#runs.active) return;
		await this.#cells.analyse(kernel);
		this.#cells.refresh();
	}
}
