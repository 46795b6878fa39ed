/** Rules about what stands around the metadata: copies of it, groups between, the image of labels, a zip file. */
import { isChunkwiseError } from "../../errors.ts";
import { keyOf, normalizePath } from "../../stores/store.ts";
import { ZipStore } from "../../stores/zip.ts";
import { staleDocuments } from "../../zarr/consolidated.ts";
import type { ZarrGroup } from "../../zarr/group.ts";
import { openNode } from "../../zarr/open.ts";
import { openBelow } from "./arrays.ts";
import { type Fields, isFields, type Place, shown } from "./findings.ts";

/** Consolidated metadata (copies of all documents in one place) against the documents themselves. */
export async function checkCopies(group: ZarrGroup, place: Place): Promise<void> {
	const has =
		group.zarrFormat === 3
			? Boolean(group.document.consolidated_metadata)
			: (await group.store.get(keyOf(group.path, ".zmetadata"))) !== undefined;
	if (!has) return;
	const remedy = "Make them anew: consolidate() here, zarr.consolidate_metadata() in Python.";
	try {
		const stale = (await staleDocuments(group.store, group.path)) ?? [];
		if (stale.length === 0) return;
		const words = { changed: "differs", gone: "is gone", missing: "is not among them" };
		const examples = stale.slice(0, 3).map(({ key, what }) => `${key} ${words[what]}`);
		place.report(
			"note",
			"consolidated-stale",
			"layout",
			`The copies of the metadata in the ${group.zarrFormat === 2 ? "file .zmetadata" : "group's zarr.json (consolidated_metadata)"} are out of date: ${examples.join(", ")}${stale.length > 3 ? `, and ${stale.length - 3} more` : ""}. Programs that read the copies see something else than those that do not.`,
			remedy,
		);
	} catch (error) {
		if (!isChunkwiseError(error) || error.code !== "bad-metadata") throw error;
		const message = `The copies of the metadata (consolidated metadata) cannot be read: ${error.message}`;
		place.report("note", "consolidated-damaged", "layout", message, remedy);
	}
}

/** Between a plate and its wells there is a group for each row. */
export async function checkRows(group: ZarrGroup, wells: readonly unknown[], place: Place): Promise<void> {
	const rows = new Set<string>();
	for (const [i, well] of wells.entries()) {
		const path = isFields(well) && typeof well.path === "string" ? well.path : "";
		const [row, column] = path.split("/");
		if (!column || rows.has(row)) continue;
		rows.add(row);
		const node = await openBelow(group, row);
		if (node.kind === "group") continue;
		place.at(i, "path").report(
			// The specification says MUST; the wells and images can be read without it.
			"should",
			"row-absent",
			"hcs",
			`There is no group for the row ${shown(row)}, between the plate and its wells.`,
			`Write the metadata of a group without attributes into the folder ${row} (${group.zarrFormat === 3 ? "zarr.json" : ".zgroup"}).`,
		);
	}
}

/** Groups between "labels" and a label image have no OME metadata (0.5). */
export async function checkBetween(
	group: ZarrGroup,
	labels: readonly unknown[],
	place: Place,
): Promise<void> {
	if (!place.since("0.5")) return;
	for (const [i, path] of labels.entries()) {
		const parts = typeof path === "string" ? normalizePath(path).split("/") : [];
		for (let length = 1; length < parts.length; length++) {
			const node = await openBelow(group, parts.slice(0, length).join("/"));
			if (node.kind !== "group" || node.attrs.ome === undefined) continue;
			place
				.at(i)
				.report(
					"must",
					"labels-between",
					"labels",
					`The group ${shown(node.path)} lies between "labels" and a label image, and has OME metadata of its own.`,
					'Take the key "ome" out of its attributes.',
				);
		}
	}
}

/** The image that labels belong to, where they name it. */
export async function checkSource(group: ZarrGroup, ome: Fields, place: Place): Promise<void> {
	const label = ome["image-label"];
	const source = isFields(label) && isFields(label.source) ? label.source.image : undefined;
	if (typeof source !== "string") return;
	const at = resolved(group.path, source);
	// Above the root of the store: nobody can tell.
	if (at === undefined) return;
	const here = place.at("image-label", "source", "image");
	const remedy = 'Write the path from the labels to their image: mostly "../../".';
	if (await isGroup(group, at)) return;
	here.report(
		"note",
		"label-source-absent",
		"image-label",
		`The image of these labels, ${shown(source)}, is not there.`,
		remedy,
	);
}

