/** What stores over other stores share. */
import { observeStore } from "./observe.ts";
import type { ReadableStore, WritableStore } from "./store.ts";

type Methods = { -readonly [K in keyof WritableStore]?: WritableStore[K] };

const names = [
	"get",
	"getRange",
	"size",
	"list",
	"pages",
	"children",
	"set",
	"delete",
	"clear",
	"exclusive",
] as const;

/**
 * The methods of a store, each calling it, to be replaced where the wrapper does something else: it then offers what
 * the store under it offers. Requests are told to `onRequest` even where the store itself does not tell them.
 */
export function methodsOf(store: ReadableStore): Methods {
	const reporting = observeStore(store, () => {}) as Partial<WritableStore>;
	const methods: Record<string, unknown> = { abilities: reporting.abilities };
	for (const name of names) if (reporting[name]) methods[name] = reporting[name];
	return methods as Methods;
}
