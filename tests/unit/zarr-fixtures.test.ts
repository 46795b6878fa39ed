import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readImage } from "../../src/lib/image/image.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import type { ZarrArray } from "../../src/lib/zarr/array.ts";
import { openZarr } from "../../src/lib/zarr/open.ts";
import { allExpected, expected, fixture, fixturesDir } from "../support/fixtures.ts";

const sha256 = (data: ArrayBufferView) =>
	createHash("sha256")
		.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
		.digest("hex");

const hl50 = "ome-zarr/hl50_cell/HL50_cell.zarr";
const openArray = async (store: Parameters<typeof openZarr>[0], path: string) => {
	const node = await openZarr(store, path);
	if (node.kind !== "array") throw new Error(`${path} is a group`);
	return node as ZarrArray;
};

describe.skipIf(!fixturesDir)("the course's own Zarr", () => {
	const paths = ["scale0/HL50_cell", "scale1/HL50_cell", "scale2/HL50_cell"];

	test("reads as the other implementations read it", async () => {
		const store = folderStore(fixture(hl50));
		for (const path of paths) {
			const { data, shape } = await (await openArray(store, path)).read();
			expect(shape).toEqual(expected(hl50, path).shape);
			expect(sha256(data)).toBe(expected(hl50, path).sha256);
		}
	});

	test("from the TIFF, our pyramid equals the reference's, voxel for voxel, in memory and when stored and read again", async () => {
		const image = toSpatialImage(
			await readImage(new Uint8Array(readFileSync(fixture("derived/HL50_cell.tif")))),
		);
		expect(image.toString().split("\n").slice(0, 2)).toEqual([
			"<SpatialImage 'image' (z: 129, y: 212, x: 363)> uint16",
			"[[[95 96 84 … 89 93 97]",
		]);
		const multiscale = await toMultiscale(image, [2, 4]);
		const hashes = paths.map((path) => expected(hl50, path).sha256);
		expect(multiscale.levels.map((level) => sha256(level.data))).toEqual(hashes);

		const store = memoryStore();
		const report = await toNgffZarr(store, multiscale);
		expect(report.levels.map((level) => level.chunks)).toEqual([72, 6, 1]);
		expect(report.objects).toBe(79 + 3 + 3 + 1);
		expect(await listKeys(store)).toHaveLength(report.objects);
		for (const [level, path] of multiscale.paths.entries()) {
			expect(sha256((await (await openArray(store, path)).read()).data)).toBe(hashes[level]);
		}
		// C-Blosc with the same settings wrote the reference's chunks: ours are about as small, chunk by chunk.
		const theirs = folderStore(fixture(hl50));
		for (const key of await listKeys(store, "scale0/image/c/")) {
			const index = key.slice("scale0/image/c/".length);
			const size = (await theirs.size(`/scale0/HL50_cell/${index}`)) ?? 0;
			expect((await store.size(`/${key}`)) ?? 0).toBeLessThan(1.05 * size);
		}
		expect(report.levels[0].bytes / report.levels[0].stored).toBeGreaterThan(1.8);
	});
});

/** Codecs that there is no decoder for: refused, with words, rather than read wrongly. */
const undecodable = /"id":\s*"(zfpy|pcodec|jenkins_lookup3)"|numcodecs\.(zfpy|pcodec|jenkins_lookup3)/;

for (const folder of ["zarr2", "zarr3", "ome-zarr", "ngff-metadata"]) {
	const entries = allExpected().filter(
		(entry) => entry.path.startsWith(`${folder}/`) && entry.sha256 && !entry.path.endsWith(".zip"),
	);
	describe.skipIf(!fixturesDir)(`arrays by other software in ${folder}`, () => {
		test.each(entries.map((entry) => [`${entry.path}#${entry.array_path ?? ""}`, entry] as const))(
			"%s",
			async (_, entry) => {
				const array = await openArray(folderStore(fixture(entry.path)), entry.array_path ?? "");
				expect(array.shape).toEqual(entry.shape);
				if (undecodable.test(JSON.stringify(array.metadata.document))) {
					await expect(array.read()).rejects.toMatchObject({ code: "unknown-codec" });
					return;
				}
				expect(sha256((await array.read()).toBytes())).toBe(entry.sha256);
			},
		);
	});
}
