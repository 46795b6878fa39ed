/** The storage-comparison figure: its props, its words, and its text twin. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { formatBytes, formatDuration } from "../format.ts";
import { counted, figure, type TextTwin } from "./figure.ts";
import { checkProps } from "./figure-props.ts";
import { sampleItems } from "./sample-items.ts";
import { checkItems, targetOf } from "./storage-case.ts";
import { costOf, type SideCost } from "./storage-cost.ts";
import {
	defaultAssumptions,
	type StorageAssumptions,
	type StorageOperation,
	type StorageRun,
	type StoredItem,
} from "./storage-model.ts";

/** Props of the figure, plain data. */
export interface StorageComparisonProps {
	/** Keys with their sizes in bytes; the OME-Zarr of the course's sample where absent. */
	items?: StoredItem[];
	/** What the operations are about; the largest array and its largest chunk where absent. */
	file?: string;
	folder?: string;
	/** The operation carried out first. */
	operation?: StorageOperation;
	/** What times and money are computed from. */
	assumptions?: Partial<StorageAssumptions>;
	/** Name of the folder, and of the bucket, that holds the items. */
	name?: string;
	/** Bytes of the volume; the next power of two that leaves an eighth free where absent. */
	capacity?: number;
}

/** Short names of the operations, as on the figure's buttons, in groups. */
export const operationGroups: readonly { name: string; operations: [StorageOperation, string][] }[] = [
	{
		name: "Read",
		operations: [
			["list-folder", "List a folder"],
			["list-all", "List everything under it"],
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
		name: "Folders",
		operations: [
			["rename-folder", "Rename a folder"],
			["copy-folder", "Copy a folder"],
			["delete-folder", "Delete a folder"],
		],
	},
	{ name: "Room", operations: [["add-capacity", "Add capacity"]] },
];

/** What a figure does first unless told otherwise: the operation in which the two differ most. */
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

/** Times and money are computed from these. */
export function assumptionsOf(props: StorageComparisonProps): StorageAssumptions {
	return { ...defaultAssumptions, ...props.assumptions };
}

/**
 * Files beside objects for the same data, as a figure to display in a cell. Operations are carried out on a file
 * system and on a bucket in the page's memory, with made-up bytes of the sizes given.
 * @param items keys with sizes in bytes: `[{ key: "zarr.json", size: 512 }, …]` or a Map
 * @throws ChunkwiseError `storage-unknown-key` where the options name a key that is not there, `storage-bad-key`,
 * `storage-too-large` beyond 64 MiB or 5000 keys
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
	checkProps("storage-comparison", props);
	const all = itemsOf(props);
	checkItems(all);
	targetOf(all, options.operation ?? firstOperation, options);
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

/** Dollars: `$0`, `$0.00049`, `$0.37`, `$1250.00`. */
export function formatDollars(dollars: number): string {
	if (dollars === 0) return "$0";
	if (dollars >= 0.995) return `$${dollars.toFixed(2)}`;
	// Two digits that count, and no exponent.
	return `$${dollars.toFixed(Math.min(12, 1 - Math.floor(Math.log10(dollars))))}`;
}

/** Bytes of one side in words: `254.70 KiB down, 254.70 KiB up`. */
export function describeBytes(side: Pick<SideCost, "bytesDown" | "bytesUp" | "bytesInside">): string {
	const parts = [
		...(side.bytesDown > 0 ? [`${formatBytes(side.bytesDown)} down`] : []),
		...(side.bytesUp > 0 ? [`${formatBytes(side.bytesUp)} up`] : []),
		...(side.bytesInside > 0 ? [`${formatBytes(side.bytesInside)} copied inside`] : []),
	];
	return parts.length === 0 ? "0 B" : parts.join(", ");
}

/** Calls or requests, and those tried in vain. */
export function describeCalls({ calls, tried }: SideCost, noun: "call" | "request"): string {
	return `${counted(calls, noun)}${tried > 0 ? ` after ${counted(tried, "try", "tries")} in vain` : ""}`;
}

/** Both sides of one operation in a sentence or two. */
export function describeRun(run: StorageRun, assumptions: StorageAssumptions): string {
	const files = costOf(run.files, "files", assumptions);
	const objects = costOf(run.objects, "objects", assumptions);
	const refused = (side: { refused?: string }) =>
		side.refused === undefined ? "" : ` Refused: ${side.refused}`;
	return (
		`${run.title}. Files: ${describeCalls(files, "call")}, about ${formatEstimate(files.seconds)}.${refused(run.files)} ` +
		`Objects: ${describeCalls(objects, "request")}, ${describeBytes(objects)}, about ` +
		`${formatEstimate(objects.seconds)}, ${formatDollars(objects.dollars)} for ${counted(assumptions.datasets, "data set")}.${refused(run.objects)}`
	);
}

/**
 * Operations on both sides, as a table.
 * @param runs each operation's last run
 * @param last the one that was carried out last
 */
export function storageTwin(
	runs: readonly StorageRun[],
	last: StorageRun,
	assumptions: StorageAssumptions,
): TextTwin {
	const { files, objects } = last;
	const bytes = (items: readonly StoredItem[]) => formatBytes(items.reduce((sum, { size }) => sum + size, 0));
	return {
		summary:
			`Now ${counted(files.after.length, "file")} in folders (${bytes(files.after)}) on a volume of ` +
			`${formatBytes(files.paid)}, and ${counted(objects.after.length, "object")} with flat keys (${bytes(objects.after)}) ` +
			"in a bucket. Their bytes are made up; what went out and came back is real.",
		status: describeRun(last, assumptions),
		caption: `What each operation costs, as carried out last, or else at first. Money for ${counted(assumptions.datasets, "data set")}.`,
		columns: [
			{ name: "Operation" },
			{ name: "Calls on files", align: "right" },
			{ name: "Bytes" },
			{ name: "Time", align: "right" },
			{ name: "Volume a month", align: "right" },
			{ name: "Requests for objects", align: "right" },
			{ name: "Bytes" },
			{ name: "Time", align: "right" },
			{ name: "Money", align: "right" },
			{ name: "Objects a month", align: "right" },
			{ name: "Refused" },
		],
		rows: runs.map((run) => {
			const a = costOf(run.files, "files", assumptions);
			const b = costOf(run.objects, "objects", assumptions);
			const refused = [run.files.refused, run.objects.refused].filter((text) => text !== undefined);
			return [
				run.title,
				String(a.calls),
				describeBytes(a),
				formatEstimate(a.seconds),
				formatDollars(a.dollarsMonth),
				String(b.calls),
				describeBytes(b),
				formatEstimate(b.seconds),
				formatDollars(b.dollars),
				formatDollars(b.dollarsMonth),
				refused.join(" ") || "nothing",
			];
		}),
	};
}
