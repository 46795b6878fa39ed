/** The compression and chunk-size lab in words. */
import { formatBytes, formatCount } from "../format.ts";
import { product } from "../types.ts";
import {
	type ChunkSizeCost,
	type CompressionLabProps,
	chunkSizeCosts,
	type LabImage,
	type LabPoint,
	type LabSetting,
	labImage,
	labSettings,
} from "./compression-lab.ts";
import { counted, formatFactor, type TextTwin } from "./figure.ts";
import { codecLabels, formatRate, ratioText } from "./inside-chunk-text.ts";

/** A point's name: `Blosc LZ4 5`. */
export function pointName({ codec, level }: LabSetting): string {
	return `${codecLabels[codec]} ${level}`;
}

/** A point in a sentence. */
export function describePoint(point: LabPoint): string {
	const { bytes, stored, encode, decode } = point;
	return (
		`${pointName(point)}: ${ratioText(bytes, stored)} smaller, ${formatRate(bytes, encode)} to write, ` +
		`${formatRate(bytes, decode)} to read.`
	);
}

/** What the points say together: the smallest, and the quickest that compresses. */
export function describePoints(points: readonly LabPoint[], planned: number): string {
	if (points.length === 0) return "Nothing is measured yet.";
	const done = `${points.length} of ${planned} measured on this machine.`;
	if (points.length < 2) return done;
	const smallest = points.reduce((a, b) => (b.stored < a.stored ? b : a));
	const quickest = points.reduce((a, b) => (b.encode < a.encode ? b : a));
	return (
		`${done} Smallest: ${pointName(smallest)} (${ratioText(smallest.bytes, smallest.stored)} smaller). Quickest to write: ` +
		`${pointName(quickest)} (${formatRate(quickest.bytes, quickest.encode)}, ${ratioText(quickest.bytes, quickest.stored)} smaller).`
	);
}

/** A chunk size in a sentence. */
export function describeChunkSize(image: LabImage, cost: ChunkSizeCost, axis: number, perShard = 1): string {
	const shards = perShard > 1 ? ` in ${counted(cost.files, "shard")}` : "";
	return (
		`Chunks of ${cost.chunks.join(" × ")}: ${counted(cost.count, "chunk")}${shards}. A plane across ${image.dims[axis]} takes ` +
		`${counted(cost.requests, "request")} and ${formatBytes(cost.bytesRead)} in memory for ${formatBytes(cost.bytesNeeded)}. ` +
		`Padding makes the chunks ${formatFactor(cost.padding)} the image.`
	);
}

/** Rows of the twin: one for each setting, measured or not. */
function pointRows(props: CompressionLabProps, points: readonly LabPoint[]): string[][] {
	return labSettings(props).map((setting) => {
		const point = points.find(({ codec, level }) => codec === setting.codec && level === setting.level);
		return [
			pointName(setting),
			...(point
				? [
						formatBytes(point.stored),
						ratioText(point.bytes, point.stored),
						formatRate(point.bytes, point.encode),
						formatRate(point.bytes, point.decode),
					]
				: ["—", "—", "—", "—"]),
		];
	});
}

/** The measured codecs in words. */
export function compressionTwin(props: CompressionLabProps, points: readonly LabPoint[] = []): TextTwin {
	const settings = labSettings(props);
	return {
		summary:
			"Each point is a codec at a level: up is smaller, right is quicker. It is measured by the library's own codecs in a worker of this page, so the times are this machine's.",
		status: describePoints(points, settings.length),
		caption: "Codecs and levels, as measured on this machine",
		columns: [
			{ name: "Codec and level" },
			{ name: "Stored", align: "right" },
			{ name: "Smaller by", align: "right" },
			{ name: "To write", align: "right" },
			{ name: "To read", align: "right" },
		],
		rows: pointRows(props, points),
	};
}

/** What is chosen of the chunk sizes. */
export interface ChunkSizeChoice {
	side: number;
	/** Across which the plane is cut. */
	axis: number;
	perShard: number;
}

/** The chunk sizes in words. */
export function chunkSizeTwin(props: CompressionLabProps, choice: ChunkSizeChoice): TextTwin {
	const image = labImage(props);
	const { axis, perShard, side } = choice;
	const costs = chunkSizeCosts(image, axis, perShard);
	const chosen = costs.find((cost) => cost.side === side) ?? costs[0];
	return {
		summary:
			`How many files an image of ${image.shape.join(" × ")} (${formatBytes(product(image.shape) * image.itemSize)}) becomes, by the side of its chunks, ` +
			"and what a plane then takes. Both axes are logarithmic: each step is twice, or ten times, the one before.",
		status: describeChunkSize(image, chosen, axis, perShard),
		caption: `Chunk sizes${perShard > 1 ? `, in shards of ${perShard} chunks a side` : ""}; a plane across ${image.dims[axis]}`,
		columns: [
			{ name: "Chunk" },
			{ name: "Files", align: "right" },
			{ name: "Requests for a plane", align: "right" },
			{ name: "Read for it, in memory", align: "right" },
			{ name: "Chunks / image", align: "right" },
		],
		rows: costs.map((cost) => [
			cost.chunks.join(" × "),
			formatCount(cost.files),
			formatCount(cost.requests),
			formatBytes(cost.bytesRead),
			formatFactor(cost.padding),
		]),
	};
}
