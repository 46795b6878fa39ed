/** Runs cells in one kernel in this process, as the worker would, and gives their values; throws the first error. */

import type { FromKernel } from "../../src/kernel/protocol.ts";
import { Runner } from "../../src/kernel/worker/run.ts";
import type { DisplayModel } from "../../src/lib/display.ts";

export async function runCells(sources: string[]): Promise<unknown[]> {
	const messages: FromKernel[] = [];
	const runner = new Runner((message) => messages.push(message));
	const values: unknown[] = [];
	try {
		for (const [i, source] of sources.entries()) {
			await runner.run({ run: i + 1, cell: `c${i}`, source });
			const failed = messages.find((m) => m.type === "failed");
			if (failed?.type === "failed") throw failed.error;
			values.push(lastValue(messages, i + 1));
		}
	} finally {
		for (let i = 0; i < sources.length; i++) runner.names.forget(`c${i}`);
	}
	return values;
}

/** The value that a run displayed last, read back from its display. */
function lastValue(messages: FromKernel[], run: number): unknown {
	const models: DisplayModel[] = [];
	for (const message of messages) {
		if (message.type !== "outputs" || message.run !== run) continue;
		for (const output of message.outputs) if (output.kind === "display") models.push(output.model);
	}
	const model = models.at(-1);
	if (model?.kind === "text") return /^-?\d+$/.test(model.text) ? Number(model.text) : model.text;
	return model && "value" in model ? model.value : model;
}

/** Runs cells in one kernel; gives what each displayed last as text, the console in order, and the first error. */
export async function seeCells(...sources: string[]) {
	const messages: FromKernel[] = [];
	const runner = new Runner((message) => messages.push(message));
	try {
		for (const [i, source] of sources.entries()) {
			await runner.run({ run: i + 1, cell: `c${i}`, source });
		}
	} finally {
		for (const i of sources.keys()) runner.names.forget(`c${i}`);
	}
	const shown: (string | undefined)[] = sources.map(() => undefined);
	const lines: string[] = [];
	for (const message of messages) {
		if (message.type !== "outputs") continue;
		for (const output of message.outputs) {
			if (output.kind === "console") lines.push(output.text);
			if (output.kind === "display" && output.model.kind === "text")
				shown[message.run - 1] = output.model.text;
		}
	}
	const failed = messages.find((message) => message.type === "failed");
	return { shown, last: shown.at(-1), lines, error: failed?.type === "failed" ? failed.error : undefined };
}
