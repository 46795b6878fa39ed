/**
 * What every store promises, as one set of tests. A store under test is given values and must behave alike, wherever
 * it keeps them. What a store cannot do (list over plain HTTP, write to a zip) it does not offer, and is not asked.
 */

import { childNames, listKeys, listPages } from "../../src/lib/stores/list.ts";
import {
	can,
	getRange,
	type ReadableStore,
	type StoreKey,
	type WritableStore,
} from "../../src/lib/stores/store.ts";
import { describe, expect, test } from "../support/test-runner.ts";

export type Values = Record<string, Uint8Array>;

export interface StoreUnderTest {
	/** A new store that holds these values and no others. */
	make(values: Values): Promise<ReadableStore>;
	/** What it must offer: a method that is gone by mistake would otherwise go untested. */
	offers: { write: boolean; list: boolean; children: boolean };
}

/** Puts values into a store that can be written, many at a time. */
export async function filled<S extends WritableStore>(store: S, values: Values): Promise<S> {
	const entries = Object.entries(values);
	for (let i = 0; i < entries.length; i += 32)
		await Promise.all(entries.slice(i, i + 32).map(([key, value]) => store.set(`/${key}`, value)));
	return store;
}

const text = (value: string) => new TextEncoder().encode(value);
const numbers = (...values: number[]) => Uint8Array.from(values);
/** Names that an address, a file system, an XML answer or a sort could get wrong. */
const odd = [
	"with space/a b.json",
	"unicode/µm é 漢字 🧬.json",
	"marks/a+b=c&d%20#e?f.json",
	"marks/<a> 'b' \"c\".json",
	"marks/(x)!*~,;:@$[0].json",
];

