/**
 * An object store over any store, as a function from Request to Response: the part of the Amazon S3 API that images
 * need, without a network, so that a service worker, a Node server or a test can stand before it. Addresses are in
 * path style: `<base>/<bucket>/<key>`. Nothing is signed or secret here: an Authorization header is not looked at.
 */
import { memoryStore } from "../stores/memory.ts";
import type { ReadableStore, WritableStore } from "../stores/store.ts";
import { unwatched } from "../stores/watch.ts";
import { baseOf, placeOf } from "./address.ts";
import type { BucketParts } from "./call.ts";
import { methodNotAllowed, noSuchBucket } from "./errors.ts";
import { type Exclusive, Objects } from "./objects.ts";
import { isAboutWeather, respond } from "./respond.ts";
import { Settings } from "./settings.ts";
import { type Clock, type Simulation, systemClock, Weather } from "./simulate.ts";
import { transport } from "./transport.ts";
import { Uploads } from "./uploads.ts";

export interface EngineOptions {
	/** Path before the bucket's name; default "/". */
	base?: string;
	/** In place of the platform's clock. */
	clock?: Clock;
	/** In place of Math.random: numbers from 0 to 1, for what fails. */
	random?: () => number;
	/** Names for versions and uploads, each new; default the time and a random number. */
	newId?: () => string;
	/**
	 * Runs one task at a time for each name. Needed only where several engines share one store, as in two tabs of a
	 * browser; one engine keeps its own order.
	 */
	exclusive?: Exclusive;
}

/** A bucket's name, records, and the network that is simulated before it. */
export interface BucketOptions extends EngineOptions {
	/** The bucket's name, first part of every address; default "bucket". */
	name?: string;
	/**
	 * Where ETags, times, types, user metadata, older versions and uploads under way are kept; default memory, gone with
	 * the engine.
	 */
	records?: WritableStore;
	/**
	 * Latency, bandwidth, failures. Read at every request: change its fields and the next request feels it. Default what
	 * was last set by `PUT ?simulation`.
	 */
	simulation?: Simulation;
}

/**
 * Answers one request of the S3 API. Errors are answers too, with S3's XML; it rejects only with the request's
 * signal's reason.
 */
export type BucketEngine = (request: Request) => Promise<Response>;

/** A bucket over a store. A store that cannot be written is a bucket that can only be read. */
export function bucketEngine(store: ReadableStore, options: BucketOptions = {}): BucketEngine {
	const clock = options.clock ?? systemClock;
	const bucket = options.name ?? "bucket";
	const base = baseOf(options.base);
	const records = options.records ?? unwatched(memoryStore());
	const settings = new Settings(records);
	const newId = options.newId ?? (() => timeId(clock.now()));
	const now = () => clock.now();
	const weather = new Weather(options.simulation ?? {}, clock, options.random ?? Math.random);
	const parts: BucketParts = {
		bucket,
		objects: new Objects(store, records, settings, { now, newId, exclusive: options.exclusive }),
		uploads: new Uploads(records),
		settings,
		weather,
		now,
		newId,
	};
	/** What was set before this engine began. */
	let remembered = options.simulation
		? undefined
		: async () => {
				remembered = undefined;
				const { simulation } = await settings.read();
				if (simulation) weather.set(simulation);
			};

	return async (request) => {
		const url = new URL(request.url);
		await remembered?.();
		return transport(request, weather, async () => {
			const query = url.searchParams;
			// The wait comes first: it is the line's, whatever is asked for.
			const place = attempt(() => placeOf(url.pathname, base));
			if (!("value" in place && isAboutWeather(place.value.key, query))) await weather.begin(request.signal);
			if (!("value" in place)) throw place.error;
			const { name, key } = place.value;
			if (name === "") throw methodNotAllowed(request.method);
			if (name !== bucket) throw noSuchBucket(name);
			return respond({ ...parts, request, key, query });
		});
	};
}

/** Later ones come later in the alphabet. */
export function timeId(now: number): string {
	const random = crypto.getRandomValues(new Uint8Array(10));
	return (
		Math.floor(now).toString(16).padStart(12, "0") +
		Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")
	);
}

function attempt<T>(task: () => T): { value: T } | { error: unknown } {
	try {
		return { value: task() };
	} catch (error) {
		return { error };
	}
}
