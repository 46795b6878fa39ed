/** Serves the viewers' pages at once, and the images over a line that can be slow, with every request counted. */
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mediaType } from "../../src/cli/mime.ts";

/** What all requests for an image share. */
export interface SlowLine {
	/** Milliseconds from a request to the first byte of its answer. */
	latency: number;
	/** Bits in a second, of all answers together. */
	bandwidth: number;
}

export interface Counted {
	/** Requests for chunks, and for anything else of an image. */
	chunks: number;
	metadata: number;
	/** Of those, answered as absent. */
	absent: number;
	/** Of bodies. */
	bytes: number;
	/** Paths of the chunks, from the image's root. */
	keys: string[];
}

const nothing = (): Counted => ({ chunks: 0, metadata: 0, absent: 0, bytes: 0, keys: [] });

export class ImageServer {
	/** Since `reset`. */
	counted = nothing();
	line?: SlowLine;
	readonly #folders: Readonly<Record<string, string>>;
	readonly #server = createServer((request, response) => {
		const path = decodeURIComponent((request.url ?? "/").split("?")[0]);
		this.#answer(path, response).catch((error: unknown) => {
			response.writeHead(500).end(String(error));
		});
	});
	#underWay = 0;
	#ended = 0;
	/** When the line is free again, in ms of `performance.now()`. */
	#free = 0;

	/** @param folders by the first part of their addresses; those that begin with "image" are what is counted */
	constructor(folders: Readonly<Record<string, string>>) {
		this.#folders = folders;
	}

	async start(): Promise<void> {
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
	}

	/** Milliseconds since anything of an image was under way. */
	get idle(): number {
		return this.#underWay > 0 ? 0 : performance.now() - this.#ended;
	}

	reset(): void {
		this.counted = nothing();
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	async #answer(path: string, response: ServerResponse): Promise<void> {
		const [, first, ...rest] = path.split("/");
		const folder = this.#folders[first];
		const key = normalize(rest.join("/"));
		const isImage = first.startsWith("image");
		if (isImage) {
			this.#underWay++;
			// A request that was given up, which can be before its file is read, is over too.
			response.once("close", () => {
				this.#underWay--;
				this.#ended = performance.now();
			});
		}
		let body: Buffer | undefined;
		if (folder && !key.startsWith("..")) body = await readFile(join(folder, key)).catch(() => undefined);
		if (isImage) {
			this.#count(key, body);
			await this.#wait(body?.byteLength ?? 0);
		}
		response.writeHead(body ? 200 : 404, {
			"Content-Type": mediaType(key),
			"Content-Length": body?.byteLength ?? 0,
			"Cache-Control": "no-store",
			// A page's whole memory is told to pages that are isolated only.
			"Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Embedder-Policy": "require-corp",
		});
		response.end(body);
	}

	#count(key: string, body: Buffer | undefined): void {
		const isMetadata = /(^|\/)(zarr\.json|\.z\w+)$/.test(key);
		if (isMetadata) this.counted.metadata++;
		else {
			this.counted.chunks++;
			this.counted.keys.push(key);
		}
		if (!body) this.counted.absent++;
		this.counted.bytes += body?.byteLength ?? 0;
	}

	/** One answer after the other goes over the line, each at its full rate. */
	async #wait(bytes: number): Promise<void> {
		if (!this.line) return;
		const { latency, bandwidth } = this.line;
		await sleep(latency);
		const now = performance.now();
		this.#free = Math.max(now, this.#free) + (bytes * 8000) / bandwidth;
		await sleep(this.#free - now);
	}
}
