/** Advice on how to store an image, from its shape and from how it will be read, with the reasons. */
import { formatBytes, formatCount } from "../format.ts";
import { product } from "../types.ts";
import { type ImageToStore, planConversion, type StorageChoice, storedItemBytes } from "./conversion-plan.ts";

/** What is read most: planes, volumes, time points one after the other, or single pixels through time. */
export type ReadingUse = "planes" | "volumes" | "film" | "trace";
/** From where: a viewer far from the store, or programs next to it. */
export type ReadingPlace = "web" | "cluster";

export interface Wishes {
	use: ReadingUse;
	place: ReadingPlace;
	/** The values name objects and must not be averaged. */
	labels?: boolean;
	/** Default 0.5. */
	format?: StorageChoice["format"];
}

export interface Reason {
	about: "chunks" | "levels" | "shards" | "codec" | "format";
	text: string;
}

export interface Advice {
	choice: StorageChoice;
	reasons: Reason[];
}

/** Bytes of a chunk in memory that suit a place. */
export const chunkBudget: Record<ReadingPlace, number> = { web: 512 << 10, cluster: 4 << 20 };
/** A frame of a film is one chunk up to so many times the budget. */
const frameBudget = 4;
/** A line to a store far away, for the reasons: ms, and bytes a second. */
const farLine = { latency: 50, bandwidth: 10e6 };
/** Files beyond which shards are advised: folders of more are slow to copy, to list and to delete. */
export const manyFiles: Record<ReadingPlace, number> = { web: 5000, cluster: 1000 };
/** Bytes of a shard in memory: written as a whole, so it must be small beside the memory of a browser. */
const shardBudget = 32 << 20;
/** A level is coarse enough when its plane is at most so long: it fills half a screen. */
const coarseEdge = 512;
/** Of a volume besides: elements that a 3-D view can take at once. */
const coarseElements = 256 ** 3 / 2;
const mostLevels = 10;

const spatial = ["z", "y", "x"];

/** Uses that an image of these axes can have. */
export function usesOf({ dims, shape }: Pick<ImageToStore, "dims" | "shape">): ReadingUse[] {
	const has = (dim: string) => dims.includes(dim) && shape[dims.indexOf(dim)] > 1;
	return [
		"planes",
		...(has("z") ? (["volumes"] as const) : []),
		...(has("t") ? (["film", "trace"] as const) : []),
	];
}

/** How to store an image that is read in a certain way. */
export function adviseConversion(image: ImageToStore, wishes: Wishes): Advice {
	const use = usesOf(image).includes(wishes.use) ? wishes.use : "planes";
	const { place, labels = false, format = "ome-zarr-0.5" } = wishes;
	const chunks = adviseChunks(image, use, place);
	const factors = adviseFactors(image);
	const method = labels ? ("mode" as const) : ("mean" as const);
	const codec = labels || place === "web" ? ("blosc-zstd" as const) : ("blosc-lz4" as const);
	const plain: StorageChoice = { format, chunks, factors, method, codec };
	const { files } = planConversion(image, plain);
	const sharded = format === "ome-zarr-0.5" && files > manyFiles[place];
	const choice = sharded ? { ...plain, shards: adviseShards(image, chunks) } : plain;
	return {
		choice,
		reasons: [
			{ about: "chunks", text: chunkReason(image, choice, use, place) },
			{ about: "levels", text: levelReason(image, choice, labels) },
			{ about: "shards", text: shardReason(image, choice, place, files) },
			{ about: "codec", text: codecReason(place, labels) },
			{ about: "format", text: formatReason(format) },
		],
	};
}

/** The chunk shape that one use from one place asks for, one length for each axis. */
export function adviseChunks(image: ImageToStore, use: ReadingUse, place: ReadingPlace): number[] {
	const { dims, shape } = image;
	const length = (dim: string) => (dims.includes(dim) ? shape[dims.indexOf(dim)] : 1);
	const elements = Math.floor(chunkBudget[place] / storedItemBytes(image));
	const own: Record<string, number> = {};
	if (use === "trace") {
		// Half of the chunk's room for time, in powers of two, the rest for a small tile: neighbours are looked at next.
		own.t = fitted(length("t"), powerBelow(Math.max(64, elements / 32 ** 2)));
		Object.assign(own, evenEdges(image, ["y", "x"], elements / own.t));
	} else if (use === "film" && length("y") * length("x") <= elements * frameBudget) {
		own.y = length("y");
		own.x = length("x");
	} else {
		Object.assign(own, evenEdges(image, use === "volumes" ? spatial : ["y", "x"], elements));
	}
	return dims.map((dim) => own[dim] ?? 1);
}

