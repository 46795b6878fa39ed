/** 1 GiB (the sample again and again): levels and writing, in Node with Python in turn, and in Chromium. */
import { type SpatialImage, toSpatialImage } from "../src/lib/index.ts";
import { type BigTimes, bigShape, measureBigHere } from "./big-here.ts";
import type { BrowserBench } from "./browser.ts";
import { type Run, showTable } from "./measure.ts";
import { PythonPeers } from "./python.ts";
import { verdict } from "./targets.ts";

export async function measureBig(sample: SpatialImage, browser: BrowserBench | undefined): Promise<void> {
	const started: PythonPeers[] = [];
	const peers = async (data: Uint16Array) => {
		const python = await PythonPeers.start(toSpatialImage({ data, shape: [...bigShape] }));
		if (typeof python === "string") return {};
		started.push(python);
		const runs: Record<string, Run | undefined> = {
			xarray: python.run("pyramid", "xarray"),
			zarrPython: python.run("write blosc-lz4", "zarr"),
		};
		return Object.fromEntries(Object.entries(runs).filter(([, run]) => run)) as Record<string, Run>;
	};
	let node: BigTimes;
	try {
		node = await measureBigHere(sample.data as Uint16Array, sample.shape, peers);
	} finally {
		for (const python of started) python.close();
	}
	const chromium = await browser?.big(sample.shape);
	const row = (name: "pyramid" | "write", where: BigTimes | undefined, peer: string, most: number) => {
		if (!where) return [];
		const times = where[name];
		const other = node[peer];
		return [
			times.median,
			(times.median / where.copy.median).toFixed(1),
			...(where === node ? [other?.median ?? "not there"] : []),
			other ? verdict(times.median / other.median, most) : "",
		];
	};
	showTable({
		name: "big",
		title: `1 GiB (${bigShape.join(" × ")} uint16, the sample repeated)`,
		columns: [
			"",
			"Node ms",
			"× copy",
			"Python ms",
			"ours / Python",
			...(chromium ? ["Chromium ms", "× copy", "ours / Python"] : []),
		],
		rows: [
			["copy", node.copy.median, "1", "", "", ...(chromium ? [chromium.copy.median, "1", ""] : [])],
			[
				"toMultiscale [2, 4] (xarray)",
				...row("pyramid", node, "xarray", 0.1),
				...row("pyramid", chromium, "xarray", 0.1),
			],
			[
				"write blosc-lz4 (zarr-python)",
				...row("write", node, "zarrPython", 3),
				...row("write", chromium, "zarrPython", 3),
			],
		],
	});
}
