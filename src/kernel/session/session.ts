/**
 * The page's side of the kernel: which cells there are, what state each is in, what runs next. It knows nothing of
 * how a cell looks; each cell gives it a view.
 */
import type { FromKernel, Verdict } from "../protocol.ts";
import { AwakeTimer } from "./awake-timer.ts";
import { type Cell, type CellSpec, newCell, planned, sourceWithCheck } from "./cell.ts";
import { Listeners, type SessionEvents } from "./events.ts";
import type { KernelClient } from "./kernel-client.ts";
import { type KernelHost, KernelKeeper } from "./kernel-keeper.ts";
import { type CellNames, namesOf } from "./names.ts";
import { dependencies, origins, planRun } from "./plan.ts";
import { RunQueue } from "./queue.ts";
import { whyStale } from "./staleness.ts";
import { type CellState, isBusy, type StoppedBy } from "./state.ts";

export interface SessionHost extends KernelHost {
	/** Called when what the page's own controls show may have changed. */
	changed?(): void;
}

/** A kernel that has not begun with what it was given after this time is busy with something else. */
const beginsWithin = 5000;
/** Names of an edited cell are asked for when typing has paused so long. */
const typingPause = 400;

export class Session {
	readonly #host: SessionHost;
	readonly #cells: Cell[] = [];
	readonly #kernels: KernelKeeper;
	readonly #listeners = new Listeners<SessionEvents>();
	readonly #queue = new RunQueue();
	/** Cells that were asked to run and wait for the kernel's start or for the plan. */
	readonly #preparing = new Set<Cell>();
	/** Cells whose names went with the kernel that ended last. */
	#lost: string[] = [];
	#active?: Cell;
	#deadline?: AwakeTimer;
	#slowStart?: AwakeTimer;
	#typing?: ReturnType<typeof setTimeout>;
	#runs = 0;

