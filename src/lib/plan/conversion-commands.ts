/** The same conversion on the command line: with chunkwise, with ngff-zarr, with bioformats2raw. */
import type { CodecName } from "../zarr/codecs.ts";
import type { ImageToStore, StorageChoice } from "./conversion-plan.ts";

/** What the call is about, beside how it is stored. */
export interface CommandInput {
	/** Name of the file. */
	file: string;
	/** Number of the image in it, where it holds several. */
	series?: number;
	/** Of the result: NAME.ome.zarr. */
	name: string;
	/** With what the reader corrected. */
	image: ImageToStore;
	choice: StorageChoice;
	/** The file has several pages and says nothing of what they are: no OME-XML, no words of ImageJ. */
	plainPages?: boolean;
	/** Which of these the file does not say as they are: they are given in the call. */
	corrected: { dims: boolean; scale: boolean; units: boolean };
}

export interface Command {
	program: "chunkwise" | "ngff-zarr" | "bioformats2raw";
	text: string;
	/** What of the choices the program does in its own way. */
	differs: string[];
}

/** A word of a shell, quoted where it must be. */
export function shellWord(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A call, with a line for each option. */
function lines(words: readonly (string | undefined)[]): string {
	return words.filter((word) => word !== undefined).join(" \\\n  ");
}

const list = (values: readonly (string | number)[]) => values.join(",");

/** Lengths along the axes of space alone where that says it all, else along every axis. */
function lengths(image: ImageToStore, all: readonly number[]): string {
	const other = image.dims.some((dim, axis) => (dim === "t" || dim === "c") && all[axis] !== 1);
	const shown = other ? all : all.filter((_, axis) => image.dims[axis] !== "t" && image.dims[axis] !== "c");
	return list(shown);
}

const space = (image: ImageToStore) => image.dims.filter((dim) => dim !== "t" && dim !== "c");

/** "2" for all axes of space, "1x2x2" where they differ. */
export function factorWord(image: ImageToStore, factors: Readonly<Record<string, number>>): string {
	const all = space(image).map((dim) => factors[dim] ?? 1);
	return new Set(all).size === 1 ? String(all[0]) : all.join("x");
}

export function conversionCommands(input: CommandInput): Command[] {
	return [chunkwise(input), ngffZarr(input), bioformats2raw(input)];
}

function chunkwise({ file, series, name, image, choice, corrected }: CommandInput): Command {
	const { factors, chunks, shards, method, codec, format } = choice;
	const units = image.dims.map((dim) => image.units[dim] ?? "none");
	const text = lines([
		`npx chunkwise convert ${shellWord(series === undefined ? file : `${file}#series/${series}`)} ${shellWord(`${name}.ome.zarr`)}`,
		`--format ${format}`,
		`--scale-factors ${factors.length === 0 ? "none" : list(factors.map((level) => factorWord(image, level)))}`,
		factors.length === 0 ? undefined : `--method ${method}`,
		`--chunks ${lengths(image, chunks)}`,
		shards ? `--shards ${lengths(image, shards)}` : undefined,
		`--codec ${codec}`,
		corrected.dims ? `--dims ${list(image.dims)}` : undefined,
		corrected.scale ? `--scale ${list(image.dims.map((dim) => image.scale[dim] ?? 1))}` : undefined,
		corrected.units ? `--units ${list(units)}` : undefined,
	]);
	return { program: "chunkwise", text, differs: [] };
}

/** By `ngff-zarr --help` of 0.50.0. */
const ngffCodecs: Record<CodecName, string> = {
	"blosc-lz4": "blosc:lz4",
	"blosc-zstd": "blosc:zstd",
	zstd: "zstd",
	gzip: "gzip",
	none: "none",
};

function ngffZarr({ file, series, name, image, choice, corrected, plainPages }: CommandInput): Command {
	const { chunks, shards, method, codec, format } = choice;
	const each = (values: readonly number[]) => values.join(" ");
	const known = image.dims.flatMap((dim) => (image.units[dim] ? [`${dim} ${image.units[dim]}`] : []));
	const text = lines([
		`ngff-zarr -i ${shellWord(file)} -o ${shellWord(`${name}.ome.zarr`)}`,
		`--ome-zarr-version ${format.slice("ome-zarr-".length)}`,
		series === undefined ? undefined : `--series ${series}`,
		`--chunks ${each(chunks)}`,
		shards ? `--chunks-per-shard ${each(shards.map((length, axis) => length / chunks[axis]))}` : undefined,
		`--method ${method === "mode" || method === "nearest" ? "itkwasm_label_image" : method === "gaussian" ? "itkwasm_gaussian" : "itkwasm_bin_shrink"}`,
		`--codec ${ngffCodecs[codec]}`,
		corrected.dims ? `--dims ${image.dims.join(" ")}` : undefined,
		corrected.scale
			? `--scale ${image.dims.map((dim) => `${dim} ${image.scale[dim] ?? 1}`).join(" ")}`
			: undefined,
		corrected.units && known.length > 0 ? `--units ${known.join(" ")}` : undefined,
	]);
	return {
		program: "ngff-zarr",
		text,
		differs: [
			"It chooses the factors of coarser levels by itself; in Python, to_multiscales takes them.",
			...(plainPages
				? [
						"Version 0.50.0 sees one page of a stack that does not say what its pages are, and stops: read such a file in Python, or save it as OME-TIFF first.",
					]
				: []),
		],
	};
}

/** By its README and `--help`; its defaults are OME-NGFF 0.4, tiles of 1024 × 1024 and a chunk depth of 1. */
function bioformats2raw({ file, series, name, image, choice, corrected }: CommandInput): Command {
	const { chunks, codec, factors, shards, method, format } = choice;
	const along = (dim: string) => chunks[image.dims.indexOf(dim)];
	const blosc = /^blosc-(\w+)$/.exec(codec)?.[1];
	const text = lines([
		`bioformats2raw ${shellWord(file)} ${shellWord(`${name}.zarr`)}`,
		series === undefined ? undefined : `--series ${series}`,
		`--resolutions ${factors.length + 1}`,
		`--tile-width ${along("x")} --tile-height ${along("y")}`,
		image.dims.includes("z") ? `--chunk-depth ${along("z")}` : undefined,
		blosc
			? `--compression blosc --compression-properties cname=${blosc}`
			: codec === "none"
				? "--compression null"
				: "--compression zlib",
	]);
	const halved = factors.some((level) => (level.z ?? 1) > 1);
	const differs = [
		"It reads more than 150 formats of microscopes, not only TIFF, and writes a set: the image is in group 0.",
		...(halved ? ["It halves along y and x alone."] : []),
		...(method === "mode" || method === "mean" ? [] : ["It computes coarser levels in a way of its own."]),
		...(shards || format === "ome-zarr-0.5"
			? ["By its documentation it writes OME-NGFF 0.4, without shards."]
			: []),
		...(corrected.dims || corrected.scale || corrected.units
			? ["It takes pixel sizes and axes from the file: correct them there first."]
			: []),
	];
	return { program: "bioformats2raw", text, differs };
}
