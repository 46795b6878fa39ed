/** Writing and reading Zarr in memory, chunks of 64³: ours against zarrita with numcodecs. */
import * as zarrita from "zarrita";
import { Multiscale, memoryStore, openArray, type SpatialImage, toNgffZarr } from "../src/lib/index.ts";
import { type CodecName, codecChain, codecNames, installCodecs } from "../src/lib/zarr/codecs.ts";
import { median, printTable } from "./measure.ts";

/** zarrita's own, in a map; it has no gzip to write with, so numcodecs' is lent to it. */
async function zarritaWrite(image: SpatialImage, codec: CodecName): Promise<Map<string, Uint8Array>> {
	const map = new Map<string, Uint8Array>();
	const array = await zarrita.create(zarrita.root(map), {
		shape: [...image.shape],
		chunkShape: [64, 64, 64],
		dtype: "uint16",
		codecs: codecChain(codec, "uint16").metadata.map(({ name, configuration = {} }) => ({
			name,
			// Its blosc takes the shuffle as a number.
			configuration: name === "blosc" ? { ...configuration, shuffle: 1 } : configuration,
		})),
		fillValue: 0,
	});
	const [, height, width] = image.shape;
	const whole = {
		data: image.data as Uint16Array,
		shape: [...image.shape],
		stride: [height * width, width, 1],
	};
	await zarrita.set(array, null, whole);
	return map;
}

const stored = (values: Iterable<Uint8Array>) =>
	[...values].reduce((sum, value) => sum + value.byteLength, 0);

interface Measured {
	write: number;
	read: number;
	stored: number;
}

async function measureZarrita(image: SpatialImage, codec: CodecName): Promise<Measured> {
	const map = await zarritaWrite(image, codec);
	const array = await zarrita.open.v3(zarrita.root(map), { kind: "array" });
	return {
		write: await median(() => zarritaWrite(image, codec)),
		read: await median(() => zarrita.get(array)),
		stored: stored(map.values()),
	};
}

async function measureOurs(image: SpatialImage, codec: CodecName): Promise<Measured> {
	const multiscale = new Multiscale([image]);
	const store = memoryStore();
	await toNgffZarr(store, multiscale, { codec });
	const array = await openArray(store, multiscale.paths[0]);
	return {
		write: await median(() => toNgffZarr(memoryStore(), multiscale, { codec })),
		read: await median(() => array.read()),
		stored: store.bytes,
	};
}

export async function measureZarr(image: SpatialImage, copy: number): Promise<void> {
	// Reading has put our codecs into zarrita's registry: lend it numcodecs' own, and take them back.
	installCodecs();
	const ours = new Map(zarrita.registry);
	zarrita.registry.set("blosc", async () => (await import("numcodecs/blosc")).default as never);
	zarrita.registry.set("gzip", async () => (await import("numcodecs/gzip")).default as never);
	const theirs = new Map<CodecName, Measured>();
	for (const codec of codecNames) theirs.set(codec, await measureZarrita(image, codec));
	for (const [name, codec] of ours) zarrita.registry.set(name, codec);
	const rows: (string | number)[][] = [];
	for (const codec of codecNames) {
		const our = await measureOurs(image, codec);
		const their = theirs.get(codec) as Measured;
		rows.push([
			codec,
			our.write,
			their.write,
			our.write / copy,
			our.read,
			their.read,
			our.read / copy,
			(our.stored / 1e6).toFixed(2),
			(their.stored / 1e6).toFixed(2),
		]);
	}
	printTable(
		"Zarr in memory, chunks of 64 × 64 × 64: ours and zarrita 0.7 with numcodecs (ms; stored in MB)",
		["", "write", "zarrita", "× copy", "read", "zarrita", "× copy", "stored", "zarrita"],
		rows,
	);
}
