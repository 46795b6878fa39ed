/** The measurements in a browser's worker: asked for one by name, answers with it or with an error. */
import { measureBigHere } from "./big-here.ts";
import { measureSteps } from "./steps.ts";

export type Question =
	| { part: "steps"; tiff: string; rounds: number }
	| { part: "big"; raw: string; shape: number[] };

addEventListener("message", async ({ data: question }: MessageEvent<Question>) => {
	try {
		const onStep = (name: string) => postMessage({ begins: name });
		if (question.part === "steps") {
			// The body of an answer is a Blob that this worker holds, as after the lesson's download.
			const tiff = await (await fetch(question.tiff)).blob();
			postMessage({ result: await measureSteps(tiff, { onStep, rounds: question.rounds }) });
		} else {
			const sample = new Uint16Array(await (await fetch(question.raw)).arrayBuffer());
			postMessage({ result: await measureBigHere(sample, question.shape) });
		}
	} catch (error) {
		postMessage({ error: (error as Error).stack ?? String(error) });
	}
});
