/** A viewer's chunks from the cell that displays it: each is asked of the kernel that has the image. */
import type { ViewAnswer, ViewQuestionAnswer } from "../../lib/viewer/show.ts";
import { askKernel } from "../cell/displays/live.ts";
import type { LiveSource } from "./worker-source.ts";

/**
 * @param source the number by which the kernel knows the image
 * @throws Error where the kernel is gone, or the image cannot be read
 */
export async function openInKernel(source: string): Promise<LiveSource> {
	const { image } = await askKernel<ViewAnswer>(source, { chunk: null });
	return {
		image,
		opening: { requests: 0, bytes: 0 },
		async read(level, coords, { signal, onRequest }) {
			const { values, requests } = await askKernel<ViewQuestionAnswer>(source, { chunk: { level, coords } });
			signal.throwIfAborted();
			for (const request of requests) onRequest?.(request);
			return values;
		},
		close() {},
	};
}
