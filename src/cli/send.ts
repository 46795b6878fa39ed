/** The answers of the static server: files whole or in part, refusals, redirects. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { mediaType } from "./mime.ts";

/** On every answer, so that a page of any site can read it, errors too. */
export const corsHeaders = {
	"Access-Control-Allow-Origin": "*",
	"Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag, Last-Modified",
	// A page on the web may ask a server on this machine only where this is said (Private Network Access).
	"Access-Control-Allow-Private-Network": "true",
	"Cross-Origin-Resource-Policy": "cross-origin",
};

/** Sends a file, or the part of it that was asked for (RFC 9110 sections 13 and 14). */
export async function sendFile(
	file: string,
	request: IncomingMessage,
	response: ServerResponse,
	status: 200 | 404,
): Promise<void> {
	// Non-blocking, so that opening a named pipe in the folder cannot hang the server.
	const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
	try {
		const { size, mtime, mtimeMs } = await handle.stat();
		const etag = `"${size.toString(16)}-${Math.floor(mtimeMs).toString(16)}"`;
		const headers: Record<string, string | number> = {
			...corsHeaders,
			"Content-Type": mediaType(basename(file)),
			"X-Content-Type-Options": "nosniff",
			"Accept-Ranges": "bytes",
			"Cache-Control": "no-cache",
			"Last-Modified": mtime.toUTCString(),
			ETag: etag,
		};
		if (status === 200 && matches(request.headers["if-none-match"], etag)) {
			response.writeHead(304, headers);
			response.end();
			return;
		}
		const ifRange = request.headers["if-range"];
		const honourRange = status === 200 && (ifRange === undefined || ifRange === etag);
		const range = honourRange ? parseRange(request.headers.range, size) : undefined;
		if (range === "unsatisfiable") {
			refuse(request, response, 416, `The file has ${size} bytes`, { "Content-Range": `bytes */${size}` });
			return;
		}
		const first = range?.first ?? 0;
		const length = range ? range.last - range.first + 1 : size;
		if (range) headers["Content-Range"] = `bytes ${range.first}-${range.last}/${size}`;
		headers["Content-Length"] = length;
		response.writeHead(range ? 206 : status, headers);
		await sendBody(handle, request, response, first, length);
	} finally {
		await handle.close().catch(() => {});
	}
}

/** Bytes that are read at once: a stream costs more than chunks of images are worth, of which a page asks thousands. */
const atOnce = 65_536;

async function sendBody(
	handle: FileHandle,
	request: IncomingMessage,
	response: ServerResponse,
	first: number,
	length: number,
): Promise<void> {
	if (request.method === "HEAD" || length === 0) {
		response.end();
		return;
	}
	if (length <= atOnce) {
		const bytes = Buffer.allocUnsafe(length);
		const { bytesRead } = await handle.read(bytes, 0, length, first);
		// Cut off meanwhile by another program: the rest of what was announced never comes.
		if (bytesRead < length) response.destroy();
		else response.end(bytes);
		return;
	}
	const stream = handle.createReadStream({ start: first, end: first + length - 1, autoClose: false });
	// The reader going away in the middle (a viewer drops requests all the time) is no error of ours.
	await pipeline(stream, response).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
	});
}

function matches(header: string | undefined, etag: string): boolean {
	if (header === undefined) return false;
	return header
		.split(",")
		.map((tag) => tag.trim().replace(/^W\//, ""))
		.some((tag) => tag === "*" || tag === etag);
}

/** RFC 9110 section 14.2: one range is answered with it; several, or another unit, with the whole file. */
function parseRange(
	header: string | undefined,
	size: number,
): { first: number; last: number } | "unsatisfiable" | undefined {
	const match = header === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(header.trim());
	if (!match || (match[1] === "" && match[2] === "")) return undefined;
	if (match[1] === "") {
		const wanted = Number(match[2]);
		if (wanted === 0 || size === 0) return "unsatisfiable";
		return { first: Math.max(0, size - wanted), last: size - 1 };
	}
	const first = Number(match[1]);
	const last = match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
	if (match[2] !== "" && Number(match[2]) < first) return undefined;
	return first >= size ? "unsatisfiable" : { first, last };
}

/** Sends a text as a file of this name, with nothing by which it could be kept. */
export function sendText(
	request: IncomingMessage,
	response: ServerResponse,
	name: string,
	text: string,
): void {
	const body = Buffer.from(text);
	response.writeHead(200, {
		...corsHeaders,
		"Content-Type": mediaType(basename(name)),
		"X-Content-Type-Options": "nosniff",
		"Cache-Control": "no-store",
		"Content-Length": body.length,
	});
	response.end(request.method === "HEAD" ? undefined : body);
}

export function redirect(request: IncomingMessage, response: ServerResponse, location: string): void {
	refuse(request, response, 301, `See ${location}`, { Location: location });
}

export function refuse(
	request: IncomingMessage,
	response: ServerResponse,
	status: number,
	message: string,
	headers: Record<string, string> = {},
): void {
	const body = Buffer.from(`${message}\n`);
	response.writeHead(status, {
		...corsHeaders,
		"Content-Type": "text/plain; charset=utf-8",
		"Content-Length": body.length,
		...headers,
	});
	response.end(request.method === "HEAD" ? undefined : body);
}
