/**
 * Memory that chunks are decoded into, kept for the chunks after them: the system gives new memory page by page as it is
 * first written to, and takes freed memory back, which in Chromium costs five times as long as filling it.
 */
import type { Memory } from "./codec-pipeline.ts";

/** Bytes kept while nobody reads. */
const mostKept = 16 << 20;

const kept: Uint8Array[] = [];
let keptBytes = 0;

/** Memory that nobody else uses until it is given back, after which its content is another's. */
export function lentMemory(): { memory: Memory; giveBack: () => void } {
	let lent: Uint8Array[] = [];
	return {
		memory(size) {
			const at = kept.findIndex(({ byteLength }) => byteLength === size);
			const [bytes = new Uint8Array(size)] = at < 0 ? [] : kept.splice(at, 1);
			if (at >= 0) keptBytes -= size;
			lent.push(bytes);
			return bytes;
		},
		giveBack() {
			for (const bytes of lent) {
				kept.push(bytes);
				keptBytes += bytes.byteLength;
			}
			lent = [];
			while (keptBytes > mostKept) keptBytes -= kept.shift()?.byteLength ?? 0;
		},
	};
}
