import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type ServedFolder, serveFolder } from "../../src/cli/serve.ts";
import { cacheStore } from "../../src/lib/stores/cache.ts";
import { directoryStore } from "../../src/lib/stores/directory.ts";
import { fileListStore } from "../../src/lib/stores/file-list.ts";
import { httpStore } from "../../src/lib/stores/http.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { recordStore } from "../../src/lib/stores/observe.ts";
import { opfsStore } from "../../src/lib/stores/opfs.ts";
import { readThrough } from "../../src/lib/stores/read-through.ts";
import { fakeDisk } from "../support/opfs.ts";
import { filled, storeContract, type Values } from "./store-contract.ts";

const folders: string[] = [];
const servers: ServedFolder[] = [];
const temporary = () => {
	const folder = mkdtempSync(join(tmpdir(), "chunkwise contract "));
	folders.push(folder);
	return folder;
};
afterAll(async () => {
	for (const server of servers) await server.close();
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

storeContract("memory", {
	make: (values) => filled(memoryStore(), values),
	offers: { write: true, list: true, children: false },
});

storeContract("a folder of this computer", {
	make: (values) => filled(folderStore(temporary()), values),
	offers: { write: true, list: true, children: true },
});

for (const sync of [false, true]) {
	storeContract(`the private file system${sync ? " in a worker" : ""}`, {
		make: async (values) => filled(await opfsStore("a.zarr", { root: fakeDisk(1e9, sync).root }), values),
		offers: { write: true, list: true, children: true },
	});
}

/** A store over HTTP, of a folder that holds these values. */
async function served(values: Values) {
	const folder = temporary();
	await filled(folderStore(folder), values);
	const server = await serveFolder(folder, { port: 0 });
	servers.push(server);
	return httpStore(server.url);
}
const readOnly = { write: false, list: false, children: false };

storeContract("HTTP, from a served folder", { make: served, offers: readOnly });

storeContract("a cache before HTTP", {
	make: async (values) => cacheStore(await served(values), { bytes: 2 ** 20 }),
	offers: readOnly,
});

storeContract("a cache too small for anything, before a folder", {
	make: async (values) => cacheStore(await filled(folderStore(temporary()), values), { bytes: 10 }),
	offers: { write: true, list: true, children: true },
});

storeContract("a cache before memory, filled through it", {
	make: (values) => filled(cacheStore(memoryStore(), { bytes: 2 ** 20 }), values),
	offers: { write: true, list: true, children: false },
});

storeContract("a recorded store", {
	make: (values) => filled(recordStore(memoryStore()).store, values),
	offers: { write: true, list: true, children: false },
});

storeContract("reading through memory from HTTP", {
	make: async (values) => readThrough(memoryStore(), await served(values), { whole: 500 }),
	offers: readOnly,
});

storeContract("reading through memory from a folder", {
	make: (values) => filled(readThrough(memoryStore(), folderStore(temporary())), values),
	offers: { write: true, list: true, children: true },
});

storeContract("files with keys of their own", {
	make: async (values) =>
		fileListStore(
			new Map(
				Object.entries(values).map(([key, value]) => [key, new Blob([value as Uint8Array<ArrayBuffer>])]),
			),
		),
	offers: { write: false, list: true, children: false },
});

storeContract("a folder that was picked, written in place", {
	make: async (values) => filled(await directoryStore(fakeDisk().root, { mode: "readwrite" }), values),
	offers: { write: true, list: true, children: true },
});

test("a folder that may not be written says so", async () => {
	const asked: string[] = [];
	const handle = Object.assign(fakeDisk().root, {
		queryPermission: async ({ mode }: { mode: string }) => (mode === "read" ? "granted" : "prompt"),
		requestPermission: async ({ mode }: { mode: string }) => {
			asked.push(mode);
			return "denied";
		},
	});
	expect((await directoryStore(handle)).get).toBeDefined();
	await expect(directoryStore(handle, { mode: "readwrite" })).rejects.toMatchObject({
		code: "storage-denied",
	});
	expect(asked).toEqual(["readwrite"]);
});
