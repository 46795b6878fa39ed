/** Channels, labels and plates of ours, and what version conversion makes of them, as ome-zarr-py's reader sees them. */
import { join } from "node:path";
import { convertNgff, toMultiscale, toNgffZarr, writeLabels, writePlate } from "../../src/lib/index.ts";
import { folderStore } from "../../src/lib/node.ts";
import { askPeers } from "./python.ts";
import type { Report } from "./report.ts";
import { canonical, waves } from "./values.ts";

/** A node that the reader finds: its path below the store, its specifications, the shapes of its levels. */
interface Node {
	path: string;
	specs: string[];
	shapes: number[][];
	channels?: string[];
}

interface Expected {
	name: string;
	path: string;
	nodes: Node[];
}

type Version = "0.4" | "0.5";

const shapes = [
	[2, 12, 40, 36],
	[2, 6, 20, 18],
];

async function channelsAndLabels(folder: string, version: Version): Promise<Expected> {
	const path = join(folder, `channels and labels ${version}.ome.zarr`);
	const store = folderStore(path);
	const image = await toMultiscale(waves("uint16", shapes[0]), [2]);
	const channels = [
		{ label: "DAPI", color: "0000FF", window: { start: 10, end: 90 } },
		{ label: "GFP", color: "00FF00" },
	];
	await toNgffZarr(store, image, { version, channels });
	const labels = await toMultiscale(waves("uint8", [1, ...shapes[0].slice(1)]), [2], { method: "mode" });
	await writeLabels(store, labels, {
		name: "nuclei",
		colors: [{ value: 1, rgba: [255, 0, 0, 128] }],
		properties: [{ value: 1, class: "nucleus" }],
	});
	const labelShapes = labels.levels.map(({ shape }) => [...shape]);
	return {
		name: `channels and labels ${version}`,
		path,
		nodes: [
			{ path: "", specs: ["Multiscales", "OMERO"], shapes, channels: ["DAPI", "GFP"] },
			{ path: "labels/nuclei", specs: ["Multiscales", "Label"], shapes: labelShapes },
		],
	};
}

async function plate(folder: string, version: Version): Promise<Expected> {
	const path = join(folder, `plate ${version}.ome.zarr`);
	const store = folderStore(path);
	const fields = [{ path: "0" }];
	const images = await writePlate(
		store,
		{
			name: "a plate",
			rows: ["A", "B"],
			columns: ["1", "2"],
			wells: [
				{ row: "A", column: "1", fields },
				{ row: "B", column: "2", fields },
			],
		},
		{ version },
	);
	const image = await toMultiscale(waves("uint16", [1, 1, 1, 32, 24]), [{ y: 2, x: 2 }]);
	for (const at of images) await toNgffZarr(store, image, { version, path: at });
	// The reader shows a plate as one mosaic of its wells.
	return {
		name: `plate ${version}`,
		path,
		nodes: [{ path: "", specs: ["Plate"], shapes: [[1, 1, 1, 64, 48]] }],
	};
}

/** 0.4 to 0.5 in place, with the chunks untouched. */
async function converted(folder: string): Promise<Expected> {
	const { path, nodes } = await channelsAndLabels(join(folder, "before"), "0.4");
	await convertNgff(folderStore(path), { to: "0.5" });
	return { name: "channels and labels, converted from 0.4 to 0.5", path, nodes };
}

export async function checkWholeImages(report: Report, python: string, folder: string): Promise<void> {
	const expected: Expected[] = [];
	for (const version of ["0.4", "0.5"] as const) {
		expected.push(await channelsAndLabels(folder, version));
		expected.push(await plate(folder, version));
	}
	expected.push(await converted(folder));
	const { nodes } = askPeers<{ nodes: (Node[] | { error: string })[] }>(python, "nodes", {
		paths: expected.map(({ path }) => path),
	});
	for (const [i, { name, nodes: wanted }] of expected.entries()) {
		const seen = nodes[i];
		const missing = "error" in seen ? [] : wanted.filter((node) => !seen.some((one) => matches(one, node)));
		const problems =
			"error" in seen
				? [seen.error]
				: missing.map((node) => `${canonical(node)} is not among ${canonical(seen)}`);
		report.check(`${name} in ome-zarr-py`, problems);
	}
}

function matches(seen: Node, wanted: Node): boolean {
	return (
		seen.path === wanted.path &&
		wanted.specs.every((spec) => seen.specs.includes(spec)) &&
		wanted.shapes.every((shape, i) => canonical(seen.shapes[i]) === canonical(shape)) &&
		(wanted.channels === undefined || canonical(seen.channels) === canonical(wanted.channels))
	);
}
