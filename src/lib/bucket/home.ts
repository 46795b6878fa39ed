/** Many buckets behind one address: lists, makes and removes them, and hands each request to its bucket's engine. */
import type { ReadableStore, WritableStore } from "../stores/store.ts";
import { baseOf, placeOf } from "./address.ts";
import { type Answer, xmlType } from "./call.ts";
import { type BucketEngine, bucketEngine, type EngineOptions } from "./engine.ts";
import { BucketError, methodNotAllowed, noSuchBucket } from "./errors.ts";
import { Settings } from "./settings.ts";
import { systemClock } from "./simulate.ts";
import { transport } from "./transport.ts";
import { element, xmlDocument } from "./xml-write.ts";

/** Where a bucket's objects are, and what is recorded of them. */
export interface BucketPlace {
	store: ReadableStore & Partial<WritableStore>;
	records: WritableStore;
}

/** Where buckets are kept. */
export interface BucketPlaces {
	/** Names of all buckets, in any order. */
	names(): Promise<string[]>;
	/** The place of a bucket; undefined where there is none and none is to be made. */
	open(name: string, create: boolean): Promise<BucketPlace | undefined>;
	/** Forgets a bucket and all that it holds. */
	remove(name: string): Promise<void>;
}

/**
 * An engine for all buckets of some places. `PUT /name` makes one, `DELETE /name` removes one that is empty, or any one
 * with the header `x-minio-force-delete: true` (as MinIO has it), `GET /` lists them.
 */
export function bucketHome(places: BucketPlaces, options: EngineOptions = {}): BucketEngine {
	const base = baseOf(options.base);
	const clock = options.clock ?? systemClock;
	const engines = new Map<string, BucketEngine>();

	const engineOf = async (name: string): Promise<BucketEngine> => {
		const known = engines.get(name);
		if (known) return known;
		const place = await places.open(name, false);
		if (!place) throw noSuchBucket(name);
		// Made by another request meanwhile: one engine a bucket, or their writes would not wait for each other.
		const engine =
			engines.get(name) ?? bucketEngine(place.store, { ...placeOptions(name), records: place.records });
		engines.set(name, engine);
		return engine;
	};
	const placeOptions = (name: string) => {
		const { exclusive } = options;
		if (!exclusive) return { ...options, name };
		return {
			...options,
			name,
			exclusive: <T>(key: string, task: () => Promise<T>) => exclusive(`${name}/${key}`, task),
		};
	};

	const list = async (): Promise<Answer> => {
		const found: string[] = [];
		for (const name of (await places.names()).sort()) {
			const place = await places.open(name, false);
			if (!place) continue;
			const { created = 0 } = await new Settings(place.records).read();
			found.push(
				element("Bucket", [element("Name", name), element("CreationDate", new Date(created).toISOString())]),
			);
		}
		const owner = element("Owner", [element("ID", "chunkwise"), element("DisplayName", "chunkwise")]);
		const body = xmlDocument(element("ListAllMyBucketsResult", [owner, element("Buckets", found)]), true);
		return { status: 200, headers: xmlType, body };
	};

	const create = async (name: string): Promise<Answer> => {
		if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
			throw new BucketError("InvalidBucketName", "The specified bucket is not valid.", { BucketName: name });
		}
		if (await places.open(name, false)) {
			throw new BucketError(
				"BucketAlreadyOwnedByYou",
				"The bucket that you tried to create already exists, and you own it.",
				{ BucketName: name },
			);
		}
		const place = await places.open(name, true);
		if (place) await new Settings(place.records).write({ created: clock.now() });
		return { status: 200, headers: { Location: `/${name}` } };
	};

	const remove = async (name: string, force: boolean): Promise<Answer> => {
		const place = await places.open(name, false);
		if (!place) throw noSuchBucket(name);
		const holds = async (store: ReadableStore, prefix: string) =>
			((await store.list?.(prefix)) ?? []).length > 0;
		if (!force && ((await holds(place.store, "")) || (await holds(place.records, "objects/")))) {
			throw new BucketError("BucketNotEmpty", "The bucket you tried to delete is not empty.", {
				BucketName: name,
			});
		}
		engines.delete(name);
		await places.remove(name);
		return { status: 204 };
	};

	return async (request) => {
		const url = new URL(request.url);
		let engine: BucketEngine | undefined;
		const own = await transport(request, undefined, async () => {
			const { name, key } = placeOf(url.pathname, base);
			const plain = key === "" && url.search === "";
			if (name === "") {
				if (request.method === "GET" || request.method === "HEAD") return list();
				throw methodNotAllowed(request.method);
			}
			if (plain && request.method === "PUT") return create(name);
			if (plain && request.method === "DELETE") {
				return remove(name, request.headers.get("x-minio-force-delete") === "true");
			}
			engine = await engineOf(name);
			return { status: 200 };
		});
		return engine ? engine(request) : own;
	};
}
