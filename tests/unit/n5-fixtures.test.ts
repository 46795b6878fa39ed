import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { infoOf } from "../../src/cli/info-command.ts";
import { infoText } from "../../src/cli/info-text.ts";
import { statsOf } from "../../src/cli/stats-command.ts";
import type { N5Array } from "../../src/lib/n5/array.ts";
import { n5Info } from "../../src/lib/n5/info.ts";
import { isN5, openN5 } from "../../src/lib/n5/open.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { allExpected, fixture, fixturesDir } from "../support/fixtures.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const entries = allExpected().filter((entry) => entry.kind === "n5" && entry.sha256);

describe.skipIf(!fixturesDir)("N5 arrays by other software", () => {
	test.each(entries.map((entry) => [`${entry.path}#${entry.array_path ?? ""}`, entry] as const))(
		"%s",
		async (_, entry) => {
			const store = folderStore(fixture(entry.path));
			const path = entry.array_path ?? "";
			expect(await isN5(store, path)).toBe(true);
			const array = (await openN5(store, path)) as N5Array;
			expect(array.kind).toBe("array");
			expect([array.shape, array.dtype]).toEqual([entry.shape, entry.dtype]);
			const { compression, n5_blockSize } = entry.info as { compression: object; n5_blockSize: number[] };
			expect([array.compression, array.chunks]).toEqual([compression, n5_blockSize.reverse()]);
			expect(array.chunkCount).toBe(entry.chunk_grid_total);
			expect(sha256((await array.read()).toBytes())).toBe(entry.sha256);
		},
	);

	test("multiscale metadata of neuroglancer, from the group and from one level", async () => {
		const store = folderStore(fixture("n5/neuroglancer/n5_viewer_multiscale_deprecated"));
		const { format, version, images } = await n5Info(store);
		expect([format, version, images.length]).toEqual(["n5", null, 1]);
		expect(images[0].axes).toEqual([
			{ name: "y", type: "space", unit: "second" },
			{ name: "x", type: "space", unit: "nanometer" },
		]);
		expect(
			images[0].levels.map(({ path, shape, scale, translation }) => [path, shape, scale, translation]),
		).toEqual([
			["s0", [20, 10], [20, 10], [0, 0]],
			["s1", [10, 5], [40, 20], [10, 5]],
			["s2", [5, 3], [80, 40], [30, 15]],
		]);
		const [level] = (await n5Info(store, "s2")).images[0].levels;
		expect([level.path, level.scale]).toEqual(["s2", [80, 40]]);
		expect(level.codecs[0]).toMatchObject({ name: "blosc", configuration: { cname: "lz4" } });
	});

	test("the command tells of them, by PATH and by PATH#INNER", async () => {
		for (const entry of entries) {
			const path = fixture(entry.path) + (entry.array_path ? `#${entry.array_path}` : "");
			const { dtype, shape, sum, min, max, sha256: hash } = entry;
			expect(await statsOf(path)).toMatchObject({ path, dtype, shape, sum, min, max, sha256: hash });
			const info = await infoOf(path);
			expect([info.format, info.zarrFormat, info.images.length]).toEqual(["n5", null, 1]);
			expect(info.images[0].levels[0]).toMatchObject({ shape, dtype, shards: null });
			expect(info.requests).toBeGreaterThan(0);
			expect(infoText(info)).toContain(": N5");
		}
		const container = fixture("n5/zarr_implementations/n5-java.n5");
		expect(infoText(await infoOf(container))).toContain("n5-java.n5: N5 2.0.2\n  image gzip");
		await expect(statsOf(container)).rejects.toMatchObject({
			code: "not-an-array",
			remedy: expect.stringContaining("#gzip"),
		});
		await expect(infoOf(`${container}#nothing`)).rejects.toMatchObject({ code: "not-n5" });
	});

	test("every array of a container, with the version of its root", async () => {
		const java = await n5Info(folderStore(fixture("n5/zarr_implementations/n5-java.n5")));
		expect(java.version).toBe("2.0.2");
		expect(java.images.map((image) => image.path)).toEqual(["gzip", "raw"]);
		expect(java.images[0].levels[0]).toMatchObject({ byteOrder: null, scale: null, chunkCount: 108 });
	});
});
