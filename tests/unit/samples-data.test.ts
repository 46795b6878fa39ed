import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { currentSample, generateData } from "../../scripts/generate-data.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";

test("the site's data is made once and described, and is out of date when damaged or of another version", async () => {
	const folder = mkdtempSync(join(tmpdir(), "chunkwise data "));
	const log = vi.spyOn(console, "log").mockImplementation(() => {});
	onTestFinished(() => {
		log.mockRestore();
		rmSync(folder, { recursive: true });
	});
	const tiffPath = join(folder, "data", "hl60-phantom.tif");
	const listPath = join(folder, "data", "samples.json");

	const made = await generateData(folder);
	const bytes = readFileSync(tiffPath);
	expect(JSON.parse(readFileSync(listPath, "utf8"))).toEqual([made]);
	expect(made).toMatchObject({
		name: "hl60-phantom.tif",
		bytes: bytes.length,
		sha256: createHash("sha256").update(bytes).digest("hex"),
		shape: [129, 212, 363],
		dtype: "uint16",
		synthetic: true,
	});
	const { data } = await (await openTiff(bytes)).readStack();
	expect(made.voxelsSha256).toBe(
		createHash("sha256")
			.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
			.digest("hex"),
	);
	expect(readdirSync(join(folder, "data")).sort()).toEqual(["hl60-phantom.tif", "samples.json"]);
	expect(log.mock.lastCall?.[0]).toMatch(/^data: made .*synthetic/);

	const before = statSync(tiffPath).mtimeMs;
	expect(await generateData(folder)).toEqual(made);
	expect(statSync(tiffPath).mtimeMs).toBe(before);
	expect(log.mock.lastCall?.[0]).toMatch(/is there/);

	// Each of these is made anew the next time.
	writeFileSync(tiffPath, bytes.subarray(0, 1000));
	expect(await currentSample(join(folder, "data"))).toBeUndefined();
	writeFileSync(tiffPath, bytes);
	expect(await currentSample(join(folder, "data"))).toEqual(made);
	for (const change of [{ generatorVersion: 0 }, { seed: 1 }, { name: "other.tif" }]) {
		writeFileSync(listPath, JSON.stringify([{ ...made, ...change }]));
		expect(await currentSample(join(folder, "data"))).toBeUndefined();
	}
	writeFileSync(listPath, "[{");
	expect(await currentSample(join(folder, "data"))).toBeUndefined();
});
