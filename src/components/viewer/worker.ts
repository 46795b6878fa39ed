/** The worker of a viewer: opens an image, fetches and decodes its chunks, so that the page only draws. */
import { type Line, slowStore } from "../../lib/bucket/slow-store.ts";
import { httpSource } from "../../lib/bytes-http.ts";
import { ChunkwiseError, isChunkwiseError } from "../../lib/errors.ts";
import { computedImage } from "../../lib/samples/computed-image.ts";
import { DirectoryReader } from "../../lib/stores/directory-read.ts";
import { fileListStore } from "../../lib/stores/file-list.ts";
import { httpStore } from "../../lib/stores/http.ts";
import { countRequests } from "../../lib/stores/observe.ts";
import type { ReadableStore } from "../../lib/stores/store.ts";
import { zipStore } from "../../lib/stores/zip.ts";
import type { ViewSource } from "../../lib/viewer/loader.ts";
import { openViewSource } from "../../lib/viewer/source.ts";
import type { FromViewerWorker, ToldError, ToViewerWorker, ViewerInput } from "./messages.ts";

const scope = self as unknown as {
	onmessage: ((event: MessageEvent<ToViewerWorker>) => void) | null;
	postMessage(message: FromViewerWorker, transfer?: Transferable[]): void;
};
const line: Line = {};
const underWay = new Map<number, AbortController>();
let source: Promise<ViewSource> | undefined;

scope.onmessage = ({ data }) => {
	switch (data.type) {
		case "open":
			Object.assign(line, data.line);
			source = open(data.input);
			// Told to the page already.
			source.catch(() => {});
			return;
		case "line":
			Object.assign(line, { latency: undefined, bandwidth: undefined }, data.line);
			return;
		case "read":
			void read(data.id, data.level, data.coords);
			return;
		case "stop":
			underWay.get(data.id)?.abort();
	}
};

async function open(input: ViewerInput): Promise<ViewSource> {
	try {
		const { store, counts } = countRequests(slowStore(await storeOf(input), line));
		const opened = await openViewSource(store, input.path);
		scope.postMessage({ type: "opened", image: opened.image, ...counts() });
		return opened;
	} catch (error) {
		scope.postMessage({ type: "refused", error: told(error) });
		throw error;
	}
}

async function storeOf(input: ViewerInput): Promise<ReadableStore> {
	switch (input.kind) {
		case "computed":
			return computedImage(input.options);
		case "folder":
			return new DirectoryReader(input.handle);
		case "files": {
			const { files, keys } = input;
			if (keys) return fileListStore(new Map(files.map((file, i) => [keys[i], file])));
			const [{ name, webkitRelativePath }] = files;
			if (files.length > 1 || webkitRelativePath) return fileListStore(files);
			if (isZip(name)) return zipStore(files[0]);
			throw isTiff(name) ? aTiff(name) : oneFile(name);
		}
		case "url": {
			const { pathname } = new URL(input.url);
			if (isZip(pathname)) return zipStore(await httpSource(input.url));
			if (isTiff(pathname)) throw aTiff(decodeURIComponent(pathname.split("/").at(-1) ?? ""));
			return httpStore(input.url);
		}
	}
}

const isZip = (name: string) => /\.(zip|ozx)$/i.test(name);
const isTiff = (name: string) => /\.(tiff?|btf|tf[28])$/i.test(name);

function aTiff(name: string): ChunkwiseError {
	return new ChunkwiseError("is-tiff", `“${name}” is a TIFF, which this viewer does not open.`, {
		remedy:
			"Make an OME-Zarr of it, as the lesson “From a TIFF to an OME-Zarr” does, or by “chunkwise convert”, and open that.",
	});
}

function oneFile(name: string): ChunkwiseError {
	return new ChunkwiseError(
		"is-file",
		`“${name}” is a single file, and an OME-Zarr or N5 is a folder of many.`,
		{
			remedy: "Open the whole folder, or a .zip or .ozx of it.",
		},
	);
}

async function read(id: number, level: number, coords: readonly number[]): Promise<void> {
	const stop = new AbortController();
	underWay.set(id, stop);
	try {
		const opened = await source;
		const values = await opened?.read(level, coords, {
			signal: stop.signal,
			onRequest: ({ source: from, bytes = 0 }) => {
				if (from !== "cache") scope.postMessage({ type: "request", id, bytes });
			},
		});
		if (stop.signal.aborted) return;
		scope.postMessage({ type: "chunk", id, values }, values ? [values.buffer as ArrayBuffer] : []);
	} catch (error) {
		if (!stop.signal.aborted) scope.postMessage({ type: "failed", id, error: told(error) });
	} finally {
		underWay.delete(id);
	}
}

function told(error: unknown): ToldError {
	if (!isChunkwiseError(error)) return { message: error instanceof Error ? error.message : String(error) };
	const { code, message, where, remedy } = error;
	return { code, message, where, remedy };
}