	constructor(host: SessionHost) {
		this.#host = host;
		this.#kernels = new KernelKeeper(
			host,
			(message) => this.#hear(message),
			(message) => {
				this.#active?.view.notice(message);
				this.stop("kernel");
			},
		);
	}

	on<K extends keyof SessionEvents>(name: K, listener: (event: SessionEvents[K]) => void): () => void {
		return this.#listeners.on(name, listener);
	}

	/** Adds a cell, at the page's end or at an index. */
	add(spec: CellSpec, index = this.#cells.length): void {
		if (this.#cells.some(({ id }) => id === spec.id)) throw new Error(`There is a cell ${spec.id} already`);
		this.#cells.splice(index, 0, newCell(spec));
		this.#arranged();
	}

	/** Takes a cell out; what runs in it is stopped, and its names are gone. */
	remove(id: string): void {
		const cell = this.#cell(id);
		if (cell === this.#active) this.stop();
		this.#cells.splice(this.#cells.indexOf(cell), 1);
		this.#queue.remove(cell);
		this.#preparing.delete(cell);
		this.#lost = this.#lost.filter((other) => other !== id);
		this.#kernels.current?.send({ type: "forget", cell: id });
		this.#arranged();
	}

	/** Puts a cell where it is the `index`th. */
	move(id: string, index: number): void {
		const cell = this.#cell(id);
		this.#cells.splice(this.#cells.indexOf(cell), 1);
		this.#cells.splice(index, 0, cell);
		this.#arranged();
	}

	/** Gives a cell another title. */
	rename(id: string, title: string): void {
		this.#cell(id).title = title;
		this.#arranged();
	}

	get busy(): boolean {
		return this.#cells.some((cell) => isBusy(cell.state));
	}

	/** States by cell, in page order. */
	states(): Record<string, CellState> {
		return Object.fromEntries(this.#cells.map((cell) => [cell.id, cell.state]));
	}

	/** The reader changed a cell's text. */
	edit(id: string, source: string): void {
		const cell = this.#cell(id);
		if (cell.source === source) return;
		cell.source = source;
		this.#refresh();
		clearTimeout(this.#typing);
		this.#typing = setTimeout(() => this.#learn(), typingPause);
	}

	/** Has the kernel start, so that the first run need not wait for it; a failure is told when a cell is run. */
	warm(): void {
		void this.#kernels.start().catch(() => {});
	}

	/** Runs a cell, and first those that it needs and that have not run. */
	async run(id: string): Promise<void> {
		const cell = this.#cell(id);
		if (!isBusy(cell.state)) await this.#runAll([cell]);
	}

	/** Runs every cell of the page in order, exercises left to the reader. A failure ends it. */
	async runAll(): Promise<void> {
		await this.#runAll(this.#cells.filter((cell) => cell.check === undefined && !isBusy(cell.state)));
	}

	/** Runs every cell that is out of date, in page order, and what they need. */
	async runStale(): Promise<void> {
		await this.#runAll(this.#cells.filter((cell) => cell.state.name === "stale"));
	}

	/**
	 * Cells that had run when the kernel ended and that have not run since; those that need a stopped cell, which
	 * is never run unasked, left out.
	 */
	get lost(): string[] {
		const cells = this.#cells.map(planned);
		const isStopped = (id: string) => this.#cell(id).state.name === "stopped";
		return this.#cells
			.filter((cell) => this.#lost.includes(cell.id) && !cell.live && !isBusy(cell.state))
			.filter((cell) => !planRun(cells, cell.id).some(isStopped))
			.map(({ id }) => id);
	}

	/** Brings back the names that went when the kernel ended. */
	async restore(): Promise<void> {
		await this.#runAll(this.lost.map((id) => this.#cell(id)));
	}

	/** Stops what runs, at once, by ending the worker. The names of all cells go with it. */
	stop(by: StoppedBy = "reader"): void {
		const active = this.#active;
		const kernel = this.#kernels.current;
		const isIdleKernel = by === "reader" && !active && kernel?.idle;
		this.#deadline?.cancel();
		this.#slowStart?.cancel();
		this.#active = undefined;
		const waiting = [...this.#queue.clear(), ...this.#preparing];
		this.#preparing.clear();
		// Nothing runs and the kernel answers: what waits is called off, and the names stay.
		if (!isIdleKernel) this.#endKernel();
		for (const cell of waiting) {
			if (cell === active) continue;
			if (active) cell.view.notice(`Not run, because “${active.title}” was stopped.`);
			this.#set(cell, cell.result ?? { name: "idle" });
		}
		if (active) {
			active.result = undefined;
			active.ran = undefined;
			this.#end(active, { name: "stopped", by });
		}
		this.#refresh();
		this.#host.changed?.();
	}

	/** A new kernel: all names are gone, all cells as if never run. */
	restart(): void {
		this.stop();
		this.#endKernel();
		this.#lost = [];
		for (const cell of this.#cells) {
			cell.view.clear();
			cell.result = undefined;
			cell.ran = undefined;
			cell.lost = false;
			this.#set(cell, { name: "idle" });
		}
	}

	/** Gives a running cell as much time again. */
	extend(id: string): void {
		const cell = this.#cell(id);
		const { state } = cell;
		if (cell !== this.#active || !("deadline" in state) || state.deadline === undefined) return;
		this.#deadline?.extend(cell.timeout * 1000);
		this.#set(cell, { ...state, deadline: state.deadline + cell.timeout * 1000 });
	}

	/** New settings, for a kernel that runs and for those to come. */
	configure(): Promise<void> {
		return this.#kernels.configure();
	}

	/** The page was put away and is shown again: a kernel that the browser ended meanwhile is told. */
	async wake(): Promise<void> {
		const kernel = this.#kernels.current;
		// A cell that computes cannot answer; its deadline goes on counting.
		if (!kernel || this.#active || (await kernel.answers()) || this.#kernels.current !== kernel) return;
		if (!this.#active) this.stop("kernel");
	}

	/** What a cell defines, and what it uses from which cell; starts the kernel if need be. */
	async names(id: string): Promise<CellNames | undefined> {
		const kernel = await this.#kernels.start();
		if (!kernel) return undefined;
		await this.#analyse(kernel);
		const cell = this.#cells.find((other) => other.id === id);
		return cell && namesOf(cell, this.#cells);
	}

	#cell(id: string): Cell {
		const cell = this.#cells.find((other) => other.id === id);
		if (!cell) throw new Error(`There is no cell ${id} on this page`);
		return cell;
	}

	#set(cell: Cell, state: CellState): void {
		cell.state = state;
		cell.view.setState(state);
		this.#listeners.tell("state", { cell: cell.id, state });
		this.#host.changed?.();
	}

	#arranged(): void {
		this.#refresh();
		this.#listeners.tell("cells", undefined);
		this.#host.changed?.();
	}

	/** Marks what is out of date, and takes the mark off where an edit was undone. */
	#refresh(): void {
		const needs = dependencies(this.#cells.map(planned));
		const stale = whyStale(this.#cells.map((cell) => ({ ...cell, dependencies: needs.get(cell.id) ?? [] })));
		for (const cell of this.#cells) {
			if (!cell.result || isBusy(cell.state)) continue;
			const why = stale.get(cell.id);
			const state: CellState = why === undefined ? cell.result : { name: "stale", why };
			if (state.name === cell.state.name && why === (cell.state as { why?: string }).why) continue;
			this.#set(cell, state);
		}
	}

	/** Asks a kernel that runs what edited cells define and use now. */
	async #learn(): Promise<void> {
		const kernel = this.#kernels.current;
		if (!kernel?.idle || this.#active) return;
		await this.#analyse(kernel);
		this.#refresh();
	}

	async #runAll(targets: Cell[]): Promise<void> {
		if (targets.length === 0) return;
		const [first] = targets;
		for (const cell of targets) {
			this.#preparing.add(cell);
			if (cell === first) this.#set(cell, this.#waitingState());
			else this.#set(cell, { name: "queued", behind: `“${first.title}”` });
		}
		const kernel = await this.#prepare(first);
		// Called off meanwhile, or the kernel could not start.
		const wanted = targets.filter((cell) => this.#preparing.delete(cell));
		if (!kernel) {
			for (const cell of wanted) if (cell !== first) this.#set(cell, cell.result ?? { name: "idle" });
			return;
		}
		const group = this.#queue.newGroup();
		for (const cell of wanted) this.#plan(cell, group, targets.length === 1);
		this.#next();
	}

	/** What a cell says that has just been asked for. */
	#waitingState(): CellState {
		if (this.#active) return { name: "queued", behind: `“${this.#active.title}”` };
		return { name: "loading", what: this.#kernels.current?.idle ? "the cell" : "the kernel" };
	}

	/** Starts the kernel if need be and learns what cells define and use; undefined where that failed or was stopped. */
	async #prepare(cell: Cell): Promise<KernelClient | undefined> {
		try {
			const kernel = await this.#kernels.start();
			if (!kernel) return undefined;
			if (!this.#active) {
				this.#slowStart?.cancel();
				this.#slowStart = new AwakeTimer(beginsWithin, () => this.#tellBusyKernel(cell));
			}
			await this.#analyse(kernel);
			return this.#kernels.current === kernel ? kernel : undefined;
		} catch (error) {
			if (!this.#preparing.has(cell)) return undefined;
			cell.view.clear();
			cell.view.fail({
				name: "Kernel",
				message: (error as Error).message,
				remedy: (error as { remedy?: string }).remedy ?? "Press Run to try again; your code is kept.",
				trace: [],
			});
			cell.result = undefined;
			this.#set(cell, { name: "failed", ms: 0 });
			return undefined;
		} finally {
			if (!this.#active) this.#slowStart?.cancel();
		}
	}

	async #analyse(kernel: KernelClient): Promise<void> {
		const asked = this.#cells
			.map((cell) => ({ cell, id: cell.id, source: sourceWithCheck(cell) }))
			.filter(({ cell, source }) => cell.analysed?.source !== source);
		if (asked.length === 0) return;
		const analyses = await kernel.analyse(asked.map(({ id, source }) => ({ id, source })));
		if (!analyses) return;
		for (const { cell, source } of asked) cell.analysed = { source, analysis: analyses[cell.id] };
		this.#listeners.tell("names", undefined);
	}

	/** Puts a cell into the queue, behind those that it needs. */
	#plan(cell: Cell, group: number, isAlone: boolean): void {
		const plan = planRun(this.#cells.map(planned), cell.id).map((id) => this.#cell(id));
		const blocked = plan.find(
			(other) => other !== cell && other.state.name === "stopped" && !this.#queue.has(other),
		);
		if (blocked) {
			cell.view.clear();
			cell.view.notice(`This cell needs “${blocked.title}”, which was stopped and is not run by itself.`, {
				label: `Run “${blocked.title}” again`,
				act: () => void this.run(blocked.id),
			});
			this.#set(cell, cell.result ?? { name: "idle" });
			this.#refresh();
			return;
		}
		const first = plan.filter((other) => other !== cell && other !== this.#active && !this.#queue.has(other));
		for (const other of first) {
			this.#preparing.delete(other);
			other.view.clear();
			this.#enqueue(other, group);
		}
		cell.view.clear();
		if (first.length > 0 && isAlone) {
			const names = first.map((other) => `“${other.title}”`).join(", ");
			cell.view.notice(
				`Running first, because this cell needs ${first.length > 1 ? "them" : "it"}: ${names}.`,
			);
		}
		if (isAlone) this.#tellStaleNeeds(cell);
		this.#enqueue(cell, group);
	}

	/** Cells are not run again unasked: a result from before an edit is used, and that is said. */
	#tellStaleNeeds(cell: Cell): void {
		const used = dependencies(this.#cells.map(planned)).get(cell.id) ?? [];
		const stale = used
			.map((id) => this.#cell(id))
			.filter((other) => other.live && other.state.name === "stale" && !this.#queue.has(other));
		if (stale.length === 0) return;
		const names = stale.map((other) => `“${other.title}”`).join(", ");
		cell.view.notice(`This run uses what ${names} gave before it was out of date.`, {
			label: "Bring all cells up to date",
			act: () => void this.runStale(),
		});
	}

	#enqueue(cell: Cell, group: number): void {
		if (this.#queue.has(cell) || cell === this.#active) return;
		const before = this.#queue.last ?? this.#active;
		this.#queue.push(cell, group);
		this.#set(
			cell,
			before ? { name: "queued", behind: `“${before.title}”` } : { name: "loading", what: "the cell" },
		);
	}

	#next(): void {
		const kernel = this.#kernels.current;
		if (this.#active || !kernel) return;
		const next = this.#queue.shift();
		if (!next) return;
		const { cell } = next;
		const all = this.#cells.map(planned);
		const needs = dependencies(all).get(cell.id) ?? [];
		this.#active = cell;
		cell.run = ++this.#runs;
		cell.ran = {
			source: cell.source,
			run: cell.run,
			used: new Map(needs.map((id) => [id, this.#cell(id).ran?.run ?? 0])),
		};
		kernel.send({
			type: "run",
			run: cell.run,
			cell: cell.id,
			source: cell.source,
			check: cell.check,
			from: Object.fromEntries(origins(all, cell.id)),
		});
		const since = Date.now();
		const time = cell.timeout * 1000;
		this.#deadline = new AwakeTimer(
			time,
			() => this.stop("deadline"),
			(ms) => this.#slept(cell, ms),
		);
		this.#slowStart?.cancel();
		this.#slowStart = new AwakeTimer(beginsWithin, () => this.#tellBusyKernel(cell));
		this.#set(cell, { name: "running", since, deadline: since + time });
		this.#listeners.tell("run-started", { cell: cell.id, run: cell.run });
	}

	/** Time asleep is not part of a run. */
	#slept(cell: Cell, ms: number): void {
		const { state } = cell;
		if (!("deadline" in state) || state.deadline === undefined || state.since === undefined) return;
		this.#set(cell, { ...state, since: state.since + ms, deadline: state.deadline + ms } as CellState);
	}

	#tellBusyKernel(cell: Cell): void {
		cell.view.notice(
			"The kernel has not begun with this cell: something that an earlier cell left behind (a timer, a callback) is still computing. Stop ends it.",
		);
	}

	#hear(message: FromKernel): void {
		if (!("run" in message)) return;
		const cell = this.#cells.find((other) => other.run === message.run);
		// From an outdated run: dropped.
		if (!cell) return;
		switch (message.type) {
			case "loading":
			case "running": {
				const { state } = cell;
				if (cell !== this.#active || !("deadline" in state)) return;
				this.#slowStart?.cancel();
				const { since = Date.now(), deadline = since } = state;
				if (message.type === "loading") {
					const { what, bytes } = message;
					this.#set(cell, { name: "loading", what, bytes, since, deadline });
				} else if (state.name !== "running") {
					this.#set(cell, { name: "running", since, deadline });
				}
				return;
			}
			case "outputs":
				for (const output of message.outputs) cell.view.show(output);
				return;
			case "requests": {
				const { run, requests, rest } = message;
				this.#listeners.tell("requests", { cell: cell.id, run, requests, rest });
				return;
			}
			case "done":
				cell.live = cell.check === undefined;
				cell.result = { name: "done", ms: message.ms };
				if (message.verdict) cell.view.verdict(message.verdict);
				this.#ended(cell, message.verdict);
				return;
			case "failed":
				if (message.error.name === "module-stuck") return this.#runAfresh(cell);
				cell.view.fail(message.error);
				cell.live = false;
				cell.result = { name: "failed", ms: message.ms };
				this.#ended(cell);
		}
	}

	/** The browser remembers that a module failed to load, for as long as the worker lives: another one asks again. */
	#runAfresh(cell: Cell): void {
		this.#deadline?.cancel();
		this.#slowStart?.cancel();
		this.#active = undefined;
		const waiting = this.#queue.clear();
		this.#endKernel();
		for (const other of [cell, ...waiting]) this.#set(other, { name: "idle" });
		this.#refresh();
		void this.#runAll([cell, ...waiting]);
	}

	#ended(cell: Cell, verdict?: Verdict): void {
		const result = cell.result as CellState;
		this.#deadline?.cancel();
		this.#slowStart?.cancel();
		this.#active = undefined;
		cell.lost = false;
		this.#end(cell, result, verdict);
		if (result.name === "failed") this.#callOff(cell);
		this.#refresh();
		this.#next();
		this.#host.changed?.();
	}

	#end(cell: Cell, state: CellState, verdict?: Verdict): void {
		this.#set(cell, state);
		this.#listeners.tell("run-ended", { cell: cell.id, run: cell.run, state, verdict });
	}

	/** Takes out of the queue what was to run together with a cell that failed, or needs it. */
	#callOff(failed: Cell): void {
		const all = this.#cells.map(planned);
		const needsIt = (cell: Cell) => planRun(all, cell.id).includes(failed.id);
		for (const waiting of this.#queue.drop(needsIt)) {
			waiting.view.notice(`Not run, because “${failed.title}” failed.`, {
				label: `Show “${failed.title}”`,
				act: () => failed.view.reveal(),
			});
			this.#set(waiting, waiting.result ?? { name: "idle" });
		}
	}

	#endKernel(): void {
		this.#kernels.end();
		const live = this.#cells.filter((cell) => cell.live);
		// Two ends in a row, without a run between them, lose what the first lost.
		if (live.length > 0) this.#lost = live.map(({ id }) => id);
		for (const cell of this.#cells) {
			cell.run = 0;
			if (!cell.live) continue;
			cell.live = false;
			cell.lost = true;
		}
	}
}
