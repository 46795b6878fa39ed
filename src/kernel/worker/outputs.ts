/** Outputs of one run on their way to the page: gathered for a moment, so that a chatty loop does not flood it. */
import { type Answering, type DisplayModel, isAnswering } from "../../lib/display.ts";
import { formatCount } from "../../lib/format.ts";
import type { Progress } from "../../lib/progress.ts";
import { consoleText, describe } from "../../lib/view/describe.ts";
import { describeLater } from "../../lib/view/later.ts";
import type { ConsoleOutput, Output } from "../protocol.ts";
import { unrecorded } from "./requests.ts";

const flushEvery = 16;
/** Progress alone goes to the page so often: nobody reads more, and each time a whole page is laid out and drawn anew. */
const progressEvery = 120;
/** A flood of output goes to the page in parts this far apart, also from a loop that never lets timers run. */
const floodEvery = 150;
/** Lines in one part from which on it is a flood. */
const floodFrom = 50;
/** Of the console lines of one part only so many of the newest cross to the page; the others are counted. */
const maxLinesAtOnce = 200;
/** Characters of a console line. */
const maxLine = 5000;
/** Console lines that are kept for checks. */
const maxKeptLines = 10_000;
/** More displays of one run than these are counted, not shown. */
const maxDisplays = 500;

/** What `display` gives back: a way to show something else in the same place. */
export class DisplayHandle {
	readonly #update: (value: unknown) => void;

	constructor(update: (value: unknown) => void) {
		this.#update = update;
	}

	/** Shows this value instead. After the cell was run again it does nothing. */
	update(value: unknown): void {
		this.#update(value);
	}
}

/** Keeps the values of displays that can ask for more of them; `add` gives the name to ask by. */
export interface LiveDisplays {
	add(id: number, value: Answering): string;
	remove(id: number): void;
}

export class Outputs {
	#waiting: Output[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** When the timer is due. */
	#due = Number.POSITIVE_INFINITY;
	#lastFlush = performance.now();
	/** Console lines that wait, and those that were dropped before the first of them. */
	#lines = 0;
	#dropped = 0;
	/** The last part was full of lines: the next one waits longer, so that the page has time for itself. */
	#flooded = false;
	#shown = 0;
	#saidDisplays = 0;
	readonly #send: (outputs: Output[]) => void;
	readonly #live?: LiveDisplays;
	readonly #started = new Map<string, number>();
	/** All models displayed, for checks. */
	readonly displays: DisplayModel[] = [];
	readonly lines: string[] = [];

	constructor(send: (outputs: Output[]) => void, live?: LiveDisplays) {
		this.#send = send;
		this.#live = live;
	}

	/** Shows values, one under the other. The handle is of the last. */
	readonly display = (...values: unknown[]): DisplayHandle => {
		if (values.length === 0) return this.#show(undefined);
		let handle: DisplayHandle | undefined;
		for (const value of values) handle = value instanceof DisplayHandle ? value : this.#show(value);
		return handle as DisplayHandle;
	};

