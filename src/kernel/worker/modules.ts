/** What a cell may import. Each is loaded from the site itself, and only when a cell asks for it. */
import type { BucketHost } from "../../lib/bucket/start.ts";
import { ChunkwiseError } from "../../lib/errors.ts";
import { nearest } from "../../lib/nearest.ts";
import type { KernelSettings } from "../protocol.ts";
import { watchLibrary } from "./watch-requests.ts";

type Module = Record<string, unknown>;

const loaders: Record<string, () => Promise<Module>> = {
	chunkwise: async () => {
		const library = await import("../../lib/index.ts");
		await watchLibrary();
		if (bucketHost) (await import("../../lib/bucket/start.ts")).setBucketHost(bucketHost);
		applySettings = ({ samples }) => library.samples.configure(samples);
		if (settings) applySettings(settings);
		return library as unknown as Module;
	},
	zarrita: () => import("zarrita"),
	numcodecs: () => import("numcodecs"),
	"numcodecs/blosc": () => import("numcodecs/blosc"),
	"numcodecs/gzip": () => import("numcodecs/gzip"),
	"numcodecs/lz4": () => import("numcodecs/lz4"),
	"numcodecs/zlib": () => import("numcodecs/zlib"),
	"numcodecs/zstd": () => import("numcodecs/zstd"),
	d3: () => import("./drawing/d3.ts"),
	"@observablehq/plot": () => import("./drawing/plot.ts"),
};

let bucketHost: BucketHost | undefined;
let settings: KernelSettings | undefined;
let applySettings: ((settings: KernelSettings) => void) | undefined;

/** Keeps the site's and the reader's settings for the library, which is not loaded until a cell imports it. */
export function configureLibrary(given: KernelSettings): void {
	settings = given;
	applySettings?.(given);
}

/** Who serves the buckets that cells start, once the library is loaded. */
export function serveBucketsBy(host: BucketHost): void {
	bucketHost = host;
}

export const moduleNames = Object.keys(loaders);

/** Modules that could not be loaded when last asked for. */
const failed = new Set<string>();

/** True where the site gives the script that an import could not have: some browsers remember the failure. */
async function canBeReached(error: unknown): Promise<boolean> {
	const address = /https?:\/\/\S+/.exec(String(error))?.[0] ?? self.location.href;
	try {
		const response = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(5000) });
		void response.body?.cancel();
		return response.ok && /javascript/i.test(response.headers.get("content-type") ?? "");
	} catch {
		return false;
	}
}

/** A module by the name that a cell wrote. */
export async function loadModule(name: string): Promise<Module> {
	const load = loaders[name];
	if (!load) {
		const close = nearest(name, moduleNames);
		throw new ChunkwiseError("unknown-module", `A cell cannot import "${name}".`, {
			remedy: `${close ? `Did you mean "${close}"? ` : ""}Cells can import ${moduleNames.map((n) => `"${n}"`).join(", ")}.`,
		});
	}
	try {
		const module = await load();
		failed.delete(name);
		return module;
	} catch (error) {
		if (failed.has(name) && (await canBeReached(error))) {
			throw new ChunkwiseError("module-stuck", `The browser keeps a failed load of "${name}".`, {
				remedy: "Restart the kernel and run the cell again.",
				cause: error,
			});
		}
		failed.add(name);
		throw new ChunkwiseError("module-not-loaded", `"${name}" could not be loaded from this site.`, {
			remedy: "Check the network connection and run the cell again; what was loaded before still works.",
			cause: error,
		});
	}
}

/** Gives the module back if it has all the names asked for. */
export function pick(module: Module, name: string, wanted: string[]): Module {
	for (const item of wanted) {
		if (item in module) continue;
		const close = nearest(item, Object.keys(module));
		throw new ChunkwiseError("unknown-export", `"${name}" has no export named ${item}.`, {
			remedy: close ? `Did you mean ${close}?` : `It exports ${Object.keys(module).slice(0, 40).join(", ")}.`,
		});
	}
	return module;
}
