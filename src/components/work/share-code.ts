/**
 * Code in an address: `#code=1d.…`, the version (1), how it is packed (d: raw deflate, p: plain) and base64url. What
 * comes out of an address is of unknown origin: its size is bounded before and after unpacking, and its shape checked.
 */
import { ChunkwiseError } from "../../lib/errors.ts";
import { isItemName, isLessonName } from "./keys.ts";

export interface SharedCode {
	lesson: string;
	/** Code by cell. */
	cells: Record<string, string>;
	/** Titles by cell, where the cells are of the reader's own notebook. */
	titles?: Record<string, string>;
}

export const shareMark = "#code=";
/** Programs that pass links on cut longer ones. */
export const longestLink = 8000;
/** Characters of a fragment that is looked at, and bytes that may come out of it. */
export const longestFragment = 64 * 1024;
export const mostUnpacked = 512 * 1024;
const version = 1;

/** The fragment for some code, with its mark. @throws ChunkwiseError `link-too-long` with the length in the message. */
export async function packCode(code: SharedCode, address: string): Promise<string> {
	const bytes = new TextEncoder().encode(JSON.stringify({ l: code.lesson, c: code.cells, t: code.titles }));
	const packed = await deflate(bytes);
	const fragment = `${shareMark}${version}${packed ? "d" : "p"}.${toBase64(packed ?? bytes)}`;
	const length = address.length + fragment.length;
	if (length > longestLink) {
		throw new ChunkwiseError(
			"link-too-long",
			`The link would be ${length.toLocaleString("en")} characters long; mail and chat cut links beyond ${longestLink.toLocaleString("en")}.`,
			{ remedy: "Share one cell at a time, or export your work and send the file." },
		);
	}
	return fragment;
}

/** The code in a fragment. @throws ChunkwiseError in words for anything that is not such a fragment. */
export async function unpackCode(fragment: string): Promise<SharedCode> {
	if (!fragment.startsWith(shareMark)) throw bad("It does not begin as such links do.");
	if (fragment.length > longestFragment) throw bad("It is far longer than any link that this course makes.");
	const match = /^(\d{1,6})([a-z])\.([\w-]*)$/.exec(fragment.slice(shareMark.length));
	if (!match) throw bad("Part of it is missing or was changed on the way.");
	const [, made, packing, text] = match;
	if (Number(made) !== version || !"dp".includes(packing)) {
		throw new ChunkwiseError("link-version", "This link was made by another version of the course.", {
			remedy: "Reload the page to get the newest version, or ask for the code in another way.",
		});
	}
	const bytes = fromBase64(text);
	const unpacked = packing === "d" ? await inflate(bytes) : bytes;
	let data: { l?: unknown; c?: unknown; t?: unknown };
	try {
		data = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(unpacked));
	} catch {
		throw bad("Part of it is missing or was changed on the way.");
	}
	const { l: lesson, c: cells } = data ?? {};
	if (
		typeof lesson !== "string" ||
		!isLessonName(lesson) ||
		typeof cells !== "object" ||
		cells === null ||
		Array.isArray(cells)
	) {
		throw bad("What it holds is not code of a lesson.");
	}
	const entries = Object.entries(cells as Record<string, unknown>);
	if (entries.length === 0 || entries.length > 200) throw bad("What it holds is not code of a lesson.");
	for (const [id, source] of entries) {
		if (!isItemName(id) || typeof source !== "string") throw bad("What it holds is not code of a lesson.");
	}
	const shared: SharedCode = { lesson, cells: Object.fromEntries(entries) as Record<string, string> };
	if (typeof data.t === "object" && data.t !== null) {
		const titles = Object.entries(data.t).filter(
			(entry): entry is [string, string] => isItemName(entry[0]) && typeof entry[1] === "string",
		);
		shared.titles = Object.fromEntries(titles);
	}
	return shared;
}

function bad(why: string): ChunkwiseError {
	return new ChunkwiseError("bad-link", `The code in this link cannot be read. ${why}`, {
		remedy: "Ask for the link again; the lesson itself is as always.",
	});
}

function toBase64(bytes: Uint8Array): string {
	let text = "";
	for (let i = 0; i < bytes.length; i += 0x8000)
		text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
	return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
	try {
		const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
		return Uint8Array.from(binary, (character) => character.charCodeAt(0));
	} catch {
		throw bad("Part of it is missing or was changed on the way.");
	}
}

/** Undefined where the browser cannot. */
async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
	let stream: CompressionStream;
	try {
		stream = new CompressionStream("deflate-raw");
	} catch {
		return undefined;
	}
	const blob = new Blob([bytes]).stream().pipeThrough(stream);
	return new Uint8Array(await new Response(blob).arrayBuffer());
}

/** Stops as soon as more comes out than a lesson's code can be. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
	let stream: DecompressionStream;
	try {
		stream = new DecompressionStream("deflate-raw");
	} catch {
		throw new ChunkwiseError("link-packed", "This browser cannot unpack the code in the link.", {
			remedy: "Open the link in a current browser.",
		});
	}
	const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
	const chunks: Uint8Array<ArrayBuffer>[] = [];
	let length = 0;
	for (;;) {
		let part: ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;
		try {
			part = await reader.read();
		} catch {
			throw bad("Part of it is missing or was changed on the way.");
		}
		if (part.done) break;
		length += part.value.length;
		if (length > mostUnpacked) {
			await reader.cancel().catch(() => {});
			throw bad("It unpacks to far more than a lesson's code.");
		}
		chunks.push(part.value);
	}
	return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
