/** Rules about what stands around the metadata: copies, groups between, the image of labels, zip files. */
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { describe, expect, it } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { writeLabels } from "../../src/lib/ngff/labels.ts";
import { writePlate } from "../../src/lib/ngff/plate.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { type MemoryStore, memoryStore } from "../../src/lib/stores/memory.ts";
import type { StoreKey } from "../../src/lib/stores/store.ts";
import { zipStore } from "../../src/lib/stores/zip.ts";
import { writeZip, zipOrder } from "../../src/lib/stores/zip-write.ts";
import { encodeJson } from "../../src/lib/zarr/metadata.ts";

const picture = (name: string, method: "mean" | "mode" = "mean") =>
	toMultiscale(
		toSpatialImage(
			{ data: Uint8Array.from({ length: 64 }, (_, i) => i), shape: [8, 8] },
			{ name, units: { y: "um", x: "um" } },
		),
		[2],
		{ method },
	);

async function image(version: "0.4" | "0.5", consolidated = false) {
	const store = memoryStore();
	await toNgffZarr(store, await picture("cells"), { version, consolidated });
	return store;
}

async function change(store: MemoryStore, key: StoreKey, edit: (document: Record<string, never>) => void) {
	const document = JSON.parse(new TextDecoder().decode(await store.get(key)));
	edit(document);
	await store.set(key, encodeJson(document));
}

const found = async (store: Parameters<typeof validateStore>[0], options = {}) =>
	(await validateStore(store, options)).findings.map(
		({ severity, rule, path }) => `${severity} ${rule} ${path}`,
	);

describe("copies of the metadata", () => {
	it.each([
		["0.4", "/scale1/cells/.zarray"],
		["0.5", "/scale1/cells/zarr.json"],
	] as const)("of %s are told where they are out of date", async (version, key) => {
		const store = await image(version, true);
		expect(await found(store, { strict: true })).toEqual([]);
		await change(store, key, (document) => Object.assign(document, { fill_value: 7 }));
		const { valid, findings } = await validateStore(store, { strict: true });
		expect(valid).toBe(true);
		expect(findings).toMatchObject([
			{
				severity: "warning",
				rule: "consolidated-stale",
				message: expect.stringContaining(`${key.slice(1)} differs`),
			},
		]);
	});

	it("are told where they cannot be read", async () => {
		const store = await image("0.4", true);
		await store.set("/.zmetadata", encodeJson({ zarr_consolidated_format: 1, metadata: [] }));
		expect(await found(store)).toEqual(["warning consolidated-damaged "]);
	});
});

describe("a plate", () => {
	it("has a group for each row", async () => {
		const store = memoryStore();
		const wells = ["1", "2"].map((column) => ({ row: "A", column, fields: [{ path: "0" }] }));
		for (const path of await writePlate(store, { rows: ["A"], columns: ["1", "2"], wells })) {
			await toNgffZarr(store, await picture("f"), { path });
		}
		expect(await found(store, { strict: true })).toEqual([]);
		await store.delete("/A/zarr.json");
		expect(await found(store)).toEqual(["warning row-absent "]);
		expect((await validateStore(store, { strict: true })).valid).toBe(false);
	});
});

describe("labels", () => {
	async function labelled() {
		const store = await image("0.5");
		await writeLabels(store, await picture("nuclei", "mode"), { colors: [{ value: 1 }] });
		return store;
	}

	it("name an image that is there", async () => {
		const store = await labelled();
		expect(await found(store)).toEqual([]);
		for (const [source, rules] of [
			["../../other", ["warning label-source-absent labels/nuclei"]],
			["../../labels", []],
			["..//../", []],
			// Outside the store: nobody can tell.
			["../../../other.zarr", []],
		] as const) {
			await change(store, "/labels/nuclei/zarr.json", ({ attributes }) => {
				(attributes as { ome: Record<string, { source: object }> }).ome["image-label"].source = {
					image: source,
				};
			});
			expect(await found(store)).toEqual(rules);
		}
	});

	it("lie below groups that have no OME metadata", async () => {
		const store = await labelled();
		for (const key of await store.list("labels/nuclei/")) {
			await store.set(`/${key.replace("labels/", "labels/by/")}`, (await store.get(`/${key}`)) as Uint8Array);
		}
		const between = (attributes: object) =>
			store.set("/labels/by/zarr.json", encodeJson({ zarr_format: 3, node_type: "group", attributes }));
		await between({});
		await change(store, "/labels/zarr.json", ({ attributes }) => {
			(attributes as { ome: { labels: string[] } }).ome.labels = ["by/nuclei"];
		});
		await change(store, "/labels/by/nuclei/zarr.json", ({ attributes }) => {
			(attributes as { ome: Record<string, { source: object }> }).ome["image-label"].source = {
				image: "../../../",
			};
		});
		expect(await found(store, { strict: true })).toEqual([]);
		await between({ ome: { version: "0.5" } });
		expect(await found(store)).toEqual(["error labels-between labels"]);
	});
});

describe("a zip file", () => {
	async function zipped(store: MemoryStore, name: string) {
		const blob = await writeZip(store);
		return zipStore(new File([blob], name));
	}

	it("as it is written here is well", async () => {
		expect(await found(await zipped(await image("0.5"), "a.ozx"), { strict: true })).toEqual([]);
	});

	it.each([
		["a.ozx", "error"],
		["a.zip", "warning"],
	])("%s has the image at its root", async (name, severity) => {
		const whole = await image("0.5");
		const nested = memoryStore();
		for (const key of await whole.list()) {
			await nested.set(`/cells.ome.zarr/${key}`, (await whole.get(`/${key}`)) as Uint8Array);
		}
		const zip = await zipped(nested, name);
		const result = await validateStore(zip);
		expect(result).toMatchObject({ version: "0.5", valid: severity === "warning" });
		expect(result.findings[0]).toMatchObject({
			severity,
			rule: "zip-root",
			path: "",
			remedy: 'Zip what is inside the folder "cells.ome.zarr", not the folder itself.',
			section: { url: "https://ngff.openmicroscopy.org/rfc/9/" },
		});
		// The folder itself may be asked for.
		expect(await found(zip, { path: "cells.ome.zarr" })).toEqual([]);
	});

	it("holds no other zip file, and says its version", async () => {
		const store = await image("0.5");
		await store.set("/more/b.ozx", new Uint8Array(3));
		expect(await found(await zipped(store, "a.ozx"))).toEqual(["error zip-nested "]);
		// Zarr 2 has no version where the writer looks for one.
		expect(await found(await zipped(await image("0.4"), "a.zip"))).toEqual(["warning zip-comment "]);
	});

	it("is best without compression and in the form of ZIP64", async () => {
		const store = await image("0.5");
		const other = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
		for (const key of (await store.list()).sort(zipOrder)) {
			await other.add(key, new Uint8ArrayReader((await store.get(`/${key}`)) as Uint8Array));
		}
		const zip = await zipStore(new File([(await other.close()) as BlobPart], "a.ozx"));
		expect(await found(zip)).toEqual(["warning zip-compression ", "warning zip-64 ", "warning zip-comment "]);
		const { findings } = await validateStore(zip);
		expect(findings[0].message).toMatch(/compresses \d+ of its \d+ entries \(.*zarr\.json/);
	});
});
