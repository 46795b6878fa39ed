import { join } from "node:path";
import { build } from "vite";

const root = join(import.meta.dirname, "../..");

/** Bundles a file of tests/support with the library code it uses into a folder, as NAME.js, keeping what it exports. */
export async function bundleInto(folder: string, name: string, file: string): Promise<void> {
	await build({
		configFile: false,
		root,
		logLevel: "error",
		publicDir: false,
		base: "./",
		worker: { format: "es" },
		build: {
			outDir: folder,
			emptyOutDir: true,
			target: "es2022",
			modulePreload: false,
			rollupOptions: {
				input: { [name]: join(root, "tests/support", file) },
				output: { entryFileNames: "[name].js" },
				preserveEntrySignatures: "strict",
			},
		},
	});
}
