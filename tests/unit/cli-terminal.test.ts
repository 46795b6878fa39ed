/** Progress on a terminal, and none in a pipe. A pseudo-terminal is made by util-linux's script. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cli } from "../support/cli.ts";
import { buildTiff, testValues } from "./tiff-builder.ts";

const hasScript =
	spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;
if (!hasScript) console.log("cli-terminal: skipped, since util-linux's script is not here.");
let folder: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise-terminal-"));
	const page = { width: 512, height: 512, dtype: "uint8" as const, values: testValues("uint8", 1 << 18) };
	writeFileSync(join(folder, "stack.tif"), buildTiff({ pages: Array.from({ length: 40 }, () => page) }));
});

afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});

/** Stands for "back to the line's beginning, and clear it". */
const clear = "<clear>";

/** All that a terminal would be sent. */
function onTerminal(
	args: string,
	environment: Record<string, string> = {},
): Promise<{ code: number | null; sent: string }> {
	const main = join(import.meta.dirname, "../../src/cli/main.ts");
	const command = `'${process.execPath}' '${main}' ${args}`;
	const child = spawn("script", ["-qec", command, "/dev/null"], {
		cwd: folder,
		env: { ...process.env, TERM: "xterm", ...environment },
	});
	let sent = "";
	child.stdout.on("data", (data) => {
		sent += data;
	});
	return new Promise((done) =>
		child.on("close", (code) => done({ code, sent: sent.replaceAll("\r\u001b[K", clear) })),
	);
}

const bar = /<clear>Reading stack\.tif {2}\[[#-]{24}\] +\d+ % {2}.+ of 10\.00 MiB/;

it.skipIf(!hasScript)("draws a bar on a terminal and takes it away before the result", async () => {
	const { code, sent } = await onTerminal("stats stack.tif");
	expect(code).toBe(0);
	expect(sent).toMatch(bar);
	expect(sent.slice(sent.lastIndexOf(clear) + clear.length)).toMatch(/^stack\.tif {2}stack\r\n {2}shape/);
	const converted = await onTerminal("convert stack.tif out.ome.zarr --scale-factors 2");
	expect([converted.code, converted.sent]).toEqual([0, expect.stringMatching(/<clear>.*\[#+-*\]/)]);
});

it.skipIf(!hasScript)("draws none where stderr is a file or the terminal is a dumb one", async () => {
	expect((await onTerminal("stats stack.tif 2> messages")).sent).toMatch(/^stack\.tif {2}stack\r\n/);
	expect((await onTerminal("stats stack.tif", { TERM: "dumb" })).sent).toMatch(/^stack\.tif {2}stack\r\n/);
});

it("draws none in a pipe", async () => {
	const { code, stderr, stdout } = await cli(folder, "stats", "stack.tif");
	expect([code, stderr]).toEqual([0, ""]);
	expect(stdout).not.toContain("\u001b");
});
