/** A spatial image and its coarser versions, the scale levels, each with a chunk shape and a path in a Zarr group. */
import { type Displayable, displaySymbol, type TableDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatBytes } from "../format.ts";
import type { SpatialImage } from "../image/spatial-image.ts";
import { gridShape } from "../plan/grid.ts";
import { itemSize, product } from "../types.ts";
import { type ChunkRequest, chunkShape } from "./chunks.ts";

/**
 * A spatial image and its coarser versions, finest first, each with the chunk shape in which it is to be stored. Made
 * by {@link toMultiscale}.
 */
export class Multiscale implements Displayable {
	/** Of the finest level. */
	readonly name: string;
	/** Finest first. */
	readonly levels: readonly SpatialImage[];
	/** Chunk shape of each level, no longer than the level on any axis. */
	readonly chunks: readonly (readonly number[])[];
	/** How the coarser levels were computed. */
	readonly method: string;
	/** Factors of each level relative to the level before it, by dimension; one fewer than levels. */
	readonly scaleFactors: readonly Readonly<Record<string, number>>[];

	/** @throws ChunkwiseError no-levels, bad-chunks */
	constructor(
		levels: readonly SpatialImage[],
		options: {
			method?: string;
			chunks?: ChunkRequest;
			scaleFactors?: readonly Readonly<Record<string, number>>[];
		} = {},
	) {
		if (levels.length === 0) {
			throw new ChunkwiseError("no-levels", "A multiscale needs at least one level.", {
				remedy: "Give the image itself as the first level.",
			});
		}
		this.levels = [...levels];
		this.name = levels[0].name;
		this.method = options.method ?? "mean";
		this.scaleFactors = options.scaleFactors ?? [];
		this.chunks = levels.map((level) => chunkShape(level.dims, level.shape, options.chunks));
	}

	/** Where each level is stored: `scale0/image`, `scale1/image`, … */
	get paths(): string[] {
		return levelPaths(this.name, this.levels.length);
	}

	/** Chunks of each level. */
	get chunkCounts(): number[] {
		return this.levels.map(({ shape }, level) => product(gridShape(shape, this.chunks[level])));
	}

	toString(): string {
		const { columns, rows } = this[displaySymbol]();
		const cells = [columns.map((column) => column.name), ...rows.map((row) => row.map(String))];
		const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
		const line = (row: string[]) =>
			row.map((cell, i) =>
				columns[i].align === "right" ? cell.padStart(widths[i]) : cell.padEnd(widths[i]),
			);
		return [`<Multiscale '${this.name}'>`, ...cells.map((row) => line(row).join("  ").trimEnd())].join("\n");
	}

	/** A row for each level, with what Dask shows of an array. */
	[displaySymbol](): TableDisplay {
		const tuple = (shape: readonly number[]) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
		return {
			kind: "table",
			caption: `Multiscale '${this.name}', ${this.levels.length} scale ${this.levels.length === 1 ? "level" : "levels"}`,
			columns: [
				{ name: "Level" },
				{ name: "Bytes", align: "right" },
				{ name: "Shape", align: "right" },
				{ name: "Chunk bytes", align: "right" },
				{ name: "Chunk shape", align: "right" },
				{ name: "Chunks", align: "right" },
				{ name: "Type" },
			],
			rows: this.levels.map((image, level) => [
				`scale${level}`,
				formatBytes(image.bytes),
				tuple(image.shape),
				formatBytes(product(this.chunks[level]) * itemSize(image.dtype)),
				tuple(this.chunks[level]),
				this.chunkCounts[level],
				image.dtype,
			]),
		};
	}
}

/** Where the levels of an image are stored: `scale0/image`, `scale1/image`, … */
export function levelPaths(name: string, count: number): string[] {
	const node = nodeName(name);
	return Array.from({ length: count }, (_, level) => `scale${level}/${node}`);
}

/** A name that can be a Zarr node's: no slash, not only dots, not one of the names that Zarr v3 reserves. */
function nodeName(name: string): string {
	const safe = name.replaceAll(/[/\\]/g, "_");
	if (safe === "" || /^\.+$/.test(safe)) return "image";
	return safe.startsWith("__") ? `image${safe}` : safe;
}

/**
 * The same levels cut into other chunks.
 * @throws ChunkwiseError bad-chunks
 */
export function rechunk(multiscale: Multiscale, chunks: ChunkRequest): Multiscale {
	return new Multiscale(multiscale.levels, {
		method: multiscale.method,
		scaleFactors: multiscale.scaleFactors,
		chunks,
	});
}
