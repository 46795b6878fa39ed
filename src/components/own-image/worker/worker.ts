/** The worker of "Your own image": opens the file, converts it, looks at the result and takes it elsewhere. */
import { ChunkwiseError } from "../../../lib/errors.ts";
import { validateStore } from "../../../lib/ngff/validate/store.ts";
import { storageState } from "../../../lib/stores/storage.ts";
import type { ReadableStore } from "../../../lib/stores/store.ts";
import type { CallName, Calls, FromWorker, KeptConversion, ToWorker, WhichResult } from "../messages.ts";
import { alone, together } from "../turns.ts";
import { convert } from "./converting.ts";
import { inspect, measure, preview } from "./looking.ts";
import { OpenedFile } from "./opened.ts";
import { readKept, removeAll, resultStore } from "./places.ts";
import { told } from "./refusal.ts";
import { toFolder, zip } from "./saving.ts";
import { upload } from "./upload.ts";

interface Context {
	signal: AbortSignal;
	onProgress(progress: unknown): void;
}

const scope = self as unknown as {
	onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
	postMessage(message: FromWorker, transfer?: Transferable[]): void;
};
const underWay = new Map<number, AbortController>();
let opened: OpenedFile | undefined;
/** The folder that was converted into. */
let folder: FileSystemDirectoryHandle | undefined;

/** Milliseconds between two messages of progress. */
const progressEvery = 150;

const calls: {
	[K in CallName]: (input: Calls[K]["input"], context: Context) => Promise<Calls[K]["output"]>;
} = {
	async open(file, { signal }) {
		opened = undefined;
		opened = await OpenedFile.open(file, signal);
		return opened.facts;
	},
	preview: ({ at, ...chosen }, { signal }) => preview(file().source(chosen).source, at, signal),
	measure: ({ chunks, ...chosen }, { signal }) => measure(file().source(chosen).source, chunks, signal),
	room: () => storageState(),
	async kept(input) {
		folder = input.folder ?? folder;
		return readKept();
	},
	convert: (input, context) =>
		alone(() => {
			folder = input.folder;
			return convert(file(), input, context);
		}),
	async discard(input) {
		await alone(() => removeAll(input.folder ?? folder));
		return undefined;
	},
	inspect: (which) => withResult(which, (store, kept) => inspect(store, kept)),
	validate: (which, { signal }) => withResult(which, (store) => validateStore(store, { signal })),
	zip: ({ to, ...which }, context) => withResult(which, (store, kept) => zip(store, kept, to, context)),
	folder: ({ to, ...which }, context) =>
		withResult(which, (store, kept) => toFolder(store, kept, to, context)),
	upload: ({ to, ...which }, context) => withResult(which, (store, kept) => upload(store, kept, to, context)),
};

scope.onmessage = async ({ data }) => {
	if ("stop" in data) {
		underWay.get(data.id)?.abort(new DOMException("Stopped.", "AbortError"));
		return;
	}
	const { id, call, input } = data;
	const stop = new AbortController();
	underWay.set(id, stop);
	let last = Number.NEGATIVE_INFINITY;
	const onProgress = (progress: unknown) => {
		const now = performance.now();
		if (now - last < progressEvery) return;
		last = now;
		scope.postMessage({ id, progress });
	};
	try {
		const run = calls[call] as (input: unknown, context: Context) => Promise<unknown>;
		scope.postMessage({ id, output: await run(input, { signal: stop.signal, onProgress }) });
	} catch (error) {
		scope.postMessage({ id, failed: told(error) });
	} finally {
		underWay.delete(id);
	}
};

function file(): OpenedFile {
	if (opened) return opened;
	throw new ChunkwiseError("no-file", "No file is open.", { remedy: "Choose the file again." });
}

function withResult<T>(
	{ id }: WhichResult,
	use: (store: ReadableStore, kept: KeptConversion) => Promise<T>,
): Promise<T> {
	return together(async () => {
		const kept = await readKept();
		if (kept?.report && kept.id === id) return use(await resultStore(kept, folder, false), kept);
		throw new ChunkwiseError("no-result", "The result is here no more.", {
			remedy: "It was removed or replaced in another tab, or with this site's data: convert again.",
		});
	});
}