export function storeContract(name: string, { make, offers }: StoreUnderTest): void {
	const writable = async (values: Values = {}) => (await make(values)) as WritableStore;

	describe(`the contract of a store: ${name}`, () => {
		test("offers what it says", async () => {
			const store = await writable();
			expect(typeof store.get).toBe("function");
			expect(typeof store.getRange).toBe("function");
			expect(typeof store.size).toBe("function");
			expect(store.set !== undefined && store.delete !== undefined).toBe(offers.write);
			expect(store.list !== undefined).toBe(offers.list);
			expect(store.children !== undefined).toBe(offers.children);
			expect(can(store)).toMatchObject({
				write: offers.write,
				delete: offers.write,
				list: offers.list,
				delimiter: offers.children,
			});
		});

		test("gives whole values, empty ones too, and undefined for absent keys", async () => {
			const store = await make({ "a/c/0": numbers(1, 2, 3), "a/zarr.json": text("{}"), empty: numbers() });
			expect(await store.get("/a/c/0")).toEqual(numbers(1, 2, 3));
			expect(await store.get("/a/zarr.json")).toEqual(text("{}"));
			expect(await store.get("/empty")).toEqual(numbers());
			for (const key of ["/none", "/a", "/a/c", "/a/c/0/0", "/a/c/00", "/A/c/0"] as StoreKey[]) {
				expect(await store.get(key), key).toBeUndefined();
				expect(await store.size?.(key), key).toBeUndefined();
				expect(await getRange(store, key, { offset: 0, length: 1 }), key).toBeUndefined();
				expect(await getRange(store, key, { suffixLength: 1 }), key).toBeUndefined();
			}
		});

		test("says how large a value is", async () => {
			const store = await make({ v: new Uint8Array(70_000), empty: numbers() });
			expect(await store.size?.("/v")).toBe(70_000);
			expect(await store.size?.("/empty")).toBe(0);
		});

		test("gives ranges, cut where the value ends", async () => {
			const value = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
			const store = await make({ "a/v": value, empty: numbers() });
			const offset = (offset: number, length: number) => getRange(store, "/a/v", { offset, length });
			const suffix = (suffixLength: number) => getRange(store, "/a/v", { suffixLength });
			expect(await offset(0, 1)).toEqual(value.subarray(0, 1));
			expect(await offset(7, 500)).toEqual(value.subarray(7, 507));
			expect(await offset(0, 1000)).toEqual(value);
			expect(await offset(990, 50)).toEqual(value.subarray(990));
			expect(await offset(1000, 1)).toEqual(numbers());
			expect(await offset(5000, 10)).toEqual(numbers());
			expect(await offset(5, 0)).toEqual(numbers());
			expect(await suffix(0)).toEqual(numbers());
			expect(await suffix(1)).toEqual(value.subarray(999));
			expect(await suffix(1000)).toEqual(value);
			expect(await suffix(5000)).toEqual(value);
			expect(await getRange(store, "/empty", { offset: 0, length: 4 })).toEqual(numbers());
			expect(await getRange(store, "/empty", { suffixLength: 4 })).toEqual(numbers());
		});

		test("takes names with spaces, marks and any script", async () => {
			const store = await make(Object.fromEntries(odd.map((key, i) => [key, numbers(i)])));
			for (const [i, key] of odd.entries()) {
				expect(await store.get(`/${key}`), key).toEqual(numbers(i));
				expect(await store.size?.(`/${key}`), key).toBe(1);
			}
			if (!offers.list) return;
			expect((await listKeys(store)).sort()).toEqual([...odd].sort());
			expect(await listKeys(store, "unicode/µ")).toEqual([odd[1]]);
			expect(await listKeys(store, "marks/a+b=c&d%20#")).toEqual([odd[2]]);
			expect(await childNames(store, "with space")).toEqual(["a b.json"]);
		});

		if (offers.list) {
			test("lists by prefix, part of a name included", async () => {
				const keys = ["a/c/10", "a/c/9", "a/cc", "a/zarr.json", "ab", "zarr.json"];
				const store = await make(Object.fromEntries(keys.map((key) => [key, numbers(1)])));
				expect(await listKeys(store)).toEqual(["a/c/9", "a/c/10", "a/cc", "a/zarr.json", "ab", "zarr.json"]);
				expect(await listKeys(store, "a/c")).toEqual(["a/c/9", "a/c/10", "a/cc"]);
				expect(await listKeys(store, "a/c/")).toEqual(["a/c/9", "a/c/10"]);
				expect(await listKeys(store, "/a/c/1")).toEqual(["a/c/10"]);
				expect(await listKeys(store, "zarr.json")).toEqual(["zarr.json"]);
				expect(await listKeys(store, "none/")).toEqual([]);
				expect(await listKeys(await make({}))).toEqual([]);
			});

			test("lists page by page, and up to a delimiter", async () => {
				const keys = ["a/c/0/0", "a/c/1/0", "a/zarr.json", "ab/zarr.json", "zarr.json"];
				const store = await make(Object.fromEntries(keys.map((key) => [key, numbers(1)])));
				const listed = async (prefix: string, delimiter?: "/") => {
					const all: string[] = [];
					for await (const page of listPages(store, prefix, { delimiter })) {
						if (!delimiter) expect(page.prefixes).toEqual([]);
						all.push(...page.keys, ...page.prefixes);
					}
					return all.sort();
				};
				expect(await listed("")).toEqual(keys);
				expect(await listed("a/c")).toEqual(["a/c/0/0", "a/c/1/0"]);
				expect(await listed("", "/")).toEqual(["a/", "ab/", "zarr.json"]);
				expect(await listed("a", "/")).toEqual(["a/", "ab/"]);
				expect(await listed("a/", "/")).toEqual(["a/c/", "a/zarr.json"]);
				expect(await listed("a/c/", "/")).toEqual(["a/c/0/", "a/c/1/"]);
				expect(await listed("a/z", "/")).toEqual(["a/zarr.json"]);
				for (const prefix of ["none/", "a//c", "../a", "a/../", "a/zarr.json/"]) {
					expect(await listed(prefix), prefix).toEqual([]);
					expect(await listed(prefix, "/"), prefix).toEqual([]);
				}
				const stopped = listPages(store, "", { signal: AbortSignal.abort(new Error("enough")) });
				await expect(stopped.next()).rejects.toMatchObject({ message: "enough" });
			});

			test("names what is directly below a path", async () => {
				const keys = ["a/c/0/0", "a/c/1/0", "a/zarr.json", "ab/zarr.json", "zarr.json"];
				const store = await make(Object.fromEntries(keys.map((key) => [key, numbers(1)])));
				expect(await childNames(store)).toEqual(["a", "ab", "zarr.json"]);
				expect(await childNames(store, "/a/")).toEqual(["c", "zarr.json"]);
				expect(await childNames(store, "a/c")).toEqual(["0", "1"]);
				expect(await childNames(store, "none")).toEqual([]);
			});
		}

		test("holds more than a thousand keys", async () => {
			const keys = Array.from({ length: 1003 }, (_, i) => `image/c/${i >> 6}/${i & 63}`);
			const store = await make(Object.fromEntries(keys.map((key, i) => [key, numbers(i & 255, i >> 8)])));
			for (const i of [0, 1, 64, 999, 1000, 1002])
				expect(await store.get(`/${keys[i]}`)).toEqual(numbers(i & 255, i >> 8));
			if (!offers.list) return;
			expect(await listKeys(store)).toEqual(keys);
			expect(await childNames(store, "image/c")).toHaveLength(16);
		});

		if (offers.write) writing(writable);
		else
			test("cannot be written", async () => {
				expect((await writable()).set).toBeUndefined();
			});
	});
}

