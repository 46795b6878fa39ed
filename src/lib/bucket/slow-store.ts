/** A store as it would be over a slow line: for feeling what a request and a byte cost. */
import type { ReadableStore } from "../stores/store.ts";
import { methodsOf } from "../stores/wrap.ts";
import { type Clock, type Simulation, systemClock, Weather } from "./simulate.ts";

/** A line: milliseconds before each answer, and bytes a second that all requests share. */
export type Line = Pick<Simulation, "latency" | "bandwidth">;

/**
 * A store whose values take as long as over a line: each read waits for the latency, and its bytes for the bandwidth.
 * What the store itself takes comes on top.
 * @param line looked at with every read, so that it may be changed meanwhile
 */
export function slowStore(store: ReadableStore, line: Line, clock: Clock = systemClock): ReadableStore {
	const weather = new Weather(line, clock, Math.random);
	const slowly = async (
		read: () => Uint8Array | undefined | Promise<Uint8Array | undefined>,
		signal?: AbortSignal,
	) => {
		await weather.begin(signal);
		const value = await read();
		await weather.carry(value?.byteLength ?? 0, signal);
		return value;
	};
	const methods = methodsOf(store) as ReadableStore;
	const { get, getRange } = methods;
	const slow: ReadableStore = {
		...methods,
		get: (key, options) => slowly(() => get(key, options), options?.signal),
	};
	if (getRange) {
		slow.getRange = (key, range, options) => slowly(() => getRange(key, range, options), options?.signal);
	}
	return slow;
}
