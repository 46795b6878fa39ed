/** A lesson as a reader would download it, its exercises solved; and what the kernel has its cells show. */
import { join } from "node:path";
import type { CellModel } from "../../src/authoring/page-model.ts";
import { readLessons } from "../../src/authoring/read-lessons.ts";
import { mayFail } from "../../src/components/work/outside.ts";
import type { CodeBlock } from "../../src/components/work/page-text.ts";
import type { FromKernel, Output } from "../../src/kernel/protocol.ts";
import { Runner } from "../../src/kernel/worker/run.ts";
import { displayText } from "../../src/lib/view/as-text.ts";

const folder = join(import.meta.dirname, "../../src/content/docs");

/** The cells of a page, in order, with the solutions in its exercises. */
export async function solvedCells(page: string): Promise<(CodeBlock & Pick<CellModel, "check">)[]> {
	const lesson = (await readLessons(folder)).find(({ name }) => name === `${page}.mdx`);
	if (!lesson) throw new Error(`There is no page ${page}.`);
	return lesson.cells.map(({ id, title, source, check, solution }) => ({
		kind: "cell",
		id,
		title,
		source: check === undefined ? source : (solution ?? source),
		exercise: check !== undefined,
		...(check === undefined ? {} : { check }),
		...(mayFail(check) ? { mayFail: true } : {}),
	}));
}

/** What the page shows of the cells, run in order in one kernel, as lines of text; pictures are named by `picture`. */
export async function shownOnPage(
	cells: Awaited<ReturnType<typeof solvedCells>>,
	picture: (number: number) => string,
): Promise<string[]> {
	const messages: FromKernel[] = [];
	const runner = new Runner((message) => messages.push(message));
	const lines: string[] = [];
	let pictures = 0;
	try {
		for (const [i, { id, source, check, mayFail }] of cells.entries()) {
			messages.length = 0;
			await runner.run({ run: i + 1, cell: id, source, ...(check === undefined ? {} : { check }) });
			const failed = messages.find((message) => message.type === "failed");
			if (failed?.type === "failed" && !mayFail) throw new Error(`${id}: ${failed.error.message}`);
			const outputs = messages.flatMap((message): Output[] =>
				message.type === "outputs" ? message.outputs : [],
			);
			for (const output of outputs) {
				if (output.kind === "console") lines.push(output.text);
				if (output.kind !== "display") continue;
				lines.push(displayText(output.model));
				if (output.model.kind === "picture") lines.push(picture(++pictures));
			}
		}
	} finally {
		for (const { id } of cells) runner.names.forget(id);
	}
	return lines.flatMap((text) => text.split("\n"));
}
