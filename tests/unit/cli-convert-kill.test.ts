/** `convert` killed at any moment, two at one place, and places and inputs that fail: what is left can be gone on with. */
import { execFileSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { convert } from "../../src/cli/convert-command.ts";
import {
	type Call,
	contents,
	killAtRandom,
	options,
	partsDone,
	printedSeed,
	start as startIn,
	until,
	words,
	writeStack,
} from "./killable.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const start = (input: string, out: string, ...args: string[]): Call =>
	startIn(folder, "convert", input, out, ...words, ...args);

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise kill "));
	writeStack(at("in.tif"), 192, 192, 64);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("killed", () => {
	it.each(["random.zarr", "random.ozx"])(
		"at random moments, %s comes out byte for byte as undisturbed",
		async (out) => {
			const whole = await convert(at("in.tif"), at(`whole ${out}`), options);
			const seed = printedSeed(out);
			const kills = await killAtRandom(folder, ["convert", "in.tif", out, ...words], out, {
				seed,
				most: 120,
			});
			expect(kills).toBeGreaterThan(0);
			expect(whole.parts).toBeGreaterThan(2);
			expect(contents(at(out))).toEqual(contents(at(`whole ${out}`)));
			expect(readdirSync(folder).filter((name) => name.startsWith(out))).toEqual([out]);
		},
		60_000,
	);

	it("at random moments, a change of version comes out byte for byte as undisturbed", async () => {
		await convert(at("in.tif"), at("four.zarr"), { ...options, codec: "none", format: "ome-zarr-0.4" });
		const to = { format: "ome-zarr-0.5" } as const;
		const whole = await convert(at("four.zarr"), at("whole five.zarr"), to);
		const words = ["convert", "four.zarr", "five.zarr", "--format", "ome-zarr-0.5"];
		const seed = printedSeed("version");
		// There are more than twice as many files.
		const kills = await killAtRandom(folder, words, "five.zarr", { seed, turns: 3, most: 200 });
		expect(kills).toBeGreaterThan(0);
		expect([whole.codec, whole.parts > 400]).toEqual([null, true]);
		expect(contents(at("five.zarr"))).toEqual(contents(at("whole five.zarr")));
		expect(readdirSync(folder).filter((name) => name.startsWith("five"))).toEqual(["five.zarr"]);
	}, 60_000);

	it.each([
		["while the zip is written", "image.zip"],
		["just before and after the result gets its name", "result.json"],
	])(
		"%s",
		async (_, watched) => {
			const out = `${watched}.ozx`;
			const call = start("in.tif", out);
			await until(call.child, () => existsSync(at(`${out}.unfinished/${watched}`)));
			call.child.kill("SIGKILL");
			await call.ended;
			const named = existsSync(at(out));
			if (!named || existsSync(at(`${out}.unfinished`))) {
				const again = start("in.tif", out);
				expect([await again.ended, again.text()]).toEqual([0, ""]);
			}
			expect(contents(at(out))).toEqual(contents(at("whole random.ozx")));
			expect(readdirSync(folder).filter((name) => name.startsWith(out))).toEqual([out]);
		},
		60_000,
	);

	it("when the result had its name and the rest was being removed: the same call finds it", async () => {
		for (const out of ["end.ozx", "end.zarr"]) {
			const result = await convert(at("in.tif"), at(out), options);
			// What stands there then, as finish() leaves it.
			mkdirSync(at(`${out}.unfinished/image`), { recursive: true });
			if (out.endsWith(".zarr")) rmSync(at(`${out}.unfinished/image`), { recursive: true });
			const call = JSON.stringify([at("in.tif"), at(out), options]);
			writeFileSync(at(`${out}.unfinished/result.json`), JSON.stringify({ call, result }));
			writeFileSync(at(`${out}.unfinished/process`), "");
			expect(await convert(at("in.tif"), at(out), options)).toEqual(result);
			expect(existsSync(at(`${out}.unfinished`))).toBe(false);
			await expect(convert(at("in.tif"), at(out), options)).rejects.toMatchObject({ code: "out-exists" });
		}
	}, 60_000);

	it("by Ctrl-C, it says how to go on, and the same call does", async () => {
		const call = start("in.tif", "stopped.zarr");
		await until(call.child, () => partsDone(at("stopped.zarr")) > 0);
		call.child.kill("SIGINT");
		expect(await call.ended).toBe(130);
		expect(call.text()).toBe("chunkwise: stopped; the same call goes on from stopped.zarr.unfinished\n");
		const again = start("in.tif", "stopped.zarr");
		expect([await again.ended, again.text()]).toEqual([0, ""]);
		expect(contents(at("stopped.zarr"))).toEqual(contents(at("whole random.zarr")));
	}, 60_000);
});

describe("two conversions into one place", () => {
	it("the second is refused and harms nothing, with --restart and --overwrite too", async () => {
		const first = start("in.tif", "shared.zarr");
		await until(first.child, () => existsSync(at("shared.zarr.unfinished/process")));
		first.child.kill("SIGSTOP");
		try {
			for (const more of [{}, { restart: true }, { overwrite: true }]) {
				await expect(convert(at("in.tif"), at("shared.zarr"), { ...options, ...more })).rejects.toMatchObject(
					{
						code: "in-progress",
						message: `Process ${first.child.pid} is writing this result.`,
						remedy: expect.stringMatching(/^Wait for it\./),
					},
				);
			}
		} finally {
			first.child.kill("SIGCONT");
		}
		expect([await first.ended, first.text()]).toEqual([0, ""]);
		expect(contents(at("shared.zarr"))).toEqual(contents(at("whole random.zarr")));
	}, 60_000);

	it("in one process too, and one of several gets hold of what a killed one left", async () => {
		mkdirSync(at("several.zarr.unfinished"));
		// A process that is no more: of this number none is started by Linux or macOS.
		writeFileSync(at("several.zarr.unfinished/process"), "999999999");
		const results = await Promise.allSettled(
			[1, 2, 3].map(() => convert(at("in.tif"), at("several.zarr"), options)),
		);
		const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
		expect(failures).toEqual(["in-progress", "in-progress"]);
		expect(contents(at("several.zarr"))).toEqual(contents(at("whole random.zarr")));
	}, 60_000);
});

/** A small file system of its own, where this user may make one. */
function mounted(name: string, how: string, test: TestContext): string {
	mkdirSync(at(name));
	try {
		execFileSync("mount", ["-t", "tmpfs", "-o", how, "tmpfs", at(name)], { stdio: "ignore" });
	} catch {
		test.skip("this user may not mount a small disk");
	}
	return at(name);
}

describe("places that fail", () => {
	it("a full disk leaves what was done, and with room it is gone on with", async (test) => {
		const disk = mounted("full", "size=3m", test);
		try {
			await expect(convert(at("in.tif"), join(disk, "out.zarr"), options)).rejects.toMatchObject({
				code: "storage-full",
				remedy: expect.stringContaining("Free space"),
			});
			expect(readdirSync(disk)).toEqual(["out.zarr.unfinished"]);
			expect(partsDone(at("full/out.zarr"))).toBeGreaterThan(0);
			execFileSync("mount", ["-o", "remount,size=32m", disk]);
			const result = await convert(at("in.tif"), join(disk, "out.zarr"), options);
			expect(result.resumed).toBeGreaterThan(0);
			expect(contents(join(disk, "out.zarr"))).toEqual(contents(at("whole random.zarr")));
		} finally {
			execFileSync("umount", [disk]);
		}
	}, 60_000);

	it("a folder that may not be written says so", async (test) => {
		const disk = mounted("read only", "size=64k,ro", test);
		try {
			const call = start("in.tif", join(disk, "out.zarr"));
			expect(await call.ended).toBe(1);
			expect(call.text()).toMatch(
				/^chunkwise: in\.tif: This folder may not be written into\..*\n {2}Check its permissions/,
			);
		} finally {
			execFileSync("umount", [disk]);
		}
	}, 60_000);
});

describe("an input that goes away half way", () => {
	it("is not taken for zeros, and is gone on with when it is back", async () => {
		await convert(at("in.tif"), at("source.zarr"), { ...options, scaleFactors: [] });
		const slow = { ...options, scaleFactors: [2], codec: "none" as const };
		const whole = await convert(at("source.zarr"), at("whole source.zarr"), slow);
		expect(whole.parts).toBeGreaterThan(3);
		let gone = false;
		const leaving = convert(at("source.zarr"), at("left.zarr"), {
			...slow,
			onProgress: ({ done }) => {
				if (done < 300 || gone) return;
				gone = true;
				renameSync(at("source.zarr"), at("elsewhere.zarr"));
			},
		});
		await expect(leaving).rejects.toMatchObject({ code: "input-changed" });
		expect(gone && !existsSync(at("left.zarr"))).toBe(true);
		renameSync(at("elsewhere.zarr"), at("source.zarr"));
		const { resumed } = await convert(at("source.zarr"), at("left.zarr"), slow);
		expect(resumed).toBeGreaterThan(0);
		expect(contents(at("left.zarr"))).toEqual(contents(at("whole source.zarr")));
	}, 60_000);

	it("a chunk that goes while the metadata stays is noticed before the result gets its name", async () => {
		cpSync(at("source.zarr"), at("crumbling.zarr"), { recursive: true });
		let gone = false;
		await expect(
			convert(at("crumbling.zarr"), at("crumbled.zarr"), {
				...options,
				onProgress: () => {
					if (!gone) rmSync(at("crumbling.zarr/scale0/in/c/3"), { recursive: true });
					gone = true;
				},
			}),
		).rejects.toMatchObject({ code: "input-changed" });
		expect(readdirSync(folder).filter((name) => name.startsWith("crumbled"))).toEqual([]);
	}, 60_000);
});
