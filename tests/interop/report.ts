/** What was checked and how it ended: counted, printed, and gathered into the matrix of docs/interop.md. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataType } from "../../src/lib/types.ts";
import { dataTypes } from "../../src/lib/types.ts";

/** Somebody wrote an array, somebody read it. */
export interface Exchange {
	writer: string;
	reader: string;
	format: string;
	codec: string;
	dtype: ExchangedType;
}

/** "bytes": elements that are bytes of any length. */
export type ExchangedType = DataType | "float16" | "bytes";

/** In the order of the matrix. */
const exchangedTypes: readonly ExchangedType[] = [
	...dataTypes.filter((dtype) => !dtype.startsWith("float")),
	"float16",
	"float32",
	"float64",
	"bytes",
];

interface Tally {
	good: number;
	bad: number;
}

export class Report {
	passed = 0;
	failed = 0;
	readonly skipped: string[] = [];
	readonly versions = new Map<string, string>();
	readonly #exchanges: (Exchange & { good: boolean })[] = [];

	check(name: string, problems: readonly string[], exchange?: Exchange): void {
		const good = problems.length === 0;
		if (exchange) this.#exchanges.push({ ...exchange, good });
		if (good) {
			this.passed++;
			return;
		}
		this.failed++;
		console.error(`FAILED ${name}\n  ${problems.join("\n  ")}`);
	}

	/** Says once what was not checked, and why. */
	skip(why: string): void {
		if (this.skipped.includes(why)) return;
		this.skipped.push(why);
		console.log(`skipped ${why}`);
	}

	/** Writer → reader by codec, and by type, for each format: how many arrays were read equal, of how many. */
	tables(): string {
		const formats = [...new Set(this.#exchanges.map(({ format }) => format))].sort();
		return formats
			.flatMap((format) => {
				const exchanges = this.#exchanges.filter((one) => one.format === format);
				const codecs = [...new Set(exchanges.map(({ codec }) => codec))];
				const dtypes = exchangedTypes.filter((dtype) => exchanges.some((one) => one.dtype === dtype));
				return [
					`### ${format}`,
					table(exchanges, codecs, ({ codec }) => codec),
					table(exchanges, dtypes, ({ dtype }) => dtype),
				];
			})
			.join("\n\n");
	}

	/** The counts as `N passed, N failed, N skipped`. */
	summary(): string {
		return `${this.passed} passed, ${this.failed} failed, ${this.skipped.length} skipped`;
	}

	/** Writes docs/interop.md. */
	writePage(): void {
		const versions = [...this.versions].map(([name, version]) => `| ${name} | ${version} |`);
		const page = `# Interoperability

What the library writes is read by the reference implementations, and what they write by the library. Made by \`npm run test:interop -- --write\`; the same checks run at every change (\`.ci/run\`), where Python and Java are there. Every value of an array is compared, by the SHA-256 of its little-endian bytes.

| who | version |
| --- | --- |
${versions.join("\n")}

Java's N5 library and its Zarr backend (\`org.janelia.saalfeldlab:n5\`, \`n5-zarr\`) are not at Maven Central and were not tried. In their place: the very codecs that Java's N5 calls (lz4-java's block stream, Commons Compress for bzip2 and xz, zstd-jni, \`java.util.zip\`), in both directions, and zarr-java for Zarr, which reads here without unsigned types and without shards, because the ucar library that it needs for them is not at Maven Central either.

${this.skipped.length > 0 ? `Not checked in this run: ${this.skipped.join("; ")}.\n` : ""}
## Arrays

A number counts arrays that were read equal; "2 of 3" would be a failure. An empty place was not tried, mostly because one of the two does not have that codec or type. "bytes" are elements that are bytes of any length (vlen-bytes).

${this.tables()}

## Beyond arrays

- OME-NGFF 0.4 and 0.5 images (volume, plane, five axes, labels, shards): axes, scale, translation and values as ome-zarr-py's reader and ngff-zarr see them; \`ome_zarr info\` names version, specifications and shapes of our images.
- Our pyramid equals xarray's \`coarsen(boundary="trim", side="right").mean().astype(dtype)\` on random shapes, factors and types, coordinates included.
- Channels, labels and plates of ours, and an image converted from 0.4 to 0.5 with its chunks untouched, as ome-zarr-py's reader finds them.
- What \`chunkwise convert\` writes (0.4, 0.5, shards, \`.ozx\`, N5), read by zarr-python and z5py.
- TIFFs of several images by tifffile (OME-TIFF with and without smaller copies, pages of several shapes, a slide): the images, their levels and values as tifffile's \`series\`, and what \`chunkwise convert\` makes of them as zarr-python reads it.
- The S3 store and the bucket's engine against versitygw: the store contract, and raw requests answered alike.
- Consolidated metadata: ours read by zarr-python, theirs by us, and recognised when stale.
- The Python beside the cells of the lessons, run in order in one namespace; where a step gives a number, a list, a shape or keys, its cell must give the same. One step computes the pyramid on a local Dask cluster.
- Three lessons' notebooks (one without a sample, one with the TIFF, one with the public image's stand-in), run from top to bottom by nbclient in an empty folder: valid by nbformat, and each step prints what it prints by itself.
- The Python of the cheat sheet, run from top to bottom against a stand-in for the public image and the bucket's engine; where a row gives a number, a list or a shape, the TypeScript beside it must give the same.

${this.passed} checks passed and ${this.failed} failed in the run that wrote this page.
`;
		writeFileSync(join(import.meta.dirname, "../../docs/interop.md"), page);
	}
}

function table(
	exchanges: readonly (Exchange & { good: boolean })[],
	columns: readonly string[],
	columnOf: (exchange: Exchange) => string,
): string {
	const rows = new Map<string, Map<string, Tally>>();
	for (const exchange of exchanges) {
		const key = `${exchange.writer} → ${exchange.reader}`;
		const row = rows.get(key) ?? new Map<string, Tally>();
		rows.set(key, row);
		const tally = row.get(columnOf(exchange)) ?? { good: 0, bad: 0 };
		tally[exchange.good ? "good" : "bad"]++;
		row.set(columnOf(exchange), tally);
	}
	const cell = (tally: Tally | undefined) =>
		!tally ? "" : tally.bad === 0 ? `${tally.good}` : `${tally.good} of ${tally.good + tally.bad}`;
	return [
		`| writer → reader | ${columns.join(" | ")} |`,
		`| --- |${columns.map(() => " ---: |").join("")}`,
		...[...rows]
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, row]) => `| ${key} | ${columns.map((column) => cell(row.get(column))).join(" | ")} |`),
	].join("\n");
}
