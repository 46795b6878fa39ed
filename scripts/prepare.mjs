/**
 * After `npm install` in a checkout: compiles src/lib and src/cli into build/, so that `npx chunkwise` and
 * `import "chunkwise"` work. Plain JavaScript, since it may be run before anything that reads TypeScript is there.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
if (!existsSync(compiler)) {
	console.log("chunkwise: without the development packages the command and the library are not compiled.");
	process.exit(0);
}
rmSync(join(root, "build"), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json")], {
	stdio: "inherit",
});
if (status === 0) chmodSync(join(root, "build", "cli", "main.js"), 0o755);
process.exit(status ?? 1);