async function isGroup(group: ZarrGroup, path: string): Promise<boolean> {
	try {
		return (await openNode(group.store, path, { format: group.zarrFormat })).kind === "group";
	} catch (error) {
		if (isChunkwiseError(error) && ["not-zarr", "bad-metadata", "bad-key"].includes(error.code)) return false;
		throw error;
	}
}

/** A relative path from a group, as a path from the root; undefined where it leads out of the store. */
function resolved(from: string, relative: string): string | undefined {
	const parts = from.split("/").filter(Boolean);
	for (const part of relative.split("/")) {
		if (part === "" || part === ".") continue;
		if (part !== "..") parts.push(part);
		else if (parts.pop() === undefined) return undefined;
	}
	return parts.join("/");
}

/**
 * The rules of RFC-9 for a zip file: one hierarchy, at its root, not itself zipped within; its metadata first where the
 * comment says so, in the form of ZIP64 and without compression by the zip.
 */
export async function checkZip(
	store: unknown,
	root: string,
	version: string | null,
	place: Place,
): Promise<void> {
	if (!(store instanceof ZipStore)) return;
	const force = /\.ozx$/i.test(store.name) ? "must" : "note";
	const keys = await store.list();
	if (root !== "") {
		place.report(
			force,
			"zip-root",
			"ozx",
			`The image is in the folder ${shown(root)} of the zip file, and has to be at its root.`,
			`Zip what is inside the folder ${shown(root)}, not the folder itself.`,
		);
	}
	const inner = keys.find((key) => /\.(ozx|zip)$/i.test(key));
	if (inner) {
		const message = `There is a zip file in the zip file: ${inner}.`;
		place.report(force, "zip-nested", "ozx", message, "Give each image a zip file of its own.");
	}
	const documents = keys.flatMap((key, i) => (/(^|\/)zarr\.json$/.test(key) ? [i] : []));
	if (documents.length > 0 && documents.some((at, i) => at !== i)) {
		place.report(
			claimsOrder(store.comment) ? force : "note",
			"zip-order",
			"ozx",
			claimsOrder(store.comment)
				? "The zip file's comment says that all metadata comes first, and it does not: programs that believe it miss some."
				: "The metadata (zarr.json) does not come first in the zip file, so that more of it must be read to open the image.",
			"Zip it again, with chunkwise or another writer of .ozx files.",
		);
	}
	checkForm(store, keys, place);
	if (store.omeVersion === undefined) {
		const message = "The zip file's comment does not say the version of OME-Zarr.";
		place.report(
			"note",
			"zip-comment",
			"ozx",
			message,
			"Zip it again, with chunkwise or another writer of .ozx files.",
		);
	} else if (version !== null && store.omeVersion !== version) {
		place.report(
			"note",
			"zip-version",
			"ozx",
			`The zip file's comment says version ${store.omeVersion}, and the metadata ${version}.`,
			"Zip it again, with chunkwise or another writer of .ozx files.",
		);
	}
}

/** What RFC-9 recommends of the zip itself: entries as they are, and ZIP64. */
function checkForm(store: ZipStore, keys: readonly string[], place: Place): void {
	const remedy = "Zip it again, with chunkwise or another writer of .ozx files.";
	const compressed = keys.filter((key) => store.entry(`/${key}`)?.compression !== "stored");
	if (compressed.length > 0) {
		place.report(
			"note",
			"zip-compression",
			"ozx",
			`The zip compresses ${compressed.length} of its ${keys.length} entries (${shown(compressed[0])} the first), which can then not be read in parts.`,
			remedy,
		);
	}
	const { zip64 } = store;
	if (!zip64 && !keys.every((key) => store.entry(`/${key}`)?.zip64)) {
		place.report(
			"note",
			"zip-64",
			"ozx",
			"The zip file is not in the form of ZIP64, which has no limits of size.",
			remedy,
		);
	}
}

function claimsOrder(comment: string): boolean {
	try {
		const value = JSON.parse(comment);
		return value?.ome?.zipFile?.centralDirectory?.jsonFirst === true;
	} catch {
		return false;
	}
}

/** The only folder of a zip file that holds a hierarchy, where its root holds none; "" otherwise. */
export async function rootInZip(store: unknown): Promise<string> {
	if (!(store instanceof ZipStore)) return "";
	const nodes = (await store.list())
		.filter((key) => /(^|\/)(zarr\.json|\.zgroup)$/.test(key))
		.map((key) => key.split("/").slice(0, -1));
	const least = Math.min(...nodes.map((parts) => parts.length));
	const uppermost = nodes.filter((parts) => parts.length === least);
	return least > 0 && uppermost.length === 1 ? uppermost[0].join("/") : "";
}
