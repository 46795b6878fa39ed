/** The course's figures and what each of their props may be: the same for a lesson's author and for a cell. */
import { multiscaleMethods } from "../multiscale/methods.ts";
import { layouts } from "../viewer/link.ts";
import { type ViewerProps, viewerLines } from "../viewer/props.ts";
import { codecNames } from "../zarr/codecs.ts";
import type { BinDiagramProps } from "./bin-diagram.ts";
import type { ChunkGridProps } from "./chunk-grid.ts";
import type { CompressionLabProps } from "./compression-lab.ts";
import type { InsideChunkProps, StoredFormName } from "./inside-chunk.ts";
import type { KeyPathProps } from "./key-path.ts";
import { networkLines } from "./lines.ts";
import type { NgffExplorerProps } from "./ngff-explorer.ts";
import type { ParallelWorkProps } from "./parallel-work.ts";
import {
	above0,
	checkNames,
	checkRules,
	dataType,
	either,
	type FigureNames,
	flag,
	lengths,
	listOf,
	names,
	number,
	oneOf,
	type PropRule,
	type PropRules,
	recordOf,
	required,
	text,
	whole,
} from "./props.ts";
import type { PyramidProps } from "./pyramid.ts";
import type { RequestWaterfallProps } from "./request-waterfall.ts";
import type { SharedChunkProps } from "./shared-chunk.ts";
import type { StorageComparisonProps } from "./storage-comparison.ts";
import { defaultAssumptions, storageOperations } from "./storage-model.ts";
import type { ViewportProps } from "./viewport-text.ts";

/** Props by the figures' names. */
export interface FigureProps {
	"bin-diagram": BinDiagramProps;
	"chunk-grid": ChunkGridProps;
	"compression-lab": CompressionLabProps;
	"inside-chunk": InsideChunkProps;
	"key-path": KeyPathProps;
	"ngff-explorer": NgffExplorerProps;
	"parallel-work": ParallelWorkProps;
	pyramid: PyramidProps;
	"request-waterfall": RequestWaterfallProps;
	"shared-chunk": SharedChunkProps;
	"storage-comparison": StorageComparisonProps;
	viewer: ViewerProps;
	viewport: ViewportProps;
}

/** A figure whose props are checked here. */
export type CheckedFigure = keyof FigureProps;

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isLengths = (value: unknown) =>
	Array.isArray(value) && value.every((n) => Number.isInteger(n) && n > 0);
const isIndex = (value: unknown) => Array.isArray(value) && value.every((n) => Number.isInteger(n) && n >= 0);

const shapeExample = "shape={[129, 212, 363]}";
const chunksExample = "chunks={[64, 64, 64]}";
const numbersByAxis = recordOf(isNumber, "numbers by axis: { z: 0.5, y: 0.2, x: 0.2 }");
const elements: PropRule = {
	allowed: "a typed array, or a list of numbers",
	fits: (value) => ArrayBuffer.isView(value) || (Array.isArray(value) && value.every(isNumber)),
};
/** Of a figure that is about one array and the keys of its chunks. */
const chunkedArray = {
	shape: required(lengths(0, shapeExample)),
	chunks: required(lengths(1, chunksExample)),
	shards: lengths(1, "shards={[128, 128, 128]}"),
	dims: names,
	dtype: text,
	itemSize: above0,
	keyPrefix: text,
};
const method = oneOf(multiscaleMethods);

