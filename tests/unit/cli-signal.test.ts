/** A server that does not answer: what the command was asked to stop ends at once, wherever it waits. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { convert } from "../../src/cli/convert-command.ts";
import { infoOf } from "../../src/cli/info-command.ts";
import { statsOf } from "../../src/cli/stats-command.ts";
import { treePath } from "../../src/cli/tree-command.ts";

let server: Server;
let root: string;
let onWait: () => void = () => {};
const folder = mkdtempSync(join(tmpdir(), "chunkwise-signal-"));

/** Answers a name that the path asks to wait for with nothing, another with "not there". */
beforeAll(async () => {
	server = createServer((request, response) => {
		const [, awaited] = /^\/wait-for-([\w.]+)\//.exec(request.url ?? "") ?? [];
		if (request.url?.endsWith(`/${awaited}`)) onWait();
		else response.writeHead(404).end();
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
	rmSync(folder, { recursive: true });
});

const actions = {
	info: infoOf,
	tree: treePath,
	stats: (path: string, signal: AbortSignal) => statsOf(path, { signal }),
	convert: (path: string, signal: AbortSignal) => convert(path, join(folder, "out.ome.zarr"), { signal }),
};

it.each([
	["info", "zarr.json", "image.zarr"],
	["info", "attributes.json", "image.n5"],
	["tree", "zarr.json", "image.zarr"],
	["tree", "attributes.json", "image.n5"],
	["stats", "zarr.json", "image.zarr"],
	["stats", "attributes.json", "image.n5"],
	["convert", "zarr.json", "image.zarr"],
	["convert", "attributes.json", "image.n5"],
] as const)("%s ends where it waits for %s", async (action, awaited, name) => {
	const stop = new AbortController();
	const reason = new Error("enough");
	onWait = () => stop.abort(reason);
	await expect(actions[action](`${root}/wait-for-${awaited}/${name}`, stop.signal)).rejects.toBe(reason);
});
