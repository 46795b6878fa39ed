/** Keeping the memory of a long run bounded: the engine is told when to collect what nobody uses. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Milliseconds between two looks at the memory in use. */
const lookEvery = 25;
/** Bytes that are new since garbage was collected and are worth another time. */
const worthCollecting = 24 << 20;

/**
 * Collects garbage where arrays take more than so many bytes: the engine would let chunks and planes that nobody uses any
 * more pile up far beyond it, within one part too.
 * @returns what ends it
 */
export function collectWhile(limit: number): () => void {
	setFlagsFromString("--expose-gc");
	const collectGarbage = runInNewContext("gc") as () => void;
	let left = 0;
	const timer = setInterval(() => {
		if (process.memoryUsage().arrayBuffers < Math.max(limit, left + worthCollecting)) return;
		collectGarbage();
		left = process.memoryUsage().arrayBuffers;
	}, lookEvery);
	return () => clearInterval(timer);
}
