/** `chunkwise ls PATH` and `chunkwise tree PATH`: keys with sizes, and the hierarchy. */
import { walkHierarchy } from "../lib/download/hierarchy.ts";
import { ChunkwiseError, isChunkwiseError } from "../lib/errors.ts";
import { formatBytes } from "../lib/format.ts";
import { canList, listPages } from "../lib/stores/list.ts";
import { openTiff } from "../lib/tiff/open.ts";
import { printed } from "./output.ts";
import { pageOf, pagesNamed, type StoreTarget, type TiffTarget } from "./target.ts";
import { withTarget } from "./with-target.ts";

export interface LsResult {
	path: string;
	/** Where the store cannot list, the keys are those that the metadata name: chunks among them need not be stored. */
	derived: boolean;
	count: number;
	/** Of the keys whose size is known. */
	bytes: number;
	/** With --json only. */
	keys?: { key: string; size: number | null }[];
}

interface Listed {
	key: string;
	size?: number;
}

/** Sizes that are asked for at one time. */
const sizesAtOnce = 32;

/** For people each key is printed as it is met; for programs all are in the result. */
export function listPath(path: string, json: boolean, signal?: AbortSignal): Promise<LsResult> {
	return withTarget(
		path,
		async (target) => {
			const result: LsResult = { path, derived: false, count: 0, bytes: 0, ...(json ? { keys: [] } : {}) };
			const add = async (entries: readonly Listed[]) => {
				for (const { key, size } of entries) {
					result.count++;
					result.bytes += size ?? 0;
					result.keys?.push({ key, size: size ?? null });
				}
				if (!json) await printed(entries.map(({ key, size }) => `${sizeText(size)}  ${key}`));
			};
			if (target.kind === "tiff") await add(await pagesOf(target, signal));
			else result.derived = await listStore(target, add, signal);
			return result;
		},
		signal,
	);
}

function sizeText(size: number | undefined): string {
	return (size === undefined ? "?" : String(size)).padStart(12);
}

async function listStore(
	target: StoreTarget,
	add: (entries: readonly Listed[]) => Promise<void>,
	signal?: AbortSignal,
): Promise<boolean> {
	const { store, inner } = target;
	const sized = async (keys: readonly string[]): Promise<Listed[]> => {
		const found: Listed[] = [];
		// Far away each size would be a request.
		if (target.web || !store.size) return keys.map((key) => ({ key }));
		for (let start = 0; start < keys.length; start += sizesAtOnce) {
			const some = keys.slice(start, start + sizesAtOnce);
			found.push(
				...(await Promise.all(some.map(async (key) => ({ key, size: await store.size?.(`/${key}`) })))),
			);
		}
		return found;
	};
	if (canList(store)) {
		const count = { keys: 0 };
		try {
			for await (const { keys } of listPages(store, inner === "" ? "" : `${inner}/`, { signal })) {
				count.keys += keys.length;
				await add(await sized(keys));
			}
			if (count.keys > 0 || inner === "") return false;
		} catch (error) {
			// Many public buckets may be read and not listed.
			if (!isChunkwiseError(error) || error.code !== "s3-denied" || count.keys > 0) throw error;
		}
		if (!target.web) throw nothingAt(target);
	}
	for await (const node of walkHierarchy(store, inner, { signal })) {
		await add(node.documents.map((key) => ({ key })));
		let some: Listed[] = [];
		for (const key of node.chunkKeys()) {
			some.push({ key });
			if (some.length >= 1000) {
				await add(some);
				some = [];
			}
		}
		await add(some);
	}
	return true;
}

function nothingAt({ name, inner }: StoreTarget): ChunkwiseError {
	return new ChunkwiseError("no-such-node", `There is no key below ${inner}.`, {
		where: name,
		remedy: `chunkwise ls ${name} shows all keys.`,
	});
}

async function pagesOf(target: TiffTarget, signal?: AbortSignal): Promise<Listed[]> {
	const wanted = pageOf(target.inner, target.source.name);
	const tiff = await openTiff(target.source, { signal });
	return pagesNamed(tiff, wanted).map((page) => ({ key: `page/${page.index}` }));
}

export function lsText({ count, bytes, derived }: LsResult): string {
	return `${count} ${count === 1 ? "key" : "keys"}${bytes > 0 ? `, ${formatBytes(bytes)}` : ""}${derived ? ", by the metadata: chunks among them need not be stored" : ""}`;
}
