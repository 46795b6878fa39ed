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