	readonly progress = (progress: Progress): void => {
		const now = performance.now();
		const started = this.#started.get(progress.label) ?? now;
		this.#started.set(progress.label, started);
		const output: Output = { kind: "progress", progress, elapsed: now - started };
		// Only the newest state of a bar matters.
		this.#waiting = this.#waiting.filter(
			(waiting) => !(waiting.kind === "progress" && waiting.progress.label === progress.label),
		);
		this.#push(output, progressEvery);
	};

	/** The console as a cell sees it. What it does not know goes to the worker's own. */
	readonly console: Console = new Proxy(globalThis.console, {
		get: (target, key) => {
			if (key === "log" || key === "info" || key === "warn" || key === "error" || key === "debug") {
				return (...args: unknown[]) => this.#line(key, args);
			}
			if (key === "table") return (value: unknown) => void this.display(value);
			return Reflect.get(target, key);
		},
	});

	#show(value: unknown): DisplayHandle {
		const id = this.#shown++;
		if (id >= maxDisplays) return new DisplayHandle(() => {});
		const first = this.#modelOf(id, value);
		this.displays[id] = first;
		this.#push({ kind: "display", model: first, id });
		const replace = (model: DisplayModel) => {
			this.displays[id] = model;
			// What still waits is changed where it stands: a loop that updates does not pile up.
			for (const waiting of this.#waiting) {
				if ((waiting.kind === "display" || waiting.kind === "update") && waiting.id === id) {
					waiting.model = model;
					return;
				}
			}
			this.#push({ kind: "update", model, id });
		};
		let shown = 0;
		const fill = async (of: unknown) => {
			const turn = ++shown;
			const fuller = await describeLater(of, unrecorded).catch(() => undefined);
			// Meanwhile the handle may have put something else there.
			if (fuller && turn === shown) replace(fuller);
		};
		void fill(value);
		return new DisplayHandle((next) => {
			this.#live?.remove(id);
			replace(this.#modelOf(id, next));
			void fill(next);
		});
	}

	/** The model of a value; with a name to ask by where there is more than it shows. */
	#modelOf(id: number, value: unknown): DisplayModel {
		const model = modelOf(value);
		if (!this.#live || !isAnswering(value)) return model;
		const canAsk =
			model.kind === "markup" || model.kind === "figure" || (model.kind === "picture" && model.planes);
		if (!canAsk) return model;
		return { ...model, source: this.#live.add(id, value) };
	}

	#line(level: ConsoleOutput["level"], args: unknown[]): void {
		const whole = args.map(consoleText).join(" ");
		const text =
			whole.length <= maxLine
				? whole
				: `${whole.slice(0, maxLine)}… ${formatCount(whole.length - maxLine)} characters more`;
		if (this.lines.length < maxKeptLines) this.lines.push(text);
		if (++this.#lines > maxLinesAtOnce) this.#dropOldestLine();
		this.#push({ kind: "console", level, text });
	}

	#dropOldestLine(): void {
		const oldest = this.#waiting.findIndex(({ kind }) => kind === "console");
		this.#waiting.splice(oldest, 1);
		this.#lines--;
		this.#dropped++;
	}

	/** `within`: milliseconds that it may wait for more. */
	#push(output: Output, within = flushEvery): void {
		this.#waiting.push(output);
		const now = performance.now();
		if (now - this.#lastFlush > floodEvery) {
			this.flush();
			return;
		}
		const due = now + (this.#flooded ? floodEvery : within);
		if (due >= this.#due) return;
		clearTimeout(this.#timer);
		this.#due = due;
		this.#timer = setTimeout(() => this.flush(), due - now);
	}

	flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#due = Number.POSITIVE_INFINITY;
		this.#lastFlush = performance.now();
		this.#flooded = this.#lines + this.#dropped > floodFrom;
		const waiting = this.#waiting;
		this.#waiting = [];
		if (waiting.length === 0) return;
		const first = waiting.find(({ kind }) => kind === "console") as ConsoleOutput | undefined;
		if (first && this.#dropped > 0) first.dropped = this.#dropped;
		this.#lines = 0;
		this.#dropped = 0;
		try {
			this.#send(waiting);
		} catch {
			// One of them cannot cross to the page; the others can.
			for (const output of waiting) this.#sendAlone(output);
		}
	}

	#sendAlone(output: Output): void {
		try {
			this.#send([output]);
		} catch (error) {
			this.#send([{ kind: "notice", text: `A display cannot be shown: ${(error as Error).message}` }]);
		}
	}

	end(): void {
		const displays = this.#shown - this.displays.length;
		if (displays > this.#saidDisplays) this.#notice(`${formatCount(displays)} more displays are not shown.`);
		this.#saidDisplays = displays;
		this.flush();
	}

	#notice(text: string): void {
		this.#push({ kind: "notice", text });
	}
}

/** What a value looks like. A value that fails to say so is shown as that failure: a display never ends a run. */
function modelOf(value: unknown): DisplayModel {
	try {
		return describe(value) ?? { kind: "text", text: "undefined" };
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return { kind: "text", text: `This value cannot be shown: ${why}` };
	}
}
