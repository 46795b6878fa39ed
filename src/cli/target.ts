/** What a PATH of the command names: a TIFF (a file or an address), or a store (a folder or an address). */
import { stat } from "node:fs/promises";
import type { ByteSource } from "../lib/bytes.ts";
import { httpSource } from "../lib/bytes-http.ts";
import { ChunkwiseError } from "../lib/errors.ts";
import { httpStore } from "../lib/stores/http.ts";
import { fileSource } from "../lib/stores/node-file.ts";
import { folderStore } from "../lib/stores/node-folder.ts";
import { s3Store } from "../lib/stores/s3.ts";
import type { ReadableStore } from "../lib/stores/store.ts";
import { zipStore } from "../lib/stores/zip.ts";
import type { Tiff, TiffPage } from "../lib/tiff/tiff.ts";
import { environmentS3, isS3Url, s3Object, s3Source } from "./s3-environment.ts";
import { openWeb, type Web } from "./web.ts";

export interface TiffTarget {
	kind: "tiff";
	source: ByteSource;
	/** What follows the "#": "page/3", "stack", "series/1", or nothing. */
	inner: string;
	/** The requests behind it, where it is far away. */
	web?: Web;
	close(): Promise<void>;
}

export interface StoreTarget {
	kind: "store";
	store: ReadableStore;
	/** Name of the store for people. */
	name: string;
	/** Path of a node in the store, "" for its root. */
	inner: string;
	/** The requests behind it, where it is far away. */
	web?: Web;
	close(): Promise<void>;
}

export type Target = TiffTarget | StoreTarget;

const exists = (path: string) =>
	stat(path).then(
		() => true,
		() => false,
	);

/** `PATH#INNER` in two. A "#" that belongs to the name of a file that exists is left alone. */
export async function splitPath(path: string): Promise<{ outer: string; inner: string }> {
	const hash = path.lastIndexOf("#");
	if (hash < 0 || (!isUrl(path) && (await exists(path)))) return { outer: path, inner: "" };
	return { outer: path.slice(0, hash), inner: path.slice(hash + 1).replace(/^\/+|\/+$/g, "") };
}

export function isUrl(path: string): boolean {
	return /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
}

/**
 * Opens what a PATH names. Close it when done.
 * @throws ChunkwiseError file-not-found, unsupported-format, unsupported-scheme, and as the sources
 */
export async function openTarget(path: string): Promise<Target> {
	const { outer, inner } = await splitPath(path);
	if (isUrl(outer)) return openUrl(outer, inner);
	if (outer === "") throw notFound(path);
	const found = await stat(outer).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT" || error.code === "ENOTDIR") throw notFound(outer);
		throw error;
	});
	if (found.isDirectory()) return openFolder(outer, inner);
	if (!found.isFile()) {
		throw new ChunkwiseError("unsupported-format", "This is neither a file nor a folder.", {
			where: outer,
			remedy: "Give a TIFF file, or a Zarr or N5 folder.",
		});
	}
	const source = await fileSource(outer);
	if (isZipName(outer)) return openZip(source, outer, { inner, close: () => source.close() });
	return { kind: "tiff", source, inner, close: () => source.close() };
}

function openFolder(folder: string, inner: string): StoreTarget {
	return { kind: "store", store: folderStore(folder), name: folder, inner, close: async () => {} };
}

