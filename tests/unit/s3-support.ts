/** What the tests of S3 share. */
import type { WritableStore } from "../../src/lib/stores/store.ts";
import type { Values } from "./store-contract.ts";

/** Values put into a store, many at a time. */
export async function filledAtOnce<S extends WritableStore>(store: S, values: Values): Promise<S> {
	const entries = Object.entries(values);
	for (let i = 0; i < entries.length; i += 32)
		await Promise.all(entries.slice(i, i + 32).map(([key, value]) => store.set(`/${key}`, value)));
	return store;
}
