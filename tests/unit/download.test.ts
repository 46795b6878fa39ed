import type { ServerResponse } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { ChunkwiseError } from "../../src/lib/errors.ts";
import type { Progress } from "../../src/lib/progress.ts";
import { type DownloadOptions, download } from "../../src/lib/samples/download.ts";
import { bytesOf, nowhere, serve } from "./download-server.ts";

const body = bytesOf(300_000);
const quick: DownloadOptions = { backoff: { first: 2, most: 8 } };

async function failing(promise: Promise<unknown>): Promise<ChunkwiseError> {
	const error = await promise.then(
		() => undefined,
		(reason) => reason,
	);
	expect(error).toBeInstanceOf(ChunkwiseError);
	expect(error.remedy).toBeTruthy();
	return error;
}

/** Sends `count` bytes, lets them arrive, and then cuts the connection. */
function cutAfter(response: ServerResponse, count: number, headers: Record<string, string> = {}): void {
	response.writeHead(200, { "Content-Length": body.length, ...headers });
	response.write(body.subarray(0, count), () => setTimeout(() => response.destroy(), 20));
}

async function bytes(blob: Blob): Promise<Uint8Array> {
	return new Uint8Array(await blob.arrayBuffer());
}

describe("a download that succeeds", () => {
	test("gives the bytes, the media type and progress up to the total", async () => {
		const { url } = await serve((_, response) => {
			response.writeHead(200, { "Content-Length": body.length, "Content-Type": "image/tiff" });
			response.end(body);
		});
		const progress: Progress[] = [];
		const result = await download(url, { onProgress: (p) => progress.push(p) });
		expect(await bytes(result.blob)).toEqual(body);
		expect(result).toMatchObject({ bytes: body.length, attempts: 1, resumed: false, url });
		expect(result.blob.type).toBe("image/tiff");
		expect(progress[0]).toEqual({
			label: "Downloading image.tif",
			done: 0,
			total: undefined,
			unit: "bytes",
		});
		expect(progress.at(-1)).toMatchObject({ done: body.length, total: body.length });
		const done = progress.map((p) => p.done);
		expect(done).toEqual([...done].sort((a, b) => a - b));
	});

	test("without a Content-Length has its total at the end", async () => {
		const { url } = await serve((_, response) => response.writeHead(200).end(body));
		const progress: Progress[] = [];
		const result = await download(url, { name: "HL60", onProgress: (p) => progress.push(p) });
		expect(result.bytes).toBe(body.length);
		expect(progress.at(-1)).toEqual({
			label: "Downloading HL60",
			done: body.length,
			total: body.length,
			unit: "bytes",
		});
	});

	test("does not take the length of encoded bytes for that of the file", async () => {
		const { gzipSync } = await import("node:zlib");
		const packed = gzipSync(body);
		const { url } = await serve((_, response) => {
			response.writeHead(200, { "Content-Length": packed.length, "Content-Encoding": "gzip" });
			response.end(packed);
		});
		const result = await download(url, quick);
		expect(await bytes(result.blob)).toEqual(body);
	});

	test("after two answers of 503", async () => {
		const { url, requests } = await serve((_, response, number) => {
			if (number <= 2) response.writeHead(503).end("busy");
			else response.writeHead(200).end(body);
		});
		const result = await download(url, quick);
		expect(result).toMatchObject({ bytes: body.length, attempts: 3 });
		expect(requests).toHaveLength(3);
	});

	test("after the pause that Retry-After asks for, in seconds or as a date", async () => {
		for (const value of ["0", new Date(Date.now() - 5000).toUTCString()]) {
			const { url, requests } = await serve((_, response, number) => {
				if (number === 1) response.writeHead(429, { "Retry-After": value }).end();
				else response.writeHead(200).end(body);
			});
			await download(url, quick);
			expect(requests).toHaveLength(2);
		}
	});
});

test("a fetch that is given is called as a plain function, as browsers want it", async () => {
	const { url } = await serve((_, response) => response.writeHead(200).end(body));
	const callers: unknown[] = [];
	const own = function (this: unknown, ...request: Parameters<typeof fetch>) {
		callers.push(this);
		return fetch(...request);
	};
	expect((await download(url, { fetch: own })).bytes).toBe(body.length);
	expect(callers).toEqual([undefined]);
});

