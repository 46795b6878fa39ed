/** A stack of four pages and files beside it, for tests of the command. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { buildTiff, type PageSpec, testValues } from "../unit/tiff-builder.ts";
import { cli } from "./cli.ts";

export const values = testValues("uint16", 4 * 12 * 20) as Uint16Array;
export const stack = Array.from(
	{ length: 4 },
	(_, page): PageSpec => ({
		width: 20,
		height: 12,
		dtype: "uint16",
		compression: 8,
		predictor: 2,
		rowsPerStrip: 5,
		values: values.subarray(page * 240, (page + 1) * 240) as Uint16Array,
		tags:
			page === 0
				? {
						270: [2, "ImageJ=1.54f\nimages=4\nslices=4\nunit=micron\nspacing=2\n"],
						282: [5, [2, 1]],
						283: [5, [2, 1]],
						296: [3, [1]],
					}
				: {},
	}),
);
export const sha = (bytes: ArrayBufferView) =>
	createHash("sha256")
		.update(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
		.digest("hex");
export const total = (numbers: Iterable<number | bigint>) => {
	let sum = 0;
	for (const number of numbers) sum += Number(number);
	return sum;
};

/** A new folder with stack.tif, others that differ or are broken, and things that are no images. */
export function stackFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "chunkwise cli "));
	const at = (name: string) => join(folder, name);
	writeFileSync(at("stack.tif"), buildTiff({ pages: stack }));
	writeFileSync(at("differ.tif"), buildTiff({ pages: [stack[0], { ...stack[1], height: 6 }] }));
	writeFileSync(at("broken.tif"), buildTiff({ pages: stack }).slice(0, 1500));
	writeFileSync(at("page.html"), "<!doctype html>");
	writeFileSync(at("archive.ozx"), "PK");
	mkdirSync(at("empty"));
	mkdirSync(at("n5"));
	writeFileSync(at("n5/attributes.json"), '{"n5":"4.0.0"}');
	return folder;
}

/** Such a folder for the tests of one file, removed after them; a path in it; the command run there. */
export function inStackFolder() {
	const place = { folder: "" };
	beforeAll(() => {
		place.folder = stackFolder();
	});
	afterAll(() => {
		rmSync(place.folder, { recursive: true, force: true });
	});
	return {
		place,
		at: (name: string) => join(place.folder, name),
		run: (...args: string[]) => cli(place.folder, ...args),
	};
}
