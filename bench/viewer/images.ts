/** The images that the viewers open. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { generateAll, phantomImageName } from "../../scripts/generate-images.ts";
import { publicDir } from "../../scripts/paths.ts";
import { toMultiscale, toNgffZarr, toSpatialImage } from "../../src/lib/index.ts";
import { folderStore } from "../../src/lib/node.ts";
import { openViewSource } from "../../src/lib/viewer/source.ts";

/** A level as both viewers see it. */
export interface MeasuredLevel {
	/** Of its array, from the image's root. */
	path: string;
	/** Pixels of the finest level along the edge of one of its pixels. */
	step: number;
	/** y, x. */
	shape: [number, number];
	chunks: [number, number];
}

export interface MeasuredImage {
	what: string;
	folder: string;
	levels: MeasuredLevel[];
	/** Values drawn black and white. */
	window: [number, number];
}

const bigEdge = 2048;
const bigPlanes = 16;
const bigChunk = 256;

export type ImageName = "phantom" | "big04" | "big05";

/** Images that are made are written below `folder`. */
export async function measuredImages(folder: string): Promise<Record<ImageName, MeasuredImage>> {
	const phantom = join(publicDir, "data", phantomImageName);
	if (!existsSync(phantom)) await generateAll(publicDir);
	const image = toSpatialImage({ data: synthetic(), shape: [bigPlanes, bigEdge, bigEdge] }, { name: "big" });
	const halves = { z: 1, y: 2, x: 2 };
	const multiscale = await toMultiscale(image, [halves, halves, halves, halves], {
		chunks: { z: 1, y: bigChunk, x: bigChunk },
	});
	const big = async (version: "0.4" | "0.5"): Promise<MeasuredImage> => {
		const place = join(folder, `big-${version}.ome.zarr`);
		await toNgffZarr(folderStore(place), multiscale, {
			...{ version, codec: "blosc-lz4" },
			channels: [{ label: "synthetic", color: "FFFFFF" }],
		});
		return {
			what: `${bigEdge}² × ${bigPlanes}, ${version}`,
			folder: place,
			window: [0, 1000],
			levels: await levelsOf(place),
		};
	};
	return {
		phantom: {
			what: "the phantom, 0.5",
			folder: phantom,
			window: [60, 200],
			levels: await levelsOf(phantom),
		},
		big04: await big("0.4"),
		big05: await big("0.5"),
	};
}

async function levelsOf(folder: string): Promise<MeasuredLevel[]> {
	const { levels } = (await openViewSource(folderStore(folder))).image;
	const [finest] = levels;
	const lastTwo = (list: readonly number[]) => list.slice(-2) as [number, number];
	return levels.map(({ path, shape, chunks, scale }) => ({
		path,
		step: scale[2] / finest.scale[2],
		shape: lastTwo(shape),
		chunks: lastTwo(chunks),
	}));
}

/** Blobs on a ground with noise, uint16: it compresses about as images of a microscope do. */
function synthetic(): Uint16Array {
	const data = new Uint16Array(bigPlanes * bigEdge * bigEdge);
	const wave = Float64Array.from({ length: bigEdge }, (_, i) => Math.sin(i / 23) + Math.sin(i / 71));
	let at = 0;
	let random = 1;
	for (let z = 0; z < bigPlanes; z++) {
		for (let y = 0; y < bigEdge; y++) {
			const ofRow = wave[(y + 31 * z) % bigEdge];
			for (let x = 0; x < bigEdge; x++) {
				random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
				const light = Math.max(0, ofRow * wave[x] - 0.4);
				data[at++] = 100 + light * 400 + (random >>> 26);
			}
		}
	}
	return data;
}
