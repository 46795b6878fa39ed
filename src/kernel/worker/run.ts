/** Runs one cell: compile, evaluate, show, and say how it ended. */
import { setAmbientProgress } from "../../lib/progress.ts";
import { type Compiled, compile, parameterNames } from "../compile/compile.ts";
import type { ErrorOutput, FromKernel } from "../protocol.ts";
import { type Evaluate, runExercise } from "./exercise.ts";
import { causeOf, explain, runOf, sourceName } from "./explain.ts";
import { LiveSources } from "./live.ts";
import { countBytes } from "./loading.ts";
import { loadModule, pick } from "./modules.ts";
import { Namespace } from "./namespace.ts";
import { Outputs } from "./outputs.ts";
import { beginRun } from "./requests.ts";

type Send = (message: FromKernel) => void;
export interface RunRequest {
	run: number;
	cell: string;
	source: string;
	/** Present for an exercise: the code runs in a scope of its own and this check looks at what it did. */
	check?: string;
	/** The cell that each name comes from which this one uses. */
	from?: Record<string, string>;
}
/** Runs whose outputs can still be added to by other cells' code. */
const keptOutputs = 20;
/** A helper may be called from deep below the cell that caused the call. */
const stackDepth = 50;

type CellFunction = (...parameters: unknown[]) => Promise<unknown>;

export class Runner {
	readonly names = new Namespace();
	/** What displays can ask for. */
	readonly live = new LiveSources();
	readonly #compiled = new Map<number, Compiled>();
	readonly #outputs = new Map<number, Outputs>();
	readonly #send: Send;
	#current = 0;

	constructor(send: Send) {
		this.#send = send;
	}

	async run(request: RunRequest): Promise<void> {
		const { run, cell } = request;
		this.#current = run;
		beginRun(run, cell);
		this.names.use(request.from ?? {});
		const started = performance.now();
		this.live.forget(cell);
		const outputs = new Outputs((list) => this.#send({ type: "outputs", run, outputs: list }), {
			add: (id, value) => this.live.add(cell, run, id, value),
			remove: (id) => this.live.remove(run, id),
		});
		this.#outputs.set(run, outputs);
		if (this.#outputs.size > keptOutputs) this.#outputs.delete(Math.min(...this.#outputs.keys()));
		const restoreProgress = setAmbientProgress(outputs.progress);
		const ms = () => performance.now() - started;
		try {
			const result = await (request.check === undefined
				? this.#cell(request, outputs)
				: runExercise({ ...request, check: request.check }, this.names, outputs, this.#evaluate));
			outputs.end();
			this.#send({ type: "done", run, ms: ms(), ...result });
		} catch (error) {
			outputs.end();
			this.#send({ type: "failed", run, ms: ms(), error: this.#explain(error, cell) });
		} finally {
			restoreProgress();
		}
	}

	/** An error that came outside a run is told under the cell that it came from, or that ran last. */
	reportLate(what: string, error: unknown): void {
		const { message, place } = this.#explain(error, "");
		const run = runOf(error) ?? this.#current;
		const text = `${what}${place ? ` (line ${place.line})` : ""}: ${message}`;
		this.#send({ type: "outputs", run, outputs: [{ kind: "console", level: "error", text }] });
	}

	async #cell({ run, cell, source }: RunRequest, outputs: Outputs): Promise<{ defines: string[] }> {
		const compiled = compile(source, this.names.aliases);
		try {
			const value = await this.#evaluate(cell, run, compiled, outputs, (accessors) =>
				this.names.define(cell, accessors),
			);
			if (value !== undefined) outputs.display(value);
		} finally {
			this.names.settle(cell);
		}
		return { defines: [...compiled.defines.keys()] };
	}

	readonly #evaluate: Evaluate = async (cell, run, compiled, outputs, define, given = {}) => {
		for (const other of this.#compiled.keys()) if (other < run - 500) this.#compiled.delete(other);
		this.#compiled.set(run, compiled);
		// An indirect eval: the code sees the worker's global scope and its own parameters, nothing of this module.
		// biome-ignore lint/security/noGlobalEval: running the reader's code is what a cell is for
		const evaluate = globalThis.eval as (code: string) => CellFunction;
		const cellFunction = evaluate(`${compiled.code}\n//# sourceURL=${sourceName(cell, run)}`);
		const services = {
			define,
			given,
			names: this.names.names,
			import: async (name: unknown) => {
				const label = String(name);
				const what = `“${label}”`;
				this.#send({ type: "loading", run, what });
				const stop = countBytes((bytes) => this.#send({ type: "loading", run, what, bytes }));
				try {
					return await loadModule(label);
				} finally {
					stop();
					this.#send({ type: "running", run });
				}
			},
			pick: (loading: Record<string, unknown>, name: string, wanted: string[]) => pick(loading, name, wanted),
		};
		const parameters: Record<(typeof parameterNames)[number], unknown> = {
			__cw: services,
			display: (...values: unknown[]) => this.#causedBy(run, outputs).display(...values),
			console: new Proxy(outputs.console, {
				get: (_, key) => Reflect.get(this.#causedBy(run, outputs).console, key),
			}),
		};
		return cellFunction(...parameterNames.map((name) => parameters[name]));
	};

	/**
	 * Where output belongs that code of `run` makes: to the cell that runs, or to the one that called a function of
	 * this code; a callback of an earlier run stays that run's, however late.
	 */
	#causedBy(run: number, own: Outputs): Outputs {
		if (run === this.#current) return own;
		const { stackTraceLimit } = Error;
		Error.stackTraceLimit = stackDepth;
		const cause = causeOf(new Error().stack ?? "");
		Error.stackTraceLimit = stackTraceLimit;
		return (cause !== undefined && this.#outputs.get(cause)) || own;
	}

	#explain(error: unknown, cell: string): ErrorOutput {
		return explain(error, { cell, compiled: this.#compiled, names: this.names });
	}
}
