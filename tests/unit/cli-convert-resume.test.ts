/** A conversion that is killed goes on: what comes out equals, byte by byte, what one undisturbed call makes. */
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convert } from "../../src/cli/convert-command.ts";
import { contents, options, partsDone, start, until, words, writeStack } from "./killable.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const done = (name: string) => partsDone(at(name));

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise resume "));
	writeStack(at("in.tif"), 256, 256, 64);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a call that is killed", () => {
	it("is gone on with by the same call, nothing lost, nothing done twice", async () => {
		const whole = await convert(at("in.tif"), at("whole.zarr"), options);
		expect(whole.parts).toBeGreaterThan(4);
		let seen = 0;
		let kills = 0;
		for (const after of [1, 2, 4]) {
			const { child, ended } = start(folder, "convert", "in.tif", "killed.zarr", ...words);
			// As soon as some parts are done, wherever the process then is.
			await until(child, () => done("killed.zarr") >= after);
			child.kill("SIGKILL");
			await ended;
			if (existsSync(at("killed.zarr"))) break;
			kills++;
			expect(done("killed.zarr")).toBeGreaterThanOrEqual(seen);
			seen = done("killed.zarr");
		}
		expect(kills).toBeGreaterThan(0);
		const last = start(folder, "convert", "in.tif", "killed.zarr", ...words);
		expect([await last.ended, last.text()]).toEqual([0, ""]);
		expect(contents(at("killed.zarr"))).toEqual(contents(at("whole.zarr")));
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
		expect(contents(at("stopped.zarr"))).toEqual(contents(at("whole.zarr")));
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
		expect(contents(at("changed.zarr"))).toEqual(contents(at("whole.zarr")));
	}, 60_000);
});
