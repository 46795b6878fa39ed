/**
 * A static HTTP server for image stores and for the course's own site: byte ranges and CORS on every answer, a 404
 * included, because a viewer on another origin must be able to tell "no such chunk" from "not allowed to look".
 */
import { realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join, resolve, sep } from "node:path";
import { ChunkwiseError } from "../lib/errors.ts";
import { corsHeaders, redirect, refuse, sendFile, sendText } from "./send.ts";

export interface ServeOptions {
	/** 0 takes any free port. */
	port: number;
	/** Answer only under this path, such as "/course/"; default "/". */
	base?: string;
	/** Address to listen on; default 127.0.0.1, so that only this machine is served. */
	host?: string;
	/**
	 * A text that is answered in place of a file, or where there is none; asked each time, with the path below the base,
	 * that of a folder with "index.html" at its end.
	 */
	instead?: (path: string) => string | undefined;
	/** Told of every answer, for a log. */
	onRequest?: (request: { method: string; url: string; status: number; range?: string }) => void;
}

export interface ServedFolder {
	/** Where it answers, base path included, with a slash at the end. */
	url: string;
	port: number;
	close(): Promise<void>;
}

/**
 * Serves `folder`. Links that lead out of it are answered as absent, as is a folder without an index.html.
 * Throws `serve-not-a-folder`, `serve-port-in-use` or `serve-cannot-listen`.
 */
export async function serveFolder(folder: string, options: ServeOptions): Promise<ServedFolder> {
	const root = await realFolder(folder);
	const base = normaliseBase(options.base);
	const host = options.host ?? "127.0.0.1";
	const server = createServer((request, response) => {
		response.on("finish", () => {
			options.onRequest?.({
				method: request.method ?? "",
				url: request.url ?? "",
				status: response.statusCode,
				range: request.headers.range,
			});
		});
		answer({ root, base, instead: options.instead }, request, response).catch((error: unknown) => {
			if (response.headersSent || response.destroyed) response.destroy();
			else refuse(request, response, 500, `Cannot read the file: ${(error as Error).message}`);
		});
	});
	await new Promise<void>((done, fail) => {
		server.once("error", (error: NodeJS.ErrnoException) => fail(listenError(error, host, options.port)));
		server.listen(options.port, host, done);
	});
	const address = server.address();
	const port = typeof address === "object" && address ? address.port : options.port;
	return {
		url: `http://${host.includes(":") ? `[${host}]` : host}:${port}${base}`,
		port,
		close: () =>
			new Promise<void>((done) => {
				server.close(() => done());
				server.closeAllConnections();
			}),
	};
}

async function realFolder(folder: string): Promise<string> {
	const found = await stat(folder).catch(() => undefined);
	if (!found?.isDirectory()) {
		throw new ChunkwiseError(
			"serve-not-a-folder",
			found ? `${folder} is a file, not a folder` : `There is no folder ${folder}`,
			{ where: folder, remedy: "Give the folder that holds what is to be served." },
		);
	}
	return realpath(folder);
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): ChunkwiseError {
	const where = `${host}:${port}`;
	if (error.code === "EADDRINUSE") {
		return new ChunkwiseError("serve-port-in-use", `Port ${port} is taken by another program`, {
			where,
			remedy: "Choose another port, or 0 for any free one.",
			cause: error,
		});
	}
	return new ChunkwiseError("serve-cannot-listen", `Cannot listen on ${where}: ${error.message}`, {
		where,
		remedy: "Choose another host or port (ports below 1024 often need more rights).",
		cause: error,
	});
}

function normaliseBase(base = "/"): string {
	const inner = base.split("/").filter(Boolean).join("/");
	return inner ? `/${inner}/` : "/";
}

interface Served {
	root: string;
	base: string;
	instead?: ServeOptions["instead"];
}

async function answer(
	{ root, base, instead }: Served,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	if (request.method === "OPTIONS") {
		response.writeHead(204, {
			...corsHeaders,
			"Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
			"Access-Control-Allow-Headers":
				request.headers["access-control-request-headers"] ?? "Range, If-None-Match",
			"Access-Control-Max-Age": "86400",
		});
		response.end();
		return;
	}
	if (request.method !== "GET" && request.method !== "HEAD") {
		refuse(request, response, 405, "Only GET, HEAD and OPTIONS are answered", {
			Allow: "GET, HEAD, OPTIONS",
		});
		return;
	}
	const [path, query] = splitQuery(request.url ?? "/");
	if (`${path}/` === base) {
		redirect(request, response, base + query);
		return;
	}
	const parts = path.startsWith(base) ? decodeParts(path.slice(base.length)) : "absent";
	if (parts === "malformed") {
		refuse(request, response, 400, "The path is not valid");
		return;
	}
	if (parts !== "absent" && instead) {
		const asked = [...parts, ...(path.endsWith("/") ? ["index.html"] : [])].join("/");
		const text = instead(asked);
		if (text !== undefined) {
			sendText(request, response, asked, text);
			return;
		}
	}
	const target = parts === "absent" ? undefined : await find(root, parts);
	if (target?.kind === "folder" && !path.endsWith("/") && target.index) {
		redirect(request, response, `${base}${(parts as string[]).map(encodeURIComponent).join("/")}/${query}`);
		return;
	}
	const file = target?.kind === "file" && !path.endsWith("/") ? target.file : target?.index;
	if (!file) {
		await notFound(root, request, response);
		return;
	}
	await sendFile(file, request, response, 200);
}

function splitQuery(url: string): [path: string, query: string] {
	const mark = url.search(/[?#]/);
	return mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark)];
}

/** The names between the slashes, or what is wrong with them. ".." in any spelling is refused, not resolved. */
function decodeParts(path: string): string[] | "malformed" {
	const parts: string[] = [];
	for (const encoded of path.split("/")) {
		if (encoded === "" || encoded === ".") continue;
		let name: string;
		try {
			name = decodeURIComponent(encoded);
		} catch {
			return "malformed";
		}
		if (name === "." || name === ".." || /[\0/\\]/.test(name)) return "malformed";
		parts.push(name);
	}
	return parts;
}

interface Found {
	kind: "file" | "folder";
	file?: string;
	index?: string;
}

async function find(root: string, parts: string[]): Promise<Found | undefined> {
	const real = await inside(root, join(root, ...parts));
	if (!real) return undefined;
	const found = await stat(real).catch(() => undefined);
	if (found?.isFile()) return { kind: "file", file: real };
	if (!found?.isDirectory()) return undefined;
	const index = await inside(root, join(real, "index.html"));
	return { kind: "folder", index };
}

/** The path with links resolved, if it exists and is under the root. */
async function inside(root: string, path: string): Promise<string | undefined> {
	const real = await realpath(resolve(path)).catch(() => undefined);
	const prefix = root.endsWith(sep) ? root : root + sep;
	return real !== undefined && (real === root || real.startsWith(prefix)) ? real : undefined;
}

/** As static hosts do it: a site's own 404.html for those who want a page, else a line of text. */
async function notFound(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const page = request.headers.accept?.includes("text/html")
		? await inside(root, join(root, "404.html"))
		: undefined;
	if (page) await sendFile(page, request, response, 404);
	else refuse(request, response, 404, "Not found");
}
