/** A stored group: attributes, and the arrays and groups in it. */
import { type Displayable, displaySymbol, type ReprDisplay } from "../display.ts";
import type { ReadableStore, StoreOptions } from "../stores/store.ts";
import type { ZarrArray } from "./array.ts";
import type { Attributes, Json } from "./array-metadata.ts";
import { membersOf, type NodeMember } from "./members.ts";
import { expectArray, expectGroup, type KnownOfNode, openNode } from "./open.ts";

/**
 * A group of a Zarr hierarchy, version 2 or 3: its attributes, and the way to what is in it. See {@link openGroup}.
 */
export class ZarrGroup implements Displayable {
	/** Tells it from an array. */
	readonly kind = "group";
	readonly store: ReadableStore;
	/** From the root of the store; "" for the root itself. */
	readonly path: string;
	readonly zarrFormat: 2 | 3;
	readonly attrs: Attributes;
	/** The group's documents as stored: zarr.json, or .zgroup. */
	readonly document: Readonly<Json>;

	constructor(store: ReadableStore, path: string, zarrFormat: 2 | 3, attrs: Attributes, document: Json) {
		this.store = store;
		this.path = path;
		this.zarrFormat = zarrFormat;
		this.attrs = attrs;
		this.document = document;
	}

	/** Last part of the path. */
	get name(): string {
		return this.path.split("/").at(-1) ?? "";
	}

	/**
	 * The arrays and groups directly in this group. Where the store cannot list, those that consolidated metadata or
	 * OME-NGFF metadata name.
	 */
	members(options?: StoreOptions): Promise<NodeMember[]> {
		return membersOf(this, options);
	}

	/**
	 * Opens an array or a group by its path below this group: "scale0/image".
	 * @throws ChunkwiseError not-zarr, bad-metadata
	 */
	open(path: string): Promise<ZarrGroup | ZarrArray> {
		return this.#open(path);
	}

	/**
	 * Opens an array by its path below this group.
	 * @param options attributes: false where nobody will look at the array's attributes: of version 2 they are not read
	 * @throws ChunkwiseError not-zarr, bad-metadata, not-an-array
	 */
	async openArray(path: string, options?: { attributes?: boolean }): Promise<ZarrArray> {
		return expectArray(await this.#open(path, { kind: "array", ...options }));
	}

	/**
	 * Opens a group by its path below this group.
	 * @throws ChunkwiseError not-zarr, bad-metadata, not-a-group
	 */
	async openGroup(path: string): Promise<ZarrGroup> {
		return expectGroup(await this.#open(path, { kind: "group" }));
	}

	#open(path: string, known: KnownOfNode = {}): Promise<ZarrGroup | ZarrArray> {
		const inside = [this.path, ...path.split("/").filter(Boolean)].filter(Boolean).join("/");
		return openNode(this.store, inside, { ...known, format: this.zarrFormat });
	}

	toString(): string {
		return this[displaySymbol]().text;
	}

	[displaySymbol](): ReprDisplay {
		const title = `<ZarrGroup '${this.path || "/"}'> Zarr format ${this.zarrFormat}`;
		const rows = Object.entries(this.attrs).map(([key, value]) => [key, JSON.stringify(value)]);
		const short = rows.map(
			([key, value]) => `  ${key}: ${value.length > 90 ? `${value.slice(0, 89)}…` : value}`,
		);
		return {
			kind: "repr",
			title,
			sections: [{ title: "Attributes", rows, tree: this.attrs, open: true }],
			text: [title, ...(rows.length > 0 ? ["Attributes:", ...short] : [])].join("\n"),
		};
	}
}
