/** Outputs of one run on their way to the page: gathered for a moment, so that a chatty loop does not flood it. */
import type { DisplayModel } from "../../lib/display.ts";
import type { Progress } from "../../lib/progress.ts";
import { consoleText, describe } from "../display/describe.ts";
import type { ConsoleOutput, Output } from "../protocol.ts";

const flushEvery = 16;
/** More console lines of one run than this are counted, not shown. */
const maxConsoleLines = 1000;

export class Outputs {
	#waiting: Output[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;
	#lines = 0;
	readonly #send: (outputs: Output[]) => void;
	readonly #started = new Map<string, number>();
	/** All models displayed, for checks. */
	readonly displays: DisplayModel[] = [];
	readonly lines: string[] = [];

	constructor(send: (outputs: Output[]) => void) {
		this.#send = send;
	}

	readonly display = (value: unknown): void => {
		const model = describe(value);
		if (!model) {
			this.#push({ kind: "notice", text: "display() was given nothing (undefined)." });
			return;
		}
		this.displays.push(model);
		this.#push({ kind: "display", model });
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
		this.#push(output);
	};

	/** The console as a cell sees it. What it does not know goes to the worker's own. */
	readonly console: Console = new Proxy(globalThis.console, {
		get: (target, key) => {
			if (key === "log" || key === "info" || key === "warn" || key === "error" || key === "debug") {
				return (...args: unknown[]) => this.#line(key, args);
			}
			if (key === "table") return (value: unknown) => this.display(value);
			return Reflect.get(target, key);
		},
	});

	#line(level: ConsoleOutput["level"], args: unknown[]): void {
		this.#lines++;
		if (this.#lines > maxConsoleLines) return;
		const text = args.map(consoleText).join(" ");
		this.lines.push(text);
		this.#push({ kind: "console", level, text });
	}

	#push(output: Output): void {
		this.#waiting.push(output);
		this.#timer ??= setTimeout(() => this.flush(), flushEvery);
	}

	flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#waiting.length > 0) this.#send(this.#waiting);
		this.#waiting = [];
	}

	end(): void {
		const hidden = this.#lines - maxConsoleLines;
		if (hidden > 0) this.#push({ kind: "notice", text: `${hidden} more console lines are not shown.` });
		this.flush();
	}
}