/**
 * Edges of about `elements` together: the same power of two along all axes, but whole axes that are little longer, whose
 * room goes to the others.
 */
function evenEdges(
	{ dims, shape }: ImageToStore,
	axes: readonly string[],
	elements: number,
): Record<string, number> {
	const present = axes.filter((dim) => dims.includes(dim));
	const byLength = present
		.map((dim) => ({ dim, length: shape[dims.indexOf(dim)] }))
		.sort((a, b) => a.length - b.length);
	const edges: Record<string, number> = {};
	let room = Math.max(1, elements);
	for (const [i, { dim, length }] of byLength.entries()) {
		const edge = powerBelow(room ** (1 / (byLength.length - i)));
		edges[dim] = fitted(length, edge);
		room = Math.max(1, room / edges[dim]);
	}
	return edges;
}

/** The edge, or the whole axis where that is little longer: a second chunk would be nearly all padding. */
function fitted(length: number, edge: number): number {
	return length <= edge * 1.25 ? length : edge;
}

function powerBelow(n: number): number {
	return 2 ** Math.max(0, Math.floor(Math.log2(n) + 1e-9));
}

/** When z is halved: when its samples lie no further apart than those of y and x, with these, or never. */
export type HalvingAlongZ = "voxels" | "with" | "never";

/**
 * Factors of coarser levels: halves along the axes of space, but first along those whose samples lie closest, until
 * the samples lie alike; as many as the coarsest level needs to be seen at once.
 * @param options `count`: so many levels, as long as there is something to halve
 */
export function adviseFactors(
	{ dims, shape, scale }: ImageToStore,
	{ along = "voxels", count }: { along?: HalvingAlongZ; count?: number } = {},
): Record<string, number>[] {
	const axes = spatial.filter((dim) => dims.includes(dim));
	const lengths = Object.fromEntries(axes.map((dim) => [dim, shape[dims.indexOf(dim)]]));
	const steps = Object.fromEntries(axes.map((dim) => [dim, Math.abs(scale[dim] ?? 1) || 1]));
	const levels: Record<string, number>[] = [];
	const small = () =>
		Math.max(...axes.filter((dim) => dim !== "z").map((dim) => lengths[dim])) <= coarseEdge &&
		(along === "never" || product(Object.values(lengths)) <= coarseElements);
	const enough = () =>
		count === undefined ? small() || levels.length >= mostLevels : levels.length >= count;
	while (!enough()) {
		const free = axes.filter((dim) => lengths[dim] >= 2 && (along !== "never" || dim !== "z"));
		const finest = Math.min(...free.map((dim) => steps[dim]));
		const halved = along === "voxels" ? free.filter((dim) => steps[dim] < 1.5 * finest) : free;
		if (halved.length === 0) break;
		for (const dim of halved) {
			lengths[dim] = Math.floor(lengths[dim] / 2);
			steps[dim] *= 2;
		}
		levels.push(Object.fromEntries(axes.map((dim) => [dim, halved.includes(dim) ? 2 : 1])));
	}
	return levels;
}

/** Shards of about 32 MiB: more chunks along the fastest axes first, so that they lie as images are written. */
export function adviseShards(image: ImageToStore, chunks: readonly number[]): number[] {
	const { dims, shape } = image;
	const shards = [...chunks];
	const room = () => shardBudget / (product(shards) * storedItemBytes(image));
	// In turn, so that a shard stays a block of neighbours.
	const axes = dims.map((_, axis) => axis).filter((axis) => dims[axis] !== "c");
	for (let grew = true; grew; ) {
		grew = false;
		for (const axis of [...axes].reverse()) {
			if (shards[axis] >= shape[axis] || room() < 2) continue;
			shards[axis] *= 2;
			grew = true;
		}
	}
	return shards.map((length, axis) => Math.min(length, Math.ceil(shape[axis] / chunks[axis]) * chunks[axis]));
}

const times = (lengths: readonly number[]) => lengths.join(" × ");

