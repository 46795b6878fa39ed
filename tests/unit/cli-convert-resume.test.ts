/** A conversion that is killed goes on: what comes out equals, byte by byte, what one undisturbed call makes. */
import { type ChildProcess, spawn } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convert } from "../../src/cli/convert-command.ts";
import { buildTiff, testValues } from "./tiff-builder.ts";

let folder: string;
const at = (name: string) => join(folder, name);
/** So little that the image is many parts. */
const memory = 16 << 20;
const options = { memory, chunks: [16], codec: "zstd" as const };

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise resume "));
	const [width, height] = [256, 256];
	const values = testValues("uint16", width * height * 64);
	const pages = Array.from({ length: 64 }, (_, z) => ({
		width,
		height,
		dtype: "uint16" as const,
		values: values.subarray(z * width * height, (z + 1) * width * height),
	}));
	writeFileSync(at("in.tif"), buildTiff({ pages }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every file below a folder with its bytes. */
function contents(name: string): Map<string, string> {
	const files = readdirSync(at(name), { recursive: true }) as string[];
	return new Map(
		files
			.filter((file) => statSync(at(join(name, file))).isFile())
			.sort()
			.map((file) => [file, readFileSync(at(join(name, file)), "base64")]),
	);
}

function start(out: string, ...args: string[]): { child: ChildProcess; ended: Promise<number | null> } {
	const main = join(import.meta.dirname, "../../src/cli/main.ts");
	const child = spawn(
		join(import.meta.dirname, "../../node_modules/.bin/node"),
		[main, "convert", "in.tif", out, "--memory", "16", "--chunks", "16", "--codec", "zstd", ...args],
		{ cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
	);
	return { child, ended: new Promise((done) => child.on("exit", done)) };
}

const done = (name: string): number => {
	try {
		const { done } = JSON.parse(readFileSync(at(`${name}.unfinished/journal.json`), "utf8"));
		return done.reduce((sum: number, [start, stop]: [number, number]) => sum + stop - start, 0);
	} catch {
		return 0;
	}
};

describe("a call that is killed", () => {
	it("is gone on with by the same call, nothing lost, nothing done twice", async () => {
		const whole = await convert(at("in.tif"), at("whole.zarr"), options);
		expect(whole.parts).toBeGreaterThan(4);
		let seen = 0;
		let kills = 0;
		for (const after of [1, 2, 4]) {
			const { child, ended } = start("killed.zarr");
			// As soon as some parts are done, wherever the process then is.
			while (child.exitCode === null && done("killed.zarr") < after)
				await new Promise((next) => setTimeout(next, 2));
			child.kill("SIGKILL");
			await ended;
			if (existsSync(at("killed.zarr"))) break;
			kills++;
			expect(done("killed.zarr")).toBeGreaterThanOrEqual(seen);
			seen = done("killed.zarr");
		}
		expect(kills).toBeGreaterThan(0);
		const { child, ended } = start("killed.zarr");
		let text = "";
		child.stderr?.on("data", (data) => {
			text += data;
		});
		expect([await ended, text]).toEqual([0, ""]);
		expect(contents("killed.zarr")).toEqual(contents("whole.zarr"));
		expect(readdirSync(folder).filter((name) => name.startsWith("killed"))).toEqual(["killed.zarr"]);
	}, 60_000);

	it("tells what it found done, and does the rest", async () => {
		const stop = new AbortController();
		let chunks = 0;
		await expect(
			convert(at("in.tif"), at("stopped.zarr"), {
				...options,
				signal: stop.signal,
				onProgress: () => {
					if (++chunks > 600) stop.abort(new Error("stopped"));
				},
			}),
		).rejects.toThrow("stopped");
		expect(existsSync(at("stopped.zarr"))).toBe(false);
		const before = done("stopped.zarr");
		expect(before).toBeGreaterThan(0);

		await expect(
			convert(at("in.tif"), at("stopped.zarr"), { ...options, codec: "gzip" }),
		).rejects.toMatchObject({
			code: "resume-differs",
			message: expect.stringContaining('codec "zstd" where this one has "gzip"'),
		});
		const result = await convert(at("in.tif"), at("stopped.zarr"), options);
		expect(result.resumed).toBe(before);
		expect(contents("stopped.zarr")).toEqual(contents("whole.zarr"));
	}, 60_000);

	it("does not mix with a changed input, and begins anew when told to", async () => {
		const stop = new AbortController();
		const half = {
			...options,
			signal: stop.signal,
			onProgress: ({ done }: { done: number }) => {
				if (done > 600) stop.abort(new Error("stopped"));
			},
		};
		await expect(convert(at("in.tif"), at("changed.zarr"), half)).rejects.toThrow("stopped");
		utimesSync(at("in.tif"), new Date(), new Date(Date.now() + 5000));
		await expect(convert(at("in.tif"), at("changed.zarr"), options)).rejects.toMatchObject({
			code: "resume-differs",
			message: "The input has changed since an interrupted call left its part here.",
		});
		const { resumed } = await convert(at("in.tif"), at("changed.zarr"), { ...options, restart: true });
		expect(resumed).toBe(0);
		expect(contents("changed.zarr")).toEqual(contents("whole.zarr"));
	}, 60_000);
});
