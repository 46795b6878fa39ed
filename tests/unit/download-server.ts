/** Real HTTP servers for the tests of downloads, on free ports of this machine. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface TestServer {
	url: string;
	/** The requests so far, in order. */
	requests: IncomingMessage[];
}

/** Serves by a function until the test ends; `number` counts requests from 1. */
export async function serve(
	answer: (request: IncomingMessage, response: ServerResponse, number: number) => void,
): Promise<TestServer> {
	const requests: IncomingMessage[] = [];
	const server = createServer((request, response) => {
		requests.push(request);
		answer(request, response, requests.length);
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}/image.tif`, requests };
}

/** An address of this machine where nothing answers. */
export async function nowhere(): Promise<string> {
	const server = createServer();
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as AddressInfo;
	await new Promise((done) => server.close(done));
	return `http://127.0.0.1:${port}/image.tif`;
}

/** Bytes that are different everywhere, so that a wrong seam shows. */
export function bytesOf(length: number): Uint8Array<ArrayBuffer> {
	return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 17) & 255);
}
