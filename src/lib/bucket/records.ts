/** Documents that a bucket keeps beside its objects, and the keys that a store can have. */
import { isChunkwiseError } from "../errors.ts";
import { keyParts, type ReadableStore, type StoreKey, type WritableStore } from "../stores/store.ts";

export async function readJson<T>(store: ReadableStore, key: StoreKey): Promise<T | undefined> {
	const bytes = await store.get(key);
	return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T);
}

export async function writeJson(store: WritableStore, key: StoreKey, value: unknown): Promise<void> {
	await store.set(key, new TextEncoder().encode(JSON.stringify(value)));
}

/** The store's key of an object's key; undefined where a store can have none such. */
export function storeKey(key: string): StoreKey | undefined {
	try {
		keyParts(`/${key}`);
		return `/${key}`;
	} catch (error) {
		if (isChunkwiseError(error) && error.code === "bad-key") return undefined;
		throw error;
	}
}
