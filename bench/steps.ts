/** The lesson's steps, one after the other, measured where this runs: in Node, or in a browser's worker. */
import {
	codecNames,
	type Multiscale,
	memoryStore,
	openArray,
	opfsStore,
	readImage,
	toMultiscale,
	toNgffZarr,
	toSpatialImage,
} from "../src/lib/index.ts";
import { measure, type Times } from "./measure.ts";

export interface Step {
	name: string;
	times: Times;
	/** Bytes of the chunks, where the step writes any. */
	stored?: number;
}

export interface Steps {
	shape: readonly number[];
	dtype: string;
	bytes: number;
	steps: Step[];
}

/** Measures every step on the stack in `tiff`. Progress is heard, as the lesson's page hears it. */
export async function measureSteps(tiff: Blob, onStep: (name: string) => void = () => {}): Promise<Steps> {
	const onProgress = () => {};
	const image = toSpatialImage(await readImage(tiff, { onProgress }));
	const steps: Step[] = [];
	const step = async (name: string, run: () => unknown, stored?: number) => {
		onStep(name);
		steps.push({ name, times: await measure(run), stored });
	};

	const target = image.data.slice();
	await step("copy the image", () => target.set(image.data as never));
	await step("readImage from a Blob", () => readImage(tiff, { onProgress }));
	await step("toMultiscale [2, 4]", () => toMultiscale(image, [2, 4], { onProgress }));
	const multiscale = await toMultiscale(image, [2, 4]);
	for (const codec of codecNames) {
		const store = memoryStore();
		const report = await toNgffZarr(store, multiscale, { codec });
		await step(
			`write ${codec}, memory`,
			() => toNgffZarr(memoryStore(), multiscale, { codec, onProgress }),
			report.stored,
		);
		const finest = await openArray(store, multiscale.paths[0]);
		await step(`read ${codec}, memory`, () => finest.read());
	}
	if ("storage" in navigator) await measureOpfs(multiscale, step);
	return { shape: image.shape, dtype: image.dtype, bytes: image.bytes, steps };
}

/** A new store for each run: replacing one would measure the removal too. */
async function measureOpfs(
	multiscale: Multiscale,
	step: (name: string, run: () => unknown, stored?: number) => Promise<void>,
): Promise<void> {
	const codec = "blosc-lz4";
	let runs = 0;
	const write = async () => {
		const store = await opfsStore(`bench/${runs++}`);
		return { store, report: await toNgffZarr(store, multiscale, { codec }) };
	};
	const { store, report } = await write();
	await step(`write ${codec}, OPFS`, write, report.stored);
	const finest = await openArray(store, multiscale.paths[0]);
	await step(`read ${codec}, OPFS`, () => finest.read());
	await (await opfsStore("bench")).clear();
}
