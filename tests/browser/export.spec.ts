import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { folderStore, openZarr } from "../../src/lib/node.ts";
import { expect, test } from "./site.ts";

/** `npm run test:interop` has other implementations open what this leaves here. */
const exported = join(import.meta.dirname, "../../test-results/exported/hl60.ome.zarr");

test("the store written in the browser, exported, holds the same values elsewhere", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.run("write-opfs", 100_000);
	await lesson.write(
		"attribute-keys",
		"display(multiscale.levels.map((level) => level.data.reduce((sum: number, v: number) => sum + v, 0)).join(' '))",
	);
	await lesson.run("attribute-keys");
	const sums = ((await lesson.output("attribute-keys").locator(".cw-text").textContent()) ?? "")
		.split(" ")
		.map(Number);

	const files = await lesson.page.evaluate(async () => {
		const found: [string, string][] = [];
		const toBase64 = (bytes: Uint8Array) => {
			let text = "";
			for (let i = 0; i < bytes.length; i += 0x8000)
				text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
			return btoa(text);
		};
		const visit = async (directory: FileSystemDirectoryHandle, path: string): Promise<void> => {
			// biome-ignore lint/suspicious/noExplicitAny: the iterator is not in the DOM types yet
			for await (const [name, handle] of (directory as any).entries()) {
				if (handle.kind === "directory") await visit(handle, `${path}${name}/`);
				else
					found.push([path + name, toBase64(new Uint8Array(await (await handle.getFile()).arrayBuffer()))]);
			}
		};
		await visit(await navigator.storage.getDirectory(), "");
		return found;
	});
	const inside = files.filter(([path]) => path.includes("hl60.ome.zarr/"));
	expect(inside.length).toBe(86);
	rmSync(exported, { recursive: true, force: true });
	for (const [path, base64] of inside) {
		const file = join(exported, path.slice(path.indexOf("hl60.ome.zarr/") + "hl60.ome.zarr/".length));
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, Buffer.from(base64, "base64"));
	}

	const store = await folderStore(exported);
	for (const [level, sum] of sums.entries()) {
		const array = await openZarr(store, `scale${level}/image`);
		if (!("read" in array)) throw new Error("not an array");
		const { data } = await array.read();
		expect(Array.from(data as Uint16Array).reduce((a, b) => a + b, 0)).toBe(sum);
	}
});
