/**
 * Stores in a real browser's worker: the contract of stores over those that only a browser has, and single calls by
 * which a test lets several tabs and workers meet at one store.
 */
import { info } from "../../src/lib/ngff/info.ts";
import { cacheStore } from "../../src/lib/stores/cache.ts";
import { directoryStore } from "../../src/lib/stores/directory.ts";
import type { DirectoryReader } from "../../src/lib/stores/directory-read.ts";
import { fileListStore } from "../../src/lib/stores/file-list.ts";
import { httpStore } from "../../src/lib/stores/http.ts";
import { listKeys, listPages } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { recordStore } from "../../src/lib/stores/observe.ts";
import { opfsStore, removeOpfsStore } from "../../src/lib/stores/opfs.ts";
import { readThrough } from "../../src/lib/stores/read-through.ts";
import { keepStorage, storageState } from "../../src/lib/stores/storage.ts";
import type { WritableStore } from "../../src/lib/stores/store.ts";
import { filled, storeContract, type Values } from "../unit/store-contract.ts";
import { timed } from "./timed.ts";
import { runCases } from "./tiny-test.ts";

let serial = 0;
const fresh = () => `contract/${serial++}`;
const all = { write: true, list: true, children: true };

/** An empty folder of the private file system: the same kind of handle as a picked folder's. */
async function folder(): Promise<FileSystemDirectoryHandle> {
	let handle = await navigator.storage.getDirectory();
	for (const part of fresh().split("/")) handle = await handle.getDirectoryHandle(part, { create: true });
	return handle;
}

function contracts(): void {
	storeContract("the private file system", {
		make: async (values) => filled(await opfsStore(fresh()), values),
		offers: all,
	});
	storeContract("a folder's handle", {
		make: async (values) => filled(await directoryStore(await folder(), { mode: "readwrite" }), values),
		offers: all,
	});
	storeContract("a folder's handle, to read only", {
		make: async (values) => {
			const handle = await folder();
			await filled(await directoryStore(handle, { mode: "readwrite" }), values);
			return directoryStore(handle);
		},
		offers: { write: false, list: true, children: true },
	});
	storeContract("chosen files", {
		make: async (values) => fileListStore(chosen(values)),
		offers: { write: false, list: true, children: false },
	});
	storeContract("a recorded store in memory", {
		make: (values) => filled(recordStore(memoryStore()).store, values),
		offers: { ...all, children: false },
	});
	storeContract("a cache before the private file system", {
		make: async (values) => filled(cacheStore(await opfsStore(fresh()), { bytes: 2 ** 20 }), values),
		offers: all,
	});
	storeContract("reading through the private file system from memory", {
		make: async (values) =>
			readThrough(await opfsStore(fresh()), await filled(memoryStore() as WritableStore, values), {
				whole: 500,
			}),
		offers: { ...all, children: false },
	});
}

/** Files as `<input webkitdirectory>` gives them, whose paths only the browser can set. */
function chosen(values: Values): File[] {
	return Object.entries(values).map(([key, value]) => {
		const file = new File([value as Uint8Array<ArrayBuffer>], key.slice(key.lastIndexOf("/") + 1));
		return Object.defineProperty(file, "webkitRelativePath", { value: `folder/${key}` });
	});
}

async function timedListing(what: string, list: () => Promise<number>) {
	const { result: keys, milliseconds, longest } = await timed(list);
	return { what, keys, milliseconds, longest };
}

/** Workers that were made and ended here. */
const workers = { made: 0, ended: 0 };

/** Lets workers be made as ever, or not, and counts them. */
function letWorkers(be: "made" | "absent" | "refused" | "not found"): void {
	const scope = globalThis as { Worker?: typeof Worker };
	const Own = Worker;
	class Counted extends Own {
		constructor(script: string | URL, options?: WorkerOptions) {
			if (be === "refused") throw new DOMException("The policy forbids it.", "SecurityError");
			super(be === "not found" ? "/no-such-script.js" : script, options);
			workers.made++;
		}
		override terminate(): void {
			workers.ended++;
			super.terminate();
		}
	}
	scope.Worker = be === "absent" ? undefined : Counted;
}

let letGo: () => void = () => {};
/** The folder that was opened last. */
let opened: DirectoryReader;
const codeOf = (action: Promise<unknown>) =>
	action.then(
		() => "fine",
		(error) => error.code ?? String(error),
	);

