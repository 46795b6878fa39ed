/**
 * The Astro integration that puts the bucket's service worker at the root of the site, as one plain script under one
 * name: a browser knows a service worker by its address, and older ones take no modules.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import { build } from "vite";
import { workerFile } from "./paths.ts";

const source = fileURLToPath(new URL("./service-worker.ts", import.meta.url));
const noListingWorker = fileURLToPath(new URL("./no-listing-worker.ts", import.meta.url));

async function bundle(minify: boolean): Promise<string> {
	const built = await build({
		configFile: false,
		logLevel: "error",
		publicDir: false,
		resolve: { alias: [{ find: /^.*\/list-elsewhere\.ts$/, replacement: noListingWorker }] },
		build: {
			write: false,
			minify,
			lib: { entry: source, formats: ["iife"], name: "chunkwiseBucket", fileName: "worker" },
		},
	});
	const [result] = Array.isArray(built) ? built : [built];
	if (!("output" in result) || result.output.length !== 1) {
		throw new Error("The bucket's service worker must be one script");
	}
	const [chunk] = result.output;
	return chunk.type === "chunk" ? chunk.code : "";
}

export function chunkwiseBucket(): AstroIntegration {
	return {
		name: "chunkwise-bucket",
		hooks: {
			"astro:server:setup": ({ server }) => {
				server.middlewares.use(async (request, response, next) => {
					if (!request.url?.replace(/\?.*$/, "").endsWith(`/${workerFile}`)) return next();
					try {
						const code = await bundle(false);
						response.setHeader("Content-Type", "text/javascript");
						response.end(code);
					} catch (error) {
						next(error);
					}
				});
			},
			"astro:build:done": async ({ dir }) => {
				await writeFile(new URL(workerFile, dir), await bundle(true));
			},
		},
	};
}
