/**
 * Starting a bucket that `fetch` reaches by its address. A page serves it by a service worker, so that anything on the
 * site can use it; where there is none, the same engine answers here, to this worker's or process's own fetch.
 */
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { pause } from "../stores/pause.ts";
import { type S3Store, type S3StoreOptions, s3Store } from "../stores/s3.ts";
import { childText, parseXml } from "../stores/s3-xml.ts";
import type { BucketEngine } from "./engine.ts";
import { bucketHome } from "./home.ts";
import { browserLocks, browserPlaces, memoryPlaces } from "./places.ts";
import type { Simulation } from "./simulate.ts";

/** How a bucket begins. */
export interface StartBucketOptions {
	/** Begin with nothing in it: what it held is gone. Default false: a bucket keeps what it has. */
	empty?: boolean;
	/** Keep every version of every object. */
	versioning?: boolean;
	/** Latency, bandwidth and failures; {} for none. Default as it was last set. */
	simulation?: Simulation;
}

/** Whoever can have buckets served at an address: the page around a kernel. */
export interface BucketHost {
	/** Tries to have them served. `url`: the address of all buckets, ending in a slash; `why`: why nobody serves it. */
	serve(): Promise<{ url: string; why?: string }>;
}

let host: BucketHost | undefined;
let local: { root: string; why: string } | undefined;

/** For the kernel: who serves buckets, once a cell asks for one. */
export function setBucketHost(given: BucketHost): void {
	host = given;
}

/** A bucket that answers at an address. */
export class Bucket implements Displayable {
	readonly name: string;
	/** Without a slash at the end: an object is at `${url}/${key}`. */
	readonly url: string;
	/** "here": only this worker's or process's own fetch reaches it. */
	readonly servedBy: "service worker" | "here";
	/** Why there is no service worker. */
	readonly why?: string;
	readonly #root: string;

	constructor(root: string, name: string, why?: string) {
		this.#root = root;
		this.name = name;
		this.url = root + name;
		this.servedBy = why === undefined ? "service worker" : "here";
		this.why = why;
	}

	/** The bucket as a store, for the library. */
	store(prefix = "", options?: S3StoreOptions): S3Store {
		return s3Store({ endpoint: this.#root, bucket: this.name, prefix, pathStyle: true }, options);
	}

	/** Sets the bucket's weather, for all who use it: latency, bandwidth, failures; {} for none. */
	async simulate(simulation: Simulation): Promise<void> {
		await ask(`${this.url}?simulation`, { method: "PUT", body: JSON.stringify(simulation) });
	}

	/** Removes the bucket and everything in it. */
	async remove(): Promise<void> {
		await ask(this.url, { method: "DELETE", headers: { "x-minio-force-delete": "true" } }, 404);
	}

	/** Its address, so that `bucket + "/key"` is an object's. */
	toString(): string {
		return this.url;
	}

	[displaySymbol](): TextDisplay {
		const by = this.why === undefined ? "a service worker" : `this worker only: ${this.why}`;
		return { kind: "text", text: `<Bucket '${this.name}' at ${this.url}, served by ${by}>` };
	}
}

/**
 * A bucket of this name, made where there is none, and reached by `fetch` at its `url`.
 * @throws ChunkwiseError bucket-refused where the name cannot be one (3 to 63 small letters, digits, dots, hyphens)
 */
export async function startBucket(name = "images", options: StartBucketOptions = {}): Promise<Bucket> {
	const { root, why } = await served();
	const bucket = new Bucket(root, name, why);
	if (options.empty) await bucket.remove();
	await ask(bucket.url, { method: "PUT" }, 409);
	if (options.versioning !== undefined) {
		const status = options.versioning ? "Enabled" : "Suspended";
		const body = `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`;
		await ask(`${bucket.url}?versioning`, { method: "PUT", body });
	}
	if (options.simulation) await bucket.simulate(options.simulation);
	return bucket;
}

/** Where buckets answer, and why by no service worker. */
async function served(): Promise<{ root: string; why?: string }> {
	if (local) return local;
	const { url, why } = host
		? await host.serve()
		: { url: "http://bucket.invalid/", why: "there is no page that could have it served." };
	if (why === undefined) {
		if (await answers(url)) return { root: url };
		return serveHere(url, "the service worker does not answer to this worker.");
	}
	return serveHere(url, why);
}

/**
 * Whether a bucket's engine is behind the address for this worker's own fetch. A service worker that has just started
 * takes a page's workers over a moment after the page itself.
 */
async function answers(url: string): Promise<boolean> {
	for (let attempt = 1; ; attempt++) {
		try {
			const response = await fetch(url, { cache: "no-store" });
			if (parseXml(await response.text())?.name === "ListAllMyBucketsResult") return true;
		} catch {
			// As where the answer is the site's own 404.
		}
		if (attempt === 5) return false;
		await pause(50 * 2 ** attempt);
	}
}

/** The engine here, behind this worker's or process's fetch. */
async function serveHere(root: string, why: string): Promise<{ root: string; why: string }> {
	// Without OPFS there is memory: the reader's cells work on, and what they wrote is gone with the kernel.
	const places = await browserPlaces().catch(() => memoryPlaces());
	// Started twice at the same moment: one engine.
	if (local) return local;
	routeFetch(root, bucketHome(places, { base: new URL(root).pathname, exclusive: browserLocks() }));
	local = { root, why };
	return local;
}

function routeFetch(root: string, engine: BucketEngine): void {
	const platform = globalThis.fetch;
	const here = (globalThis as { location?: { href: string } }).location?.href;
	globalThis.fetch = async (input, init) => {
		const address = input instanceof Request ? input.url : new URL(String(input), here).href;
		return address.startsWith(root) ? engine(new Request(input, init)) : platform(input, init);
	};
}

/** What a bucket must do. @throws ChunkwiseError bucket-refused */
async function ask(url: string, init: RequestInit, accepted?: number): Promise<void> {
	const response = await fetch(url, init);
	const text = await response.text();
	if (response.ok || response.status === accepted) return;
	const root = parseXml(text);
	const said = (root && childText(root, "Message")) ?? `It answered ${response.status}.`;
	throw new ChunkwiseError("bucket-refused", `The bucket refused: ${said}`, {
		where: url,
		remedy:
			"A bucket's name has 3 to 63 small letters, digits, dots and hyphens; see its simulation for what it takes.",
	});
}