const calls = {
	async contract() {
		contracts();
		return runCases();
	},
	/** Holds the store's lock until `letGo`. */
	async hold(name: string) {
		const store = await opfsStore(name);
		await new Promise<void>((held) => {
			void store.exclusive(() => {
				held();
				return new Promise<void>((resolve) => {
					letGo = resolve;
				});
			});
		});
	},
	async letGo() {
		letGo();
	},
	async write(name: string, key: string, bytes: number[], wait?: number) {
		await (await opfsStore(name, { wait })).set(`/${key}`, Uint8Array.from(bytes));
	},
	async read(name: string, key: string) {
		return [...((await (await opfsStore(name)).get(`/${key}`)) ?? [])];
	},
	async list(name: string) {
		return listKeys(await opfsStore(name, { create: false }));
	},
	/** Writes values of one repeated byte, over and over. */
	async rewrite(name: string, rounds: number) {
		const store = await opfsStore(name);
		for (let round = 0; round < rounds; round++) {
			const value = new Uint8Array(200_000 + (round % 100) * 1000).fill(round % 100);
			await Promise.all([store.set("/a/v", value), store.set(`/a/new${round}`, value)]);
		}
	},
	/** Reads while another worker rewrites; gives the number of reads and of values that were torn. */
	async readWhile(name: string, reads: number) {
		const store = await opfsStore(name);
		let torn = 0;
		const seen = new Set<string>();
		const check = (value: Uint8Array | undefined) => {
			if (!value) return;
			const whole = value.length === 200_000 + value[0] * 1000 && value.every((byte) => byte === value[0]);
			if (!whole) torn++;
		};
		for (let read = 0; read < reads; read++) {
			check(await store.get("/a/v"));
			// Each new value as soon as it is listed.
			for (const key of await store.list("a/new")) {
				if (!seen.has(key)) check(await store.get(`/${key}`));
				seen.add(key);
			}
		}
		return { reads, torn };
	},
	/** Each value of a store that `rewrite` left: how many, how many torn, and what lies in the folder besides. */
	async inspect(name: string) {
		const store = await opfsStore(name);
		const keys = await store.list();
		let torn = 0;
		for (const key of keys) {
			const value = (await store.get(`/${key}`)) as Uint8Array;
			if (value.length !== 200_000 + value[0] * 1000 || value.some((byte) => byte !== value[0])) torn++;
		}
		return { keys: keys.length, torn };
	},
	async leftovers(name: string) {
		const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(name);
		const names: string[] = [];
		try {
			const parts = await root.getDirectoryHandle(".chunkwise-unfinished");
			for await (const [part] of parts.entries()) names.push(part);
		} catch {}
		return names.length;
	},
	/** A store that is used while its data is cleared behind its back. */
	async cleared(name: string) {
		const codes: Record<string, string> = {};
		codes.never = await codeOf(opfsStore(name, { create: false }));
		const store = await opfsStore(name);
		await store.set("/a/v", Uint8Array.of(1));
		codes.new = String(store.evicted);
		codes.absentBefore = await codeOf(store.get("/none"));
		await new Promise((resolve) => setTimeout(resolve, 120));
		await (await navigator.storage.getDirectory()).removeEntry(name, { recursive: true });
		codes.get = await codeOf(store.get("/a/v"));
		codes.list = await codeOf(store.list());
		codes.set = await codeOf(store.set("/a/v", Uint8Array.of(1)));
		codes.open = await codeOf(opfsStore(name, { create: false }));
		codes.again = String((await opfsStore(name)).evicted);
		await removeOpfsStore(name);
		codes.removed = await codeOf(opfsStore(name, { create: false }));
		await removeOpfsStore(name);
		return codes;
	},
	async openFolder(handle: FileSystemDirectoryHandle) {
		opened = await directoryStore(handle);
		return String(opened);
	},
	/** What is in the folder that was opened, and one value of it: whole, in part, and its size. */
	async readFolder(key: `/${string}`) {
		const text = (bytes?: Uint8Array) => bytes && new TextDecoder().decode(bytes);
		return {
			keys: await listKeys(opened),
			names: (await opened.children()).sort(),
			value: text(await opened.get(key)),
			part: text(await opened.getRange(key, { offset: 1, length: 2 })),
			end: text(await opened.getRange(key, { suffixLength: 2 })),
			size: await opened.size(key),
		};
	},
	async failureOfFolder(key: `/${string}`) {
		return { get: await codeOf(opened.get(key)), list: await codeOf(opened.list()) };
	},
	/** A worker cannot ask the reader. */
	async writeFolder(handle: FileSystemDirectoryHandle) {
		return codeOf(directoryStore(handle, { mode: "readwrite" }));
	},
	/** What is told of an image at an address. */
	async infoAt(url: string) {
		try {
			const { format, version } = await info(httpStore(url, { tries: 1 }));
			return { format, version };
		} catch (error) {
			const { code, message, remedy } = error as { code: string; message: string; remedy: string };
			return { code, message, remedy };
		}
	},
	async storage() {
		return { ...(await storageState()), kept: await keepStorage() };
	},
	/** Fills the store until there is no room; the error as it is shown. */
	async fill(name: string, values: number) {
		const store = await opfsStore(name);
		const value = new Uint8Array(2 ** 20);
		try {
			for (let i = 0; i < values; i++) await store.set(`/c/${i}`, value);
		} catch (error) {
			const { code, remedy } = error as { code: string; remedy: string };
			const sizes = new Set<number | undefined>();
			for (const key of await store.list()) sizes.add(await store.size(`/${key}`));
			return { code, remedy, sizes: [...sizes] };
		}
		return undefined;
	},
	async pressure(name: string) {
		const store = await opfsStore(name);
		const value = new Uint8Array(150_000).fill(7);
		let next = 0;
		const kept: unknown[] = [];
		await Promise.all(
			Array.from({ length: 8 }, async () => {
				while (next < 400) {
					const i = next++;
					for (let n = 0; n < 6; n++) kept[0] = new Uint8Array(524_288).fill(i);
					kept[0] = Array.from({ length: 20_000 }, (_, z) => ({ z }));
					await store.set(`/a/${i % 5}/${i % 90}`, value);
				}
			}),
		);
		return (await store.list()).length;
	},
	/**
	 * Makes a store of many empty files (0.4 ms each; a listing does not look into them), in folders as the chunks of an
	 * array with three axes have them, without the store's own care. Gives milliseconds.
	 */
	async makeMany(name: string, count: number) {
		const root = await navigator.storage.getDirectory();
		const store = await root.getDirectoryHandle(name, { create: true });
		const array = await store.getDirectoryHandle("c", { create: true });
		const made = performance.now();
		for (let at = 0; at < count; at += 1000) {
			const plane = await array.getDirectoryHandle(`${Math.floor(at / 10_000)}`, { create: true });
			const row = await plane.getDirectoryHandle(`${(at / 1000) % 10}`, { create: true });
			await Promise.all(
				Array.from({ length: Math.min(1000, count - at) }, (_, i) =>
					row.getFileHandle(`${i}`, { create: true }),
				),
			);
		}
		return performance.now() - made;
	},
	/** Lists a large store twice, then begins to and stops: keys sorted, and the workers made and ended each time. */
	async listLarge(name: string, be: "made" | "absent" | "refused" | "not found") {
		letWorkers(be);
		const store = await opfsStore(name, { create: false });
		const said: [made: number, ended: number][] = [];
		const say = () => said.push([workers.made, workers.ended]);
		const keys = await listKeys(store);
		say();
		const again = await listKeys(store);
		say();
		const rows: string[] = [];
		for await (const { prefixes } of listPages(store, "c/0/", { delimiter: "/" })) rows.push(...prefixes);
		const part = await listKeys(store, "c/0/3/9");
		say();
		for await (const page of listPages(store))
			if (page.keys.length === 0) throw new Error("an empty page");
			else break;
		const stop = new AbortController();
		let pages = 0;
		const stopped = await codeOf(
			(async () => {
				for await (const _ of listPages(store, "", { signal: stop.signal })) {
					if (++pages === 3) stop.abort({ code: "enough" });
				}
			})(),
		);
		say();
		return { keys, same: JSON.stringify(again) === JSON.stringify(keys), rows, part, stopped, pages, said };
	},
	/** Lists a store in several ways. */
	async listMany(name: string) {
		const opened = await opfsStore(name);
		const byPage = async (prefix: string, delimiter?: "/") => {
			let keys = 0;
			for await (const page of listPages(opened, prefix, { delimiter })) {
				keys += page.keys.length + page.prefixes.length;
			}
			return keys;
		};
		return [
			await timedListing("nothing, for comparison", async () => {
				await new Promise((resolve) => setTimeout(resolve, 1000));
				return 0;
			}),
			await timedListing("page by page", () => byPage("")),
			await timedListing("all keys sorted", async () => (await listKeys(opened)).length),
			await timedListing("page by page, once more", () => byPage("")),
			await timedListing('prefix "c/3/"', () => byPage("c/3/")),
			await timedListing('prefix "c/3/" up to the next slash', () => byPage("c/3/", "/")),
		];
	},
};

export type StoreCalls = typeof calls;

// For a page.
Object.assign(globalThis, { storeCalls: calls });

addEventListener(
	"message",
	async ({ data }: MessageEvent<{ id: number; name: keyof StoreCalls; args: never[] }>) => {
		try {
			const call = calls[data.name] as (...args: unknown[]) => Promise<unknown>;
			postMessage({ id: data.id, result: await call(...data.args) });
		} catch (error) {
			const { message, code } = error as { message: string; code?: string };
			postMessage({ id: data.id, error: code ?? message });
		}
	},
);
