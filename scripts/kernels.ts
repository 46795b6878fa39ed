/**
 * Compiles assembly/ (AssemblyScript) to WebAssembly and writes it, as text, to src/lib/zarr/codecs/kernels-wasm.ts,
 * which is committed: so neither `npm install` nor the site's build nor the npm package needs the compiler.
 *
 *   node scripts/kernels.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import { root } from "./paths.ts";

export const kernelsPath = join(root, "src/lib/zarr/codecs/kernels-wasm.ts");

const options = ["--runtime", "stub", "--optimizeLevel", "3", "--converge", "--noAssert", "--enable", "simd"];

/** The compiled module. */
export async function compileKernels(): Promise<Uint8Array> {
	let binary: Uint8Array | undefined;
	const { error, stderr } = await asc.main(
		[
			"index.ts",
			"--baseDir",
			join(root, "assembly"),
			"--outFile",
			"kernels.wasm",
			"--initialMemory",
			"2",
			...options,
		],
		{
			readFile: (name, base) => {
				try {
					return readFileSync(join(base, name), "utf8");
				} catch {
					return null;
				}
			},
			writeFile: (name, contents) => {
				if (name.endsWith(".wasm")) binary = contents as Uint8Array;
			},
			listFiles: () => [],
		} as Parameters<typeof asc.main>[1],
	);
	if (error || !binary) throw new Error(`assembly/ does not compile: ${error?.message}\n${stderr}`);
	return binary;
}

export function moduleText(binary: Uint8Array): string {
	const text = Buffer.from(binary).toString("base64");
	return [
		"/** Made by scripts/kernels.ts from assembly/: WebAssembly as base64. Not to be edited. */",
		"// biome-ignore format: one line",
		`export const kernelsWasm = "${text}";`,
		"",
	].join("\n");
}

if (import.meta.main) {
	const binary = await compileKernels();
	writeFileSync(kernelsPath, moduleText(binary));
	console.log(`${kernelsPath}: ${binary.length} bytes of WebAssembly`);
}