async function openUrl(url: string, inner: string): Promise<Target> {
	if (!URL.canParse(url)) {
		throw new ChunkwiseError("bad-address", "This is not a valid address.", {
			where: url,
			remedy: "Write it as https://example.org/image.ome.zarr.",
		});
	}
	const { protocol, pathname } = new URL(url);
	const web = openWeb();
	const { fetch } = web;
	const rest = { inner, web, close: async () => {} };
	if (isS3Url(url)) {
		if (!isZipName(pathname) && !isTiffName(pathname)) {
			return { kind: "store", store: s3Store(environmentS3(url), { fetch }), name: url, ...rest };
		}
		const source = await s3Source(url, web, isZipName(pathname));
		return isZipName(pathname) ? openZip(source, url, rest) : { kind: "tiff", source, ...rest };
	}
	if (protocol !== "http:" && protocol !== "https:") {
		throw new ChunkwiseError(
			"unsupported-scheme",
			`Addresses that begin with ${protocol}// are not read here.`,
			{
				where: url,
				remedy: "Give an http://, https://, s3://, gs:// or s3+https:// address, or a path on this machine.",
			},
		);
	}
	if (isTiffName(pathname)) return { kind: "tiff", source: await httpSource(url, { fetch }), ...rest };
	if (isZipName(pathname)) return openZip(await httpSource(url, { fetch, fromEnd: true }), url, rest);
	return { kind: "store", store: httpStore(url, { fetch }), name: url, ...rest };
}

function notFound(path: string): ChunkwiseError {
	return new ChunkwiseError("file-not-found", "There is no such file or folder.", {
		where: path,
		remedy: "Check the path.",
	});
}

export function isZipName(path: string): boolean {
	return /\.(zip|ozx)$/i.test(path);
}

function isTiffName(path: string): boolean {
	return /\.tiff?$/i.test(path);
}

/** The address of one file (a TIFF, a zip) by its ending, and how it is asked for; undefined for anything else. */
export async function fileAddress(
	url: string,
): Promise<{ address: string; fetch: typeof globalThis.fetch } | undefined> {
	if (!isUrl(url) || !URL.canParse(url)) return undefined;
	const { protocol, pathname } = new URL(url);
	if (!isZipName(pathname) && !isTiffName(pathname)) return undefined;
	const { fetch } = openWeb();
	if (isS3Url(url)) return s3Object(url, fetch);
	return /^https?:$/.test(protocol) ? { address: url, fetch } : undefined;
}

/** A zip is a store: its entries are the keys. */
async function openZip(
	source: ByteSource,
	name: string,
	rest: Pick<StoreTarget, "inner" | "web" | "close">,
): Promise<StoreTarget> {
	try {
		return { kind: "store", store: await zipStore(source), name, ...rest };
	} catch (error) {
		await rest.close();
		throw error;
	}
}

/** One of a TIFF's images, at one of its scale levels. */
export interface SeriesChoice {
	series: number;
	level: number;
}

/** The page or image that an INNER path of a TIFF names; undefined for the whole file. */
export function pageOf(inner: string, where: string): number | "stack" | SeriesChoice | undefined {
	if (inner === "") return undefined;
	if (inner === "stack") return "stack";
	const match = /^page\/(\d{1,9})$/.exec(inner);
	if (match) return Number(match[1]);
	const image = /^series\/(\d{1,9})(?:\/level\/(\d{1,3}))?$/.exec(inner);
	if (image) return { series: Number(image[1]), level: Number(image[2] ?? 0) };
	throw new ChunkwiseError("no-such-node", `A TIFF has nothing named ${inner}.`, {
		where,
		remedy:
			"Name one page, counted from 0, as #page/3, all of them as #stack, or one of its images as #series/1.",
	});
}

/** The pages that an INNER path of a TIFF names. */
export function pagesNamed(tiff: Tiff, wanted: ReturnType<typeof pageOf>): readonly TiffPage[] {
	if (typeof wanted === "number") return [tiff.page(wanted)];
	if (typeof wanted !== "object") return tiff.pages;
	const { pages, reduced } = tiff.seriesAt(wanted.series);
	return [...pages, ...reduced.flat()].map((page) => tiff.page(page));
}

/** `page/0/sub/1`: the second of the smaller copies below the first page (SubIFDs). */
export function subPageOf(inner: string): readonly [page: number, sub: number] | undefined {
	const match = /^page\/(\d{1,9})\/sub\/(\d{1,9})$/.exec(inner);
	return match ? [Number(match[1]), Number(match[2])] : undefined;
}