/** Functions, so that nothing of this is made before it is asked for. */
const rules: { [F in CheckedFigure]: () => PropRules<FigureProps[F]> } = {
	"bin-diagram": () => ({
		axes: listOf(
			(axis) => isObject(axis) && typeof axis.name === "string" && isNumber(axis.length),
			'a list of axes: [{ name: "x", length: 363 }]',
		),
		factors: listOf(isNumber, "a list of whole numbers: [2, 4]"),
		method,
		spacing: above0,
		origin: number,
		unit: text,
		title: text,
	}),
	"chunk-grid": () => ({
		...chunkedArray,
		keyEncoding: oneOf(["v3", "v2"]),
		separator: oneOf(["/", "."]),
		selection: {
			allowed: "an index, a range or null by axis: { z: 100, y: [0, 64] }",
			fits: (value) =>
				typeof value === "object" &&
				value !== null &&
				Object.values(value).every(
					(one) =>
						one === null || isNumber(one) || (Array.isArray(one) && one.length === 2 && one.every(isNumber)),
				),
		},
		stored: either(
			"one ratio above 0, or bytes by key",
			above0,
			recordOf((bytes) => isNumber(bytes) && bytes >= 0, ""),
		),
		explore: oneOf([true, false, "open"]),
		title: text,
	}),
	"compression-lab": () => ({
		settings: listOf(
			(one) =>
				isObject(one) && typeof one.codec === "string" && (one.level === undefined || isNumber(one.level)),
			'a list of codecs: [{ codec: "zstd", level: 9 }]',
		),
		chunk: oneOf([32, 64, 128]),
		shape: lengths(1, shapeExample),
		dtype: dataType,
		dims: names,
		values: elements,
		valuesShape: lengths(1, "valuesShape={[64, 64, 64]}"),
		title: text,
	}),
	"inside-chunk": () => ({
		codec: oneOf(codecNames),
		level: whole(-131072),
		shuffle: oneOf(["noshuffle", "shuffle", "bitshuffle"]),
		filter: oneOf(["none", "delta"]),
		form: oneOf(["zarr", "n5", "shard"] satisfies StoredFormName[]),
		values: elements,
		shape: lengths(1, "shape={[4, 8, 8]}"),
		dtype: dataType,
		title: text,
	}),
	"key-path": () => ({
		...chunkedArray,
		index: { allowed: "one index for each axis, from 0 on: index={[100, 50, 200]}", fits: isIndex },
		separator: oneOf([".", "/"]),
		layouts: listOf(
			(one) => ["zarr-v2", "zarr-v3", "sharded", "n5"].includes(one as string),
			'a list of some of "zarr-v2", "zarr-v3", "sharded", "n5"',
		),
		title: text,
	}),
	"ngff-explorer": () => ({
		document: recordOf(() => true, "a document: JSON.parse of a .zattrs or a zarr.json"),
		shapes: recordOf(isLengths, 'the shape of each level by its path: { "0": [129, 212, 363] }'),
		strict: flag,
		title: text,
	}),
	"parallel-work": () => ({
		shape: lengths(1, "shape={[128, 256, 256]}"),
		factors: listOf(isNumber, "a list of whole numbers: [2, 2]"),
		chunk: whole(1),
		method,
		codec: oneOf(["gzip", "zstd", "blosc-lz4"]),
		mostWorkers: whole(1, 16),
		title: text,
	}),
	pyramid: () => ({
		shape: required(lengths(1, shapeExample)),
		factors: required(
			listOf(
				(one) => isNumber(one) || (isObject(one) && Object.values(one).every(isNumber)),
				"a list of factors, each a number or one by axis: [2, { y: 2, x: 2 }]",
			),
		),
		dims: names,
		chunks: either(
			"one edge for all axes, or one by axis: { y: 64, x: 64 }",
			whole(1),
			recordOf(isNumber, ""),
		),
		method,
		dtype: text,
		name: text,
		scale: numbersByAxis,
		translation: numbersByAxis,
		units: recordOf((unit) => unit === undefined || typeof unit === "string", 'units by axis: { x: "µm" }'),
		pick: {
			allowed: "a level and an index of it: { level: 2, index: [8, 13, 22] }",
			fits: (value) => isObject(value) && isNumber(value.level) && isIndex(value.index),
		},
		title: text,
	}),
	"request-waterfall": () => ({
		requests: listOf(isObject, "what a recorder kept: the requests of a log of recordStore"),
		whole: {
			allowed: '{ bytes, name } of the whole file: { bytes: 8692354, name: "cells.tif" }',
			fits: (value) => isObject(value) && isNumber(value.bytes) && value.bytes > 0,
		},
		line: oneOf(networkLines.map(({ name }) => name)),
		title: text,
	}),
	"shared-chunk": () => ({
		shape: lengths(1, "shape={[16, 24]}"),
		chunks: lengths(1, "chunks={[8, 8]}"),
		border: whole(0),
		title: text,
	}),
	"storage-comparison": () => ({
		items: listOf(
			(one) => isObject(one) && typeof one.key === "string" && isNumber(one.size),
			'a list of keys with their bytes: [{ key: "zarr.json", size: 512 }]',
		),
		file: text,
		folder: text,
		operation: oneOf(storageOperations),
		assumptions: recordOf(
			(value, key) => {
				const usual = defaultAssumptions[key as keyof typeof defaultAssumptions];
				if (typeof usual === "boolean") return typeof value === "boolean";
				const divides = ["fileBandwidth", "objectBandwidth", "parallel"].includes(key);
				return usual !== undefined && isNumber(value) && (divides ? value > 0 : value >= 0);
			},
			`some of ${Object.keys(defaultAssumptions).join(", ")}: a number each, bandwidths and parallel above 0, batchDelete and ifMatch true or false`,
		),
		name: text,
		capacity: whole(1),
	}),
	viewer: () => ({
		source: text,
		path: text,
		layout: oneOf(layouts),
		line: oneOf(viewerLines.map(({ name }) => name)),
		view: text,
		borders: flag,
		id: text,
		title: text,
	}),
	viewport: () => ({
		shape: lengths(1, "shape={[1536, 3072]}"),
		chunk: whole(1),
		levels: whole(1),
		seed: whole(0),
	}),
};

/** What a figure is called in MDX and in cells. */
export function figureNames(figure: CheckedFigure): FigureNames {
	if (figure === "viewer") return { component: "MultiscaleViewer", cell: "view", code: "viewer-props" };
	const words = figure.split("-").map((word) => word[0].toUpperCase() + word.slice(1));
	const component = words.join("");
	return { component, cell: component[0].toLowerCase() + component.slice(1), code: `${figure}-props` };
}

/** All figures whose props are checked here. */
export const checkedFigures = (): CheckedFigure[] => Object.keys(rules) as CheckedFigure[];

/** What each prop of a figure may be. */
export function propRules<F extends CheckedFigure>(figure: F): PropRules<FigureProps[F]> {
	return rules[figure]();
}

/**
 * Refuses props that are none of the figure's, and values that they cannot have.
 * @throws ChunkwiseError `…-props`, which names the figure, the prop and what is allowed
 */
export function checkProps<F extends CheckedFigure>(figure: F, props: FigureProps[F]): void {
	checkRules(figureNames(figure), props, propRules(figure));
}

/**
 * Refuses options of a cell that are none of the figure's.
 * @param also what a cell may say besides the props
 * @throws ChunkwiseError `…-props`
 */
export function checkOptions(figure: CheckedFigure, options: object, also: readonly string[] = []): void {
	checkNames(figureNames(figure), options, Object.keys(propRules(figure)), also);
}
