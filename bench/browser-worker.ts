/** The steps in a browser's worker. Gets the address of a TIFF, answers with the measurements or with an error. */
import { measureSteps } from "./steps.ts";

addEventListener("message", async (event: MessageEvent<string>) => {
	try {
		const answer = await fetch(event.data);
		// The body of an answer is a Blob that this worker holds, as after the lesson's download.
		const tiff = await answer.blob();
		postMessage({ result: await measureSteps(tiff, (name) => postMessage({ begins: name })) });
	} catch (error) {
		postMessage({ error: (error as Error).stack ?? String(error) });
	}
});