describe("a download that breaks off", () => {
	test("goes on where it was, by a range under the same ETag", async () => {
		const { url, requests } = await serve((request, response, number) => {
			if (number === 1) return cutAfter(response, 100_000, { ETag: '"one"' });
			const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1]);
			response.writeHead(206, {
				ETag: '"one"',
				"Content-Range": `bytes ${from}-${body.length - 1}/${body.length}`,
			});
			response.end(body.subarray(from));
		});
		const result = await download(url, quick);
		expect(await bytes(result.blob)).toEqual(body);
		expect(result).toMatchObject({ attempts: 2, resumed: true });
		expect(requests[1].headers["if-range"]).toBe('"one"');
		expect(Number(requests[1].headers.range?.slice(6, -1))).toBeGreaterThan(0);
	});

	test("begins again where the server sends the whole", async () => {
		const { url } = await serve((_, response, number) => {
			if (number === 1) cutAfter(response, 100_000, { ETag: '"one"' });
			else response.writeHead(200, { ETag: '"two"', "Content-Length": body.length }).end(body);
		});
		const result = await download(url, quick);
		expect(await bytes(result.blob)).toEqual(body);
		expect(result).toMatchObject({ attempts: 2, resumed: false });
	});

	test("asks for the whole where the server gave nothing to know the file by", async () => {
		const { url, requests } = await serve((_, response, number) => {
			if (number === 1) cutAfter(response, 100_000, { ETag: 'W/"weak"' });
			else response.writeHead(200).end(body);
		});
		expect(await bytes((await download(url, quick)).blob)).toEqual(body);
		expect(requests[1].headers.range).toBeUndefined();
	});

	const wrong: Record<string, (from: number) => Record<string, string>> = {
		"another ETag": (from) => ({
			ETag: '"two"',
			"Content-Range": `bytes ${from}-${body.length - 1}/${body.length}`,
		}),
		"another total": (from) => ({
			ETag: '"one"',
			"Content-Range": `bytes ${from}-${body.length - 1}/${body.length + 1}`,
		}),
		"another start": (from) => ({
			ETag: '"one"',
			"Content-Range": `bytes ${from + 1}-${body.length - 1}/${body.length}`,
		}),
		"no Content-Range": () => ({ ETag: '"one"' }),
	};
	for (const [name, headers] of Object.entries(wrong)) {
		test(`begins again where the rest comes with ${name}`, async () => {
			const { url, requests } = await serve((request, response, number) => {
				if (number === 1) return cutAfter(response, 100_000, { ETag: '"one"' });
				const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1]);
				if (number === 2) response.writeHead(206, headers(from)).end(body.subarray(from));
				else response.writeHead(200).end(body);
			});
			const result = await download(url, quick);
			expect(await bytes(result.blob)).toEqual(body);
			expect(result.resumed).toBe(false);
			expect(requests).toHaveLength(3);
			expect(requests[2].headers.range).toBeUndefined();
		});
	}

	test("fails in the end, saying how far it came", async () => {
		const { url, requests } = await serve((_, response) => cutAfter(response, 100_000));
		const error = await failing(download(url, { ...quick, retries: 1 }));
		expect(error.code).toBe("http-interrupted");
		expect(error.message).toMatch(/of 292\.97 KiB\. Tried 2 times/);
		expect(error.where).toBe(url);
		expect(requests).toHaveLength(2);
	});

	test("is stopped where nothing comes any more", async () => {
		const { url } = await serve((_, response) => {
			response.writeHead(200, { "Content-Length": body.length });
			response.write(body.subarray(0, 1000));
		});
		const error = await failing(download(url, { ...quick, retries: 0, stallTimeout: 500 }));
		expect(error.code).toBe("download-stalled");
		expect(error.message).toContain("1000 B");
	});

	test("is stopped where no answer comes at all", async () => {
		const { url, requests } = await serve(() => {});
		const error = await failing(download(url, { ...quick, retries: 1, stallTimeout: 40 }));
		expect(error.code).toBe("download-stalled");
		expect(requests).toHaveLength(2);
	});

	test("is not tried for longer than the first byte may take", async () => {
		const { url } = await serve((_, response) => response.writeHead(503).end());
		const error = await failing(
			download(url, { retries: 1000, backoff: { first: 20, most: 20 }, firstByteTimeout: 1000 }),
		);
		expect(error.code).toBe("download-timeout");
		expect(error.message).toContain("503");
	});

	test("may take its time once bytes come, up to the limit on the whole", async () => {
		const { url } = await serve((_, response) => {
			response.writeHead(200, { "Content-Length": body.length });
			const timer = setInterval(() => response.write(body.subarray(0, 100)), 10);
			response.on("close", () => clearInterval(timer));
		});
		const error = await failing(download(url, { ...quick, firstByteTimeout: 5000, totalTimeout: 150 }));
		expect(error.code).toBe("download-timeout");
		expect(error.message).toContain("not complete");
	});
});

