/** What is inside a chunk, in words: names of steps and forms, and the figure's twin. */
import { formatBytes } from "../format.ts";
import type { CodecName } from "../zarr/codecs.ts";
import type { CodecMeasurement } from "./chunk-codec.ts";
import type { ChunkStep, ChunkSteps, StoredForm } from "./chunk-steps.ts";
import { formatFactor, type TextTwin } from "./figure.ts";
import type { ChunkSettings } from "./inside-chunk.ts";

/** Codecs as readers know them. */
export const codecLabels: Readonly<Record<CodecName, string>> = {
	"blosc-lz4": "Blosc LZ4",
	"blosc-zstd": "Blosc Zstd",
	zstd: "Zstd",
	gzip: "gzip",
	none: "none",
};

/** The chosen codec and its level: `Blosc LZ4, level 5`. */
export function codecText({ codec, level }: ChunkSettings): string {
	return codec === "none" ? "no compression" : `${codecLabels[codec]}, level ${level}`;
}

const groupings = {
	noshuffle: "not shuffled",
	shuffle: "bytes shuffled",
	bitshuffle: "bits shuffled",
} as const;

/** A step's name with what is chosen. */
export function stepLabel({ name }: Pick<ChunkStep, "name">, settings: ChunkSettings): string {
	switch (name) {
		case "values":
			return "Values";
		case "filter":
			return settings.filter === "delta" ? "Filter: differences" : "Filter: none";
		case "shuffle":
			return `Shuffle: ${{ noshuffle: "none", shuffle: "bytes", bitshuffle: "bits" }[settings.shuffle]}`;
		case "compressor":
			return settings.codec === "none"
				? "Compressor: none"
				: `${codecLabels[settings.codec]} ${settings.level}`;
	}
}

/** The objects that hold the values. */
export function formLabel({ name, fields }: Pick<StoredForm, "name" | "fields">): string {
	if (name === "zarr") return "a Zarr chunk";
	return name === "n5" ? "an N5 block" : `a Zarr shard of ${fields.length - 1} chunks`;
}

/** `2.9 ms`, `0.42 ms`, `1.2 s`. */
export function formatTime(milliseconds: number): string {
	if (milliseconds >= 1000) return `${(milliseconds / 1000).toPrecision(2)} s`;
	return `${milliseconds >= 100 ? Math.round(milliseconds) : Number(milliseconds.toPrecision(2))} ms`;
}

/** MiB of values in a second: `285 MiB/s`. */
export function formatRate(bytes: number, milliseconds: number): string {
	const rate = bytes / 2 ** 20 / (milliseconds / 1000);
	return `${rate >= 100 ? Math.round(rate) : Number(rate.toPrecision(2))} MiB/s`;
}

/** How many times smaller: `1.95×`. */
export function ratioText(bytes: number, stored: number): string {
	return formatFactor(bytes / stored);
}

/** What comes of the choice, in a sentence or two. */
export function describeSteps(
	{ steps, settings, restored }: ChunkSteps,
	measured?: CodecMeasurement,
): string {
	const [values] = steps;
	const stored = steps[steps.length - 1];
	const how = [
		codecText(settings),
		...(settings.codec.startsWith("blosc") ? [groupings[settings.shuffle]] : []),
		...(settings.filter === "delta" ? ["differences"] : []),
	].join(", ");
	const idle = settings.codec === "none" && settings.filter === "none";
	const times =
		measured && !idle
			? ` On this machine: ${formatTime(measured.encode)} to write (${formatRate(measured.bytes, measured.encode)}), ${formatTime(measured.decode)} to read (${formatRate(measured.bytes, measured.decode)}).`
			: "";
	const problem = restored ? "" : " Reading them back gave other values!";
	if (idle) return `With no compression: ${formatBytes(values.bytes)}, as in memory.${problem}`;
	const change =
		stored.bytes > values.bytes ? "which is more" : `${ratioText(values.bytes, stored.bytes)} smaller`;
	return `With ${how}: ${formatBytes(values.bytes)} become ${formatBytes(stored.bytes)}, ${change}.${times}${problem}`;
}

/** Of the twin's table. */
export const insideChunkColumns: TextTwin["columns"] = [
	{ name: "After" },
	{ name: "Bytes", align: "right" },
	{ name: "Smaller by", align: "right" },
	{ name: "Bits of information in a byte", align: "right" },
];

/** The figure in words. */
export function insideChunkTwin(
	taken: ChunkSteps,
	{ synthetic, measured }: { synthetic: boolean; measured?: CodecMeasurement },
): TextTwin {
	const { steps, forms, settings, shape, dtype } = taken;
	const [{ bytes }] = steps;
	const row = (name: string, size: number, entropy = "") => [
		name,
		formatBytes(size),
		ratioText(bytes, size),
		entropy,
	];
	return {
		summary:
			`A chunk of ${shape.join(" × ")} ${dtype} values${synthetic ? " of synthetic nuclei" : ""}, ${formatBytes(bytes)}, ` +
			"on its way to the store. A filter changes the values, a shuffle puts bytes of the same rank side by side, and only the compressor makes them fewer.",
		status: describeSteps(taken, measured),
		caption: "Bytes after each step, and in the store",
		columns: insideChunkColumns,
		rows: [
			...steps.map((step) => row(stepLabel(step, settings), step.bytes, step.entropy.toFixed(2))),
			...forms.map((form) => row(`As ${formLabel(form)}`, form.bytes)),
		],
	};
}