function chunkReason(
	image: ImageToStore,
	choice: StorageChoice,
	use: ReadingUse,
	place: ReadingPlace,
): string {
	const bytes = product(choice.chunks) * storedItemBytes(image);
	const { readings } = planConversion(image, choice);
	const aim = { planes: "plane", volumes: "box", film: "plane", trace: "trace" } as const;
	const reading = readings.find(({ id }) => id === aim[use]) ?? readings[0];
	const { touched, amplification } = reading.cost;
	const whom = {
		planes: "Planes are read most, so a chunk is one plane deep.",
		volumes:
			"Boxes and cuts in all directions are read, so a chunk is about as long along every axis of space.",
		film: "Time points are read one after the other, so a chunk holds one time point.",
		trace: "Pixels are followed through time, so a chunk is long in time and small in space.",
	}[use];
	const seconds = farLine.latency + (bytes / farLine.bandwidth) * 1000;
	const where =
		place === "web"
			? `Over a line of ${farLine.latency} ms and ${farLine.bandwidth / 1e6} MB/s, one takes at most ${Math.round(seconds)} ms to arrive, of which ${farLine.latency} are waiting: much smaller chunks would spend their time waiting, much larger ones bring what is not on the screen.`
			: "Beside the store nothing is gained by small chunks: each is a file to open and a task to schedule.";
	const name = reading.label.charAt(0).toLowerCase() + reading.label.slice(1);
	return `${whom} ${times(choice.chunks)} is ${formatBytes(bytes)}. ${where} Reading ${name} (${reading.extent}) takes ${formatCount(touched)} ${touched === 1 ? "chunk" : "chunks"}, ${factor(amplification)} what is asked for.`;
}

function factor(amplification: number): string {
	return `${amplification < 10 ? Number(amplification.toFixed(1)) : formatCount(Math.round(amplification))} times`;
}

function levelReason(image: ImageToStore, choice: StorageChoice, labels: boolean): string {
	const { levels } = planConversion(image, choice);
	const how = labels
		? " Labels are numbers of objects: each coarser voxel takes the most frequent one, since the mean of 3 and 5 is another object."
		: "";
	if (choice.factors.length === 0)
		return `The image fits a screen as it is, so no coarser level is needed.${how}`;
	const coarsest = levels[levels.length - 1];
	const uneven = choice.factors.some((factors) => Object.values(factors).some((n) => n === 1));
	const why = uneven
		? " Where samples lie further apart along one axis, that axis is kept until the others have caught up, so that the voxels of a coarse level are nearly cubes."
		: "";
	const more = (levels.slice(1).reduce((sum, level) => sum + level.bytes, 0) / levels[0].bytes) * 100;
	return `${levels.length} levels: the coarsest, ${times(coarsest.grid.shape)}, is seen at once for ${formatBytes(coarsest.bytes)}. Together the coarser ones add ${more < 10 ? more.toFixed(1) : Math.round(more)} % to the image.${why}${how}`;
}

function shardReason(image: ImageToStore, choice: StorageChoice, place: ReadingPlace, plain: number): string {
	if (!choice.shards) {
		return choice.format === "ome-zarr-0.4" && plain > manyFiles[place]
			? `${formatCount(plain)} files are many to copy and to list. Shards would put them together, and OME-NGFF 0.4 has none: larger chunks or a zip file help.`
			: `${formatCount(plain)} files need no shards.`;
	}
	const { files } = planConversion(image, choice);
	return `Without shards there would be ${formatCount(plain)} files, which are slow to copy, list and delete. In shards of ${times(choice.shards)} there are ${formatCount(files)}, and a reader still fetches single chunks by ranges.`;
}

function codecReason(place: ReadingPlace, labels: boolean): string {
	if (labels) return "Label images are long runs of equal numbers, which Zstandard makes very small.";
	return place === "web"
		? "Far from the store the line is slower than any codec, so the smaller chunks of Zstandard arrive sooner."
		: "Beside the store decoding takes the longer part, and LZ4 decodes fastest.";
}

function formatReason(format: StorageChoice["format"]): string {
	return format === "ome-zarr-0.5"
		? "OME-NGFF 0.5 is on Zarr 3 and has shards. Choose 0.4 for a program that reads only Zarr 2."
		: "OME-NGFF 0.4 is on Zarr 2, which older programs read. It has no shards.";
}
