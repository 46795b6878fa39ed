/** The two stores of the figure and the work on them, off the page's thread. */
import { isChunkwiseError } from "../../../lib/errors.ts";
import { runEach, StorageLab, type StorageLabOptions } from "../../../lib/plan/storage-lab.ts";
import type {
	StorageOperation,
	StorageRun,
	StorageWays,
	StoredItem,
} from "../../../lib/plan/storage-model.ts";

export interface Target {
	file?: string;
	folder?: string;
}

export type LabWish =
	| { do: "make"; items: StoredItem[]; options: StorageLabOptions }
	| { do: "perform"; operation: StorageOperation; target: Target; ways: StorageWays }
	| { do: "look"; key: string }
	| { do: "each"; target: Target; ways: StorageWays }
	| { do: "start-over" };

export interface LabQuestion {
	id: number;
	wish: LabWish;
}

export type LabAnswer =
	| { id: number; value: unknown }
	| { id: number; error: { message: string; remedy: string } };

let first: StorageLab | undefined;
let lab: StorageLab | undefined;
/** One wish after the other: an operation must find what the one before it left. */
let before: Promise<unknown> = Promise.resolve();

function there(): StorageLab {
	if (!lab) throw new Error("Nothing has been stored yet.");
	return lab;
}

async function answer(wish: LabWish): Promise<StorageRun | StorageRun[] | object | undefined> {
	switch (wish.do) {
		case "make":
			first = await StorageLab.create(wish.items, wish.options);
			lab = first.fork();
			return undefined;
		case "perform":
			return there().perform(wish.operation, wish.target, wish.ways);
		case "look":
			return there().look(wish.key);
		case "each":
			return first && runEach(first, wish.target, wish.ways);
		case "start-over":
			lab = first?.fork();
			return undefined;
	}
}

self.onmessage = ({ data: { id, wish } }: MessageEvent<LabQuestion>) => {
	before = before.then(async () => {
		let told: LabAnswer;
		try {
			told = { id, value: await answer(wish) };
		} catch (error) {
			const { message } = error as Error;
			told = {
				id,
				error: { message, remedy: isChunkwiseError(error) ? error.remedy : "Start over." },
			};
		}
		self.postMessage(told);
	});
};
