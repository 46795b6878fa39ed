/** How the command is called: help, versions, mistakes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inStackFolder } from "../support/cli-stack.ts";

const { run } = inStackFolder();

describe("the call", () => {
	it("shows help for the command and for each subcommand, with examples", async () => {
		const calls = [
			[["--help"], "Commands:"],
			[["help", "stats"], "chunkwise stats"],
			[["info", "--help"], "Usage: chunkwise info"],
			[["stats", "-h"], "Usage: chunkwise stats"],
			...["ls", "tree", "validate", "convert", "download", "serve"].map(
				(command) => [[command, "--help"], `Usage: chunkwise ${command}`] as const,
			),
		] as const;
		const outcomes = await Promise.all(calls.map(([args]) => run(...args)));
		for (const [i, [args, says]] of calls.entries()) {
			const { code, stdout, stderr } = outcomes[i];
			expect([args, code, stderr]).toEqual([args, 0, ""]);
			expect(stdout).toContain(says);
			expect(stdout).toContain(`Examples:\n  chunkwise ${i < 2 ? "" : args[0]}`);
		}
		const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
		expect((await run("--version")).stdout).toBe(`${version}\n`);
	});

	it.each([
		[[], "Usage: chunkwise COMMAND"],
		[["frobnicate"], "no command frobnicate"],
		[["--frobnicate"], "no option --frobnicate"],
		[["info"], "PATH is missing"],
		[["stats", "--frobnicate", "a"], "--frobnicate"],
		[["convert", "stack.tif"], "IN and OUT"],
		[["convert", "stack.tif", "out", "--format", "png"], "not known"],
		[["convert", "stack.tif", "out", "--codec", "rar"], "blosc-lz4"],
		[["convert", "stack.tif", "out", "--scale-factors", "2,x"], "whole numbers"],
		[["convert", "stack.tif", "out", "--chunks", "0"], "whole numbers"],
		[["convert", "stack.tif", "out", "--shards", "0"], "whole numbers"],
		[["convert", "stack.tif", "out", "--shards", "8", "--format", "ome-zarr-0.4"], "ome-zarr-0.5"],
		[["convert", "stack.tif", "out", "--level", "-"], "0 (fastest) to 9"],
		[["convert", "stack.tif", "out", "--level", "1", "--codec", "none"], "no compression levels"],
		[["convert", "stack.tif", "out", "--format", "n5", "--shards", "8"], "without shards"],
		[["convert", "stack.tif", "out", "--method", "median"], "bin-shrink"],
		[["serve"], "one FOLDER"],
		[["serve", ".", "--port", "x"], "--port"],
	] as [string[], string][])("%j is wrong: exit 2, nothing on stdout", async (args, says) => {
		const { code, stdout, stderr } = await run(...args);
		expect([code, stdout]).toEqual([2, ""]);
		expect(stderr).toContain(says);
	});
});
