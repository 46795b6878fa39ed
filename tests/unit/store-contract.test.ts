import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type ServedFolder, serveFolder } from "../../src/cli/serve.ts";
import { httpStore } from "../../src/lib/stores/http.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { opfsStore } from "../../src/lib/stores/opfs.ts";
import { fakeDisk } from "../support/opfs.ts";
import { filled, storeContract } from "./store-contract.ts";

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

storeContract("HTTP, from a served folder", {
	make: async (values) => {
		const folder = temporary();
		await filled(folderStore(folder), values);
		const server = await serveFolder(folder, { port: 0 });
		servers.push(server);
		return httpStore(server.url);
	},
	offers: { write: false, list: false, children: false },
});