function writing(writable: (values?: Values) => Promise<WritableStore>): void {
	test("overwrites whole values, by shorter, longer and empty ones", async () => {
		const store = await writable({ "a/v": numbers(1, 2, 3, 4) });
		for (const value of [numbers(9), numbers(5, 6, 7, 8, 9, 10), numbers(), numbers(1)]) {
			await store.set("/a/v", value);
			expect(await store.get("/a/v")).toEqual(value);
			expect(await store.size?.("/a/v")).toBe(value.length);
		}
		expect(await listKeys(store)).toEqual(["a/v"]);
	});

	test("keeps only the bytes of a view, whatever becomes of its buffer", async () => {
		const store = await writable();
		const buffer = numbers(1, 2, 3, 4);
		await store.set("/v", buffer.subarray(1, 3));
		buffer.fill(0);
		expect(await store.get("/v")).toEqual(numbers(2, 3));
	});

	test("deletes, once or twice, and what is beside stays", async () => {
		const store = await writable({ "a/v": numbers(1), "a/w": numbers(2), b: numbers(3) });
		await store.delete?.("/a/v");
		await store.delete?.("/a/v");
		await store.delete?.("/never/there");
		expect(await store.get("/a/v")).toBeUndefined();
		expect(await listKeys(store)).toEqual(["a/w", "b"]);
		await store.set("/a/v", numbers(7));
		expect(await store.get("/a/v")).toEqual(numbers(7));
	});

	test("takes many writes at once", async () => {
		const store = await writable();
		await Promise.all(Array.from({ length: 40 }, (_, i) => store.set(`/c/${i >> 3}/${i & 7}`, numbers(i))));
		expect(await listKeys(store)).toHaveLength(40);
		expect(await store.get("/c/4/7")).toEqual(numbers(39));
	});

	test.each(["/a/../b", "/", "//a", "/a//b", "/./a", "/a/"])("refuses to write the key %j", async (key) => {
		const store = await writable();
		await expect((async () => store.set(key as "/a", numbers(1)))()).rejects.toMatchObject({
			code: "bad-key",
		});
		expect(await listKeys(store)).toEqual([]);
	});
}
