/** Runs one cell: compile, evaluate, show, and say how it ended. */
import { setAmbientProgress } from "../../lib/progress.ts";
import { type Compiled, compile, parameterNames } from "../compile/compile.ts";
import type { ErrorOutput, FromKernel, Verdict } from "../protocol.ts";
import { CheckFailed, createExpect } from "./expect.ts";
import { explain, runOf, sourceName } from "./explain.ts";
import { loadModule, pick } from "./modules.ts";
import { type Accessors, Namespace } from "./namespace.ts";
import { Outputs } from "./outputs.ts";

type Send = (message: FromKernel) => void;
export interface RunRequest {
	run: number;
	cell: string;
	source: string;
	/** Present for an exercise: the code runs in a scope of its own and this check looks at what it did. */
	check?: string;
}
type CellFunction = (...parameters: unknown[]) => Promise<unknown>;

export class Runner {
	readonly names = new Namespace();
	readonly #compiled = new Map<number, Compiled>();
	readonly #send: Send;
	#current = 0;

	constructor(send: Send) {
		this.#send = send;
	}

	async run(request: RunRequest): Promise<void> {
		const { run, cell } = request;
		this.#current = run;
		const started = performance.now();
		const outputs = new Outputs((list) => this.#send({ type: "outputs", run, outputs: list }));
		const restoreProgress = setAmbientProgress(outputs.progress);
		const ms = () => performance.now() - started;
		try {
			const result = await (request.check === undefined
				? this.#cell(request, outputs)
				: this.#exercise(request, request.check, outputs));
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

	async #exercise(
		{ run, cell, source }: RunRequest,
		check: string,
		outputs: Outputs,
	): Promise<{ defines: string[]; verdict: Verdict }> {
		let accessors: Accessors = {};
		const compiled = compile(source, this.names.aliases);
		const value = await this.#evaluate(cell, run, compiled, outputs, (own) => {
			accessors = own;
		});
		if (value !== undefined) outputs.display(value);
		const { expect, count } = createExpect();
		const given: Record<string, unknown> = {
			expect,
			value,
			source,
			displays: outputs.displays,
			lines: outputs.lines,
			fail: (message: string) => {
				throw new CheckFailed(message);
			},
		};
		for (const [name, accessor] of Object.entries(accessors)) given[name] = accessor.get();
		const verdict = await this.#check(check, given, count);
		return { defines: [...compiled.defines.keys()], verdict };
	}

	async #check(check: string, given: Record<string, unknown>, count: () => number): Promise<Verdict> {
		const compiled = compile(check, this.names.aliases, Object.keys(given));
		try {
			await this.#evaluate("check", -1, compiled, new Outputs(() => {}), () => {}, given);
			return { passed: true, checks: count() };
		} catch (error) {
			if (error instanceof CheckFailed)
				return { passed: false, message: error.message, detail: error.detail };
			const missing = error instanceof ReferenceError && /^([\w$]+) is not defined/.exec(error.message);
			if (missing)
				return {
					passed: false,
					message: `The check looks for ${missing[1]}, which your code does not define.`,
				};
			return { passed: false, message: `The check could not use your answer: ${(error as Error).message}` };
		}
	}

	async #evaluate(
		cell: string,
		run: number,
		compiled: Compiled,
		outputs: Outputs,
		define: (accessors: Accessors) => void,
		given: Record<string, unknown> = {},
	): Promise<unknown> {
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
				this.#send({ type: "loading", run, what: label });
				const loaded = await loadModule(label);
				this.#send({ type: "running", run });
				return loaded;
			},
			pick: (loading: Record<string, unknown>, name: string, wanted: string[]) => pick(loading, name, wanted),
		};
		const parameters: Record<(typeof parameterNames)[number], unknown> = {
			__cw: services,
			display: outputs.display,
			console: outputs.console,
		};
		return cellFunction(...parameterNames.map((name) => parameters[name]));
	}

	#explain(error: unknown, cell: string): ErrorOutput {
		return explain(error, { cell, compiled: this.#compiled, names: this.names });
	}
}
