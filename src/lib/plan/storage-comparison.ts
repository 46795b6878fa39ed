/** The storage-comparison figure: its props, its words, and its text twin. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { formatBytes, formatDuration } from "../format.ts";
import { counted, figure, type TextTwin } from "./figure.ts";
import { sampleItems } from "./sample-items.ts";
import { planStorage } from "./storage.ts";
import {
	type StorageAssumptions,
	type StorageOperation,
	type StorageSide,
	type StoredItem,
	storageOperations,
} from "./storage-model.ts";

/** Props of the figure, plain data. */
export interface StorageComparisonProps {
	/** Keys with their sizes in bytes; the OME-Zarr of the course's sample where absent. */
	items?: StoredItem[];
	/** What the operations are about; the largest array and its largest chunk where absent. */
	file?: string;
	folder?: string;
	/** The operation shown first. */
	operation?: StorageOperation;
	assumptions?: Partial<StorageAssumptions>;
	/** Name of the folder, and of the bucket, that holds the items. */
	name?: string;
}

/** Short names of the operations, as on the figure's buttons, in groups. */
export const operationGroups: readonly { name: string; operations: [StorageOperation, string][] }[] = [
	{
		name: "Find",
		operations: [
			["list-folder", "List a folder"],
			["list-all", "List everything under it"],
		],
	},
	{
		name: "Read",
		operations: [
			["read", "Whole file"],
			["read-range", "1 KiB of a file"],
		],
	},
	{
		name: "Write",
		operations: [
			["overwrite", "Change 1 byte"],
			["append", "Append 1 KiB"],
			["two-writers", "Two writers at once"],
		],
	},
	{
		name: "Move",
		operations: [
			["rename-folder", "Rename a folder"],
			["delete-folder", "Delete a folder"],
		],
	},
];

/** What a figure shows first unless told otherwise: the operation in which the two differ most. */
export const firstOperation: StorageOperation = "rename-folder";

/** The items that a figure shows, in the order of a key listing (by their UTF-8 bytes). */
export function itemsOf(props: StorageComparisonProps): StoredItem[] {
	const items = props.items ?? sampleItems();
	const encoder = new TextEncoder();
	return items
		.map((item) => ({ item, bytes: encoder.encode(item.key) }))
		.sort((a, b) => compareBytes(a.bytes, b.bytes))
		.map(({ item }) => ({ key: item.key, size: item.size }));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
	const shared = Math.min(a.length, b.length);
	for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i] - b[i];
	return a.length - b.length;
}

/**
 * Files beside objects for the same data, as a figure to display in a cell.
 * @param items keys with sizes in bytes: `[{ key: "zarr.json", size: 512 }, …]` or a Map
 * @throws ChunkwiseError `storage-unknown-key` where the options name a key that is not there
 */
export function storageComparison(
	items?: Iterable<StoredItem> | ReadonlyMap<string, number>,
	options: Omit<StorageComparisonProps, "items"> = {},
): FigureDisplay & Displayable {
	const props: StorageComparisonProps = { ...options };
	if (items !== undefined) {
		props.items = isSizeMap(items)
			? [...items].map(([key, size]) => ({ key: bare(key), size }))
			: [...items].map(({ key, size }) => ({ key: bare(key), size }));
	}
	planStorage(itemsOf(props), options.operation ?? "read", options, options.assumptions);
	return figure("storage-comparison", props);
}

function isSizeMap(
	items: Iterable<StoredItem> | ReadonlyMap<string, number>,
): items is ReadonlyMap<string, number> {
	return items instanceof Map;
}

/** Stores of the library put a slash before a key; a bucket's keys have none. */
function bare(key: string): string {
	return key.startsWith("/") ? key.slice(1) : key;
}

/** An estimated time: `0.1 ms`, `43 ms`, `1.2 s`, `2 min 5 s`. */
export function formatEstimate(seconds: number): string {
	const ms = seconds * 1000;
	return ms < 9.95 ? `${Number(ms.toPrecision(2))} ms` : formatDuration(ms);
}

/** Bytes of one side in words: `254.70 KiB down, 254.70 KiB up`. */
export function describeBytes(side: Pick<StorageSide, "bytesDown" | "bytesUp" | "bytesInside">): string {
	const parts = [
		...(side.bytesDown > 0 ? [`${formatBytes(side.bytesDown)} down`] : []),
		...(side.bytesUp > 0 ? [`${formatBytes(side.bytesUp)} up`] : []),
		...(side.bytesInside > 0 ? [`${formatBytes(side.bytesInside)} copied inside`] : []),
	];
	return parts.length === 0 ? "0 B" : parts.join(", ");
}

/** Both sides of one operation in a sentence or two. */
export function describeOperation(
	items: readonly StoredItem[],
	operation: StorageOperation,
	target: { file?: string; folder?: string },
	assumptions: Partial<StorageAssumptions> = {},
): string {
	const plan = planStorage(items, operation, target, assumptions);
	const { files, objects } = plan;
	const refused = objects.refused === undefined ? "" : ` Refused: ${objects.refused}`;
	return (
		`${plan.title}. Files: ${counted(files.calls, "call")}, about ${formatEstimate(files.seconds)}. ` +
		`Objects: ${counted(objects.calls, "request")}, ${describeBytes(objects)}, about ` +
		`${formatEstimate(objects.seconds)}.${refused}`
	);
}

/** Every operation on both sides, as a table. */
export function storageTwin(props: StorageComparisonProps): TextTwin {
	const items = itemsOf(props);
	const total = items.reduce((sum, item) => sum + item.size, 0);
	const plans = storageOperations.map((operation) => planStorage(items, operation, props, props.assumptions));
	return {
		summary:
			`${counted(items.length, "file")} in folders, and the same ${items.length} as objects with flat keys ` +
			`(${formatBytes(total)}).`,
		status: describeOperation(items, props.operation ?? firstOperation, props, props.assumptions),
		caption: "What each operation costs; times are estimates under the stated assumptions",
		columns: [
			{ name: "Operation" },
			{ name: "Calls on files", align: "right" },
			{ name: "Bytes" },
			{ name: "Time", align: "right" },
			{ name: "Requests for objects", align: "right" },
			{ name: "Bytes" },
			{ name: "Time", align: "right" },
			{ name: "Refused" },
		],
		rows: plans.map((plan) => [
			plan.title,
			String(plan.files.calls),
			describeBytes(plan.files),
			formatEstimate(plan.files.seconds),
			String(plan.objects.calls),
			describeBytes(plan.objects),
			formatEstimate(plan.objects.seconds),
			plan.objects.refused ?? "nothing",
		]),
	};
}
