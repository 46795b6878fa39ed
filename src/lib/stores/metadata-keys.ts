/** Which keys of a hierarchy hold documents about arrays and groups, by the names that Zarr and N5 give them. */

/** Names of documents by format: Zarr's versions 2 and 3, and N5. */
export const documentNames = {
	2: [".zgroup", ".zarray", ".zattrs", ".zmetadata"],
	3: ["zarr.json"],
	n5: ["attributes.json"],
} as const;

const names: ReadonlySet<string> = new Set(Object.values(documentNames).flat());

/** Whether a key, with or without leading slash, is that of a document. */
export function isMetadataKey(key: string): boolean {
	// Of many keys nearly all are chunks', which end in a digit as those of no document do.
	const last = key.charCodeAt(key.length - 1);
	return !(last >= 48 && last <= 57) && names.has(key.slice(key.lastIndexOf("/") + 1));
}

/** Sorts documents so that the root's come last: they make a hierarchy of the rest. */
export function rootLast(a: string, b: string): number {
	return depth(b) - depth(a);
}

function depth(key: string): number {
	return key.split("/").length;
}
