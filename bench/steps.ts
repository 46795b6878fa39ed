/**
 * The lesson's steps, each in turn with its peers, where this runs: in Node, or in a browser's worker. The first peer is
 * a plain copy of the image.
 */
import {
	codecNames,
	type Multiscale,
	Multiscale as MultiscaleOf,
	memoryStore,
	openArray,
	opfsStore,
	readImage,
	toMultiscale,
	toNgffZarr,
	toSpatialImage,
} from "../src/lib/index.ts";
import { measureTogether, type Run, type Times } from "./measure.ts";
import { zarritaReader, zarritaWrite } from "./zarrita-peer.ts";

export interface Step {
	name: string;
	ours: Times;
	copy: Times;
	zarrita?: Times;
	python?: Times;
	/** Bytes of the chunks, where the step writes any. */
	stored?: number;
}

export interface Steps {
	shape: readonly number[];
	dtype: string;
	bytes: number;
	steps: Step[];
}

/** Where Python is, the run of a peer's task. */
export type PythonRun = (task: string, needs: string) => Run | undefined;

/** Measures every step on the stack in `tiff`. Progress is heard, as the lesson's page hears it. */
export async function measureSteps(
	tiff: Blob,
	{ onStep = (_: string) => {}, python = (() => undefined) as PythonRun, rounds = 5 } = {},
): Promise<Steps> {
	const onProgress = () => {};
	const image = toSpatialImage(await readImage(tiff, { onProgress }));
	const steps: Step[] = [];
	const target = image.data.slice();
	const copy = () => target.set(image.data as never);
	const step = async (
		name: string,
		ours: Run,
		peers: { zarrita?: Run; python?: Run } = {},
		stored?: number,
	) => {
		onStep(name);
		const runs: Record<string, Run> = { copy, ours };
		for (const [peer, run] of Object.entries(peers)) if (run) runs[peer] = run;
		const times = await measureTogether(runs, { rounds });
		steps.push({
			name,
			ours: times.ours,
			copy: times.copy,
			zarrita: times.zarrita,
			python: times.python,
			stored,
		});
	};

	await step("readImage", () => readImage(tiff, { onProgress }), { python: python("tiff", "tifffile") });
	await step("toMultiscale [2, 4]", () => toMultiscale(image, [2, 4], { onProgress }), {
		python: python("pyramid", "xarray"),
	});
	const finest = new MultiscaleOf([image]);
	for (const codec of codecNames) {
		const store = memoryStore();
		const report = await toNgffZarr(store, finest, { codec });
		await step(
			`write ${codec}`,
			() => toNgffZarr(memoryStore(), finest, { codec, onProgress }),
			{ zarrita: () => zarritaWrite(image, codec), python: python(`write ${codec}`, "zarr") },
			report.stored,
		);
		const array = await openArray(store, finest.paths[0]);
		await step(`read ${codec}`, () => array.read(), {
			zarrita: await zarritaReader(await zarritaWrite(image, codec)),
			python: python(`read ${codec}`, "zarr"),
		});
	}
	if ("storage" in navigator) await measureOpfs(await toMultiscale(image, [2, 4]), step);
	return { shape: image.shape, dtype: image.dtype, bytes: image.bytes, steps };
}

/** A new store for each run: replacing one would measure the removal too. */
async function measureOpfs(
	multiscale: Multiscale,
	step: (name: string, run: Run, peers?: object, stored?: number) => Promise<void>,
): Promise<void> {
	const codec = "blosc-lz4";
	let runs = 0;
	const write = async () => {
		const store = await opfsStore(`bench/${runs++}`);
		return { store, report: await toNgffZarr(store, multiscale, { codec }) };
	};
	const { store, report } = await write();
	await step(`write three levels, ${codec}, OPFS`, write, {}, report.stored);
	const finest = await openArray(store, multiscale.paths[0]);
	await step(`read ${codec}, OPFS`, () => finest.read());
	await (await opfsStore("bench")).clear();
}
