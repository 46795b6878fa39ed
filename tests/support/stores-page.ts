/** Builds stores-worker.ts and serves it, so that tests and measurements can call it in a real browser's workers. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { build } from "vite";
import { serveFolder } from "../../src/cli/serve.ts";
import type { StoreCalls } from "./stores-worker.ts";

const root = join(import.meta.dirname, "../..");

/** Serves an empty page with the worker beside it; close it when done. */
export async function serveStoresWorker(): Promise<{ url: string; close(): Promise<void> }> {
	const folder = mkdtempSync(join(tmpdir(), "chunkwise-stores-"));
	await build({
		configFile: false,
		root,
		logLevel: "error",
		publicDir: false,
		// Neither Vitest nor Playwright runs in a browser's worker.
		resolve: {
			alias: [
				{ find: /^vitest$|^.*\/test-runner\.ts$/, replacement: join(import.meta.dirname, "tiny-test.ts") },
			],
		},
		build: {
			outDir: folder,
			emptyOutDir: true,
			chunkSizeWarningLimit: 4096,
			target: "es2022",
			minify: false,
			modulePreload: false,
			rollupOptions: {
				input: { worker: join(import.meta.dirname, "stores-worker.ts") },
				output: { entryFileNames: "[name].js" },
			},
		},
	});
	writeFileSync(join(folder, "index.html"), "<!doctype html><title>Stores</title>");
	const served = await serveFolder(folder, { port: 0 });
	return {
		url: served.url,
		close: async () => {
			await served.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Stands for the folder that was dropped on the page, among the arguments of a call. */
export const dropped = { isDropped: true } as unknown as FileSystemDirectoryHandle;

/** Drops a folder of this computer on a page, as a reader does from a file manager. */
export async function drop(page: Page, folder: string): Promise<void> {
	await page.evaluate(() => {
		const shared = globalThis as { dropped?: Promise<FileSystemHandle | null> };
		shared.dropped = new Promise((resolve) => {
			addEventListener("dragover", (event) => event.preventDefault());
			addEventListener("drop", (event) => {
				event.preventDefault();
				const [item] = event.dataTransfer?.items ?? [];
				resolve(
					(item as never as { getAsFileSystemHandle(): Promise<FileSystemHandle> }).getAsFileSystemHandle(),
				);
			});
		});
	});
	const session = await page.context().newCDPSession(page);
	const data = { items: [], files: [folder], dragOperationsMask: 1 };
	for (const type of ["dragEnter", "dragOver", "drop"] as const) {
		await session.send("Input.dispatchDragEvent", { type, x: 5, y: 5, data });
	}
}

/** A worker of a page. */
export class StoresWorker {
	readonly #page: Page;
	readonly #id: string;

	private constructor(page: Page, id: string) {
		this.#page = page;
		this.#id = id;
	}

	static async start(page: Page): Promise<StoresWorker> {
		const id = crypto.randomUUID();
		await page.evaluate((id) => {
			const page = globalThis as { workers?: Record<string, Worker> };
			page.workers ??= {};
			page.workers[id] = new Worker("worker.js", { type: "module" });
		}, id);
		return new StoresWorker(page, id);
	}

	/** The call's result; rejects with the code of its error. */
	call<K extends keyof StoreCalls>(
		name: K,
		...args: Parameters<StoreCalls[K]>
	): Promise<Awaited<ReturnType<StoreCalls[K]>>> {
		return this.#page.evaluate(
			async ([worker, name, given]) => {
				const page = globalThis as never as { dropped: Promise<unknown> };
				const args = await Promise.all(
					given.map((arg) => ((arg as { isDropped?: true } | null)?.isDropped ? page.dropped : arg)),
				);
				return new Promise<never>((resolve, reject) => {
					const port = (globalThis as never as { workers: Record<string, Worker> }).workers[worker as string];
					const id = Math.random();
					port.addEventListener("message", ({ data }) => {
						if (data.id !== id) return;
						if (data.error === undefined) resolve(data.result as never);
						else reject(new Error(data.error));
					});
					port.addEventListener("error", (event) => reject(new Error(event.message)));
					port.postMessage({ id, name, args });
				});
			},
			[this.#id, name, args as unknown[]] as const,
		);
	}

	async terminate(): Promise<void> {
		await this.#page.evaluate(
			(id) => (globalThis as never as { workers: Record<string, Worker> }).workers[id].terminate(),
			this.#id,
		);
	}
}