describe("a file of the wrong length", () => {
	test("is refused where it is shorter than expected, though the answer was whole", async () => {
		const { url } = await serve((_, response) => response.writeHead(200).end(body));
		const error = await failing(download(url, { ...quick, retries: 1, expectedBytes: body.length + 1 }));
		expect(error.code).toBe("download-truncated");
		expect(error.message).toContain(String(body.length));
	});

	test("is refused at once where it is longer than expected", async () => {
		const { url, requests } = await serve((_, response) =>
			response.writeHead(200, { "Content-Length": body.length }).end(body),
		);
		const error = await failing(download(url, { ...quick, expectedBytes: 1000 }));
		expect(error.code).toBe("download-size");
		expect(requests).toHaveLength(1);
	});
});

describe("an answer that is not the file", () => {
	const statuses: [status: number, code: string][] = [
		[404, "http-not-found"],
		[410, "http-not-found"],
		[403, "http-forbidden"],
		[400, "http-error"],
	];
	for (const [status, code] of statuses) {
		test(`${status} is final`, async () => {
			const { url, requests } = await serve((_, response) => response.writeHead(status).end("no"));
			const error = await failing(download(url, quick));
			expect(error.code).toBe(code);
			expect(error.message).toContain(String(status));
			expect(requests).toHaveLength(1);
		});
	}

	test("500 on every attempt names the status and the attempts", async () => {
		const { url, requests } = await serve((_, response) => response.writeHead(500).end());
		const error = await failing(download(url, { ...quick, retries: 2 }));
		expect(error.code).toBe("http-error");
		expect(error.message).toMatch(/500.*Tried 3 times/);
		expect(requests).toHaveLength(3);
	});

	test("a server that asks to wait for an hour is not waited for", async () => {
		const { url, requests } = await serve((_, response) =>
			response.writeHead(503, { "Retry-After": "3600" }).end(),
		);
		const error = await failing(download(url, quick));
		expect(error.message).toContain("60 min");
		expect(requests).toHaveLength(1);
	});
});

describe("no answer", () => {
	test("where nothing listens, Node's reason is told", async () => {
		const url = await nowhere();
		const error = await failing(download(url, { ...quick, retries: 1 }));
		expect(error.code).toBe("http-unreachable");
		expect(error.message).toMatch(/refused the connection \(ECONNREFUSED\)\. Tried 2 times/);
		expect(error.where).toBe(url);
	});

	test("where the platform does not say why, CORS is named as one of the causes", async () => {
		// What browsers throw, whatever the reason.
		const fetch = () => Promise.reject(new TypeError("Failed to fetch"));
		const error = await failing(download("https://example.org/a.tif", { ...quick, retries: 0, fetch }));
		expect(error.code).toBe("http-unreachable");
		expect(error.message).toContain("CORS");
	});

	test("where the machine has no network, that is said", async () => {
		vi.stubGlobal("navigator", { onLine: false });
		try {
			const fetch = () => Promise.reject(new TypeError("Failed to fetch"));
			const error = await failing(download("https://example.org/a.tif", { ...quick, retries: 0, fetch }));
			expect(error.code).toBe("offline");
		} finally {
			vi.unstubAllGlobals();
		}
	});

	test("what is no address is refused before anything is sent", async () => {
		expect((await failing(download("image.tif"))).code).toBe("bad-address");
	});
});

describe("cancelling", () => {
	test("in the middle ends with the signal's reason and closes the connection", async () => {
		let closed = () => {};
		const closing = new Promise<void>((resolve) => {
			closed = resolve;
		});
		const { url, requests } = await serve((_, response) => {
			response.on("close", () => closed());
			response.writeHead(200, { "Content-Length": body.length });
			response.write(body.subarray(0, 50_000));
		});
		const controller = new AbortController();
		const reason = new Error("stopped by the reader");
		const result = download(url, {
			...quick,
			signal: controller.signal,
			onProgress: ({ done }) => done > 0 && controller.abort(reason),
		});
		await expect(result).rejects.toBe(reason);
		await closing;
		expect(requests).toHaveLength(1);
	});

	test("during a pause ends at once", async () => {
		const controller = new AbortController();
		const reason = new Error("stopped");
		const { url, requests } = await serve((_, response) => {
			response.writeHead(503).end();
			setTimeout(() => controller.abort(reason), 30);
		});
		const result = download(url, { backoff: { first: 600_000, most: 50_000 }, signal: controller.signal });
		await expect(result).rejects.toBe(reason);
		expect(requests).toHaveLength(1);
	});

	test("before the start sends nothing", async () => {
		const { url, requests } = await serve((_, response) => response.end());
		const reason = new Error("stopped");
		await expect(download(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
		expect(requests).toHaveLength(0);
	});
});
