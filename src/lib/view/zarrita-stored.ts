/** What is stored of an array or group of zarrita, which keeps its codecs to itself: read from its store again. */
import type { ReprDisplay } from "../display.ts";
import { arrayMetadataV2, arrayMetadataV3 } from "../zarr/array-metadata.ts";
import { describeMetadata } from "../zarr/array-repr.ts";
import { describeZarrita, type ZarritaNode } from "./zarrita-node.ts";

type Json = Record<string, unknown>;
type Read = <T>(read: () => T) => T;

/** The node with its codecs, shards and format; undefined of a group, and where the store no longer has it. */
export async function describeStored(node: ZarritaNode, quietly: Read): Promise<ReprDisplay | undefined> {
	if (node.kind !== "array") return undefined;
	const folder = node.path.endsWith("/") ? node.path : `${node.path}/`;
	const read = async (name: string): Promise<Json | undefined> => {
		const store = node.store as { get(key: string): unknown };
		const bytes = (await quietly(() => store.get(folder + name))) as Uint8Array | undefined;
		return bytes && JSON.parse(new TextDecoder().decode(bytes));
	};
	const { title } = describeZarrita(node);
	const v3 = await read("zarr.json");
	if (v3) return describeMetadata(title, arrayMetadataV3(v3, node.path));
	const v2 = await read(".zarray");
	return v2 && describeMetadata(title, arrayMetadataV2(v2, node.attrs, node.path));
}
