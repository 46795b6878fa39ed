/** Keys of N5 blocks. */
import { keyOf, type StoreKey } from "../stores/store.ts";

/** The key of a block. N5 writes the fastest axis first: "/s0/x/y/z" for the index z, y, x. */
export function blockKey(path: string, index: readonly number[]): StoreKey {
	return keyOf(path, [...index].reverse().join("/"));
}
