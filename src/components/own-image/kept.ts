/** What is kept here of a conversion, by this page, an earlier visit or another tab: known, and said in words. */
import { ChunkwiseError } from "../../lib/errors.ts";
import { formatBytes } from "../../lib/format.ts";
import { part } from "../figures/live.ts";
import type { WorkerClient } from "./client.ts";
import { keepMark } from "./mark.ts";
import type { KeptConversion } from "./messages.ts";
import { OtherTabs } from "./other-tabs.ts";
import { isConverting, whenFree } from "./turns.ts";

export interface KeptEvents {
	/** Whether this page converts: then it knows best itself. */
	isBusy(): boolean;
	/** What is kept is looked at anew. */
	changed(): void;
}

export class Kept {
	/** Whole, or begun; undefined where nothing is, and while another tab converts. */
	now?: KeptConversion;
	readonly #box: HTMLElement;
	readonly #client: WorkerClient;
	readonly #events: KeptEvents;
	readonly #tabs: OtherTabs;
	readonly #stop = new AbortController();
	#looks = 0;

	constructor(box: HTMLElement, client: WorkerClient, events: KeptEvents) {
		this.#box = box;
		this.#client = client;
		this.#events = events;
		this.#tabs = new OtherTabs(() => void this.look());
	}

	/** Reads anew what is kept. */
	async read(): Promise<KeptConversion | undefined> {
		this.now = await this.#client.call("kept", {}).catch(() => undefined);
		return this.now;
	}

	/** Reads and shows it; while another tab converts, says so until that has ended. */
	async look(): Promise<void> {
		const look = ++this.#looks;
		const isPast = () => look !== this.#looks || this.#events.isBusy() || this.#stop.signal.aborted;
		if (isPast()) return;
		const elsewhere = await isConverting();
		const kept = await this.#client.call("kept", {}).catch(() => undefined);
		if (isPast()) return;
		this.now = elsewhere ? undefined : kept;
		if (!kept && !elsewhere) keepMark(false);
		this.show();
		if (elsewhere) this.#say(`${kept?.file.name ?? "An image"} is being converted in another tab.`);
		this.#events.changed();
		if (!elsewhere) return;
		await whenFree(this.#stop.signal).catch(() => {});
		if (!isPast()) await this.look();
	}

	/** Shows what is kept, with what can be done about it. */
	show(): void {
		const kept = this.now;
		if (!kept) return this.hide();
		const where = kept.folder === undefined ? "in this browser" : `in the folder “${kept.folder}”`;
		this.#say(
			kept.report
				? `${kept.name}.ome.zarr, ${formatBytes(kept.report.stored)}, is still ${where}.`
				: `The conversion of ${kept.file.name} was interrupted. What was done is kept ${where}.`,
		);
	}

	#say(text: string): void {
		const { now } = this;
		part(this.#box, "p").textContent = text;
		part<HTMLElement>(this.#box, "[data-act=resume]").hidden = !now || now.report !== undefined;
		part<HTMLElement>(this.#box, "[data-act=open-kept]").hidden = now?.report === undefined;
		part<HTMLElement>(this.#box, "[data-act=discard]").hidden = !now;
		this.#box.hidden = false;
	}

	hide(): void {
		this.#box.hidden = true;
	}

	/** Tells other tabs that something is begun, has ended, or is gone. */
	tell(): void {
		this.#tabs.tell();
	}

	close(): void {
		this.#stop.abort();
		this.#tabs.close();
	}
}

/**
 * The folder of a result: in the picked one, or in the browser's private files.
 * @throws ChunkwiseError folder-differs, where it is not in the picked one
 */
export async function resultFolder(
	{ folder, name }: KeptConversion,
	picked: FileSystemDirectoryHandle | undefined,
): Promise<FileSystemDirectoryHandle> {
	if (folder !== undefined && picked) {
		return picked.getDirectoryHandle(`${name}.ome.zarr`).catch((cause) => {
			throw new ChunkwiseError("folder-differs", `There is no “${name}.ome.zarr” in “${picked.name}”.`, {
				remedy: `It was written to the folder “${folder}”: pick that one. If it was removed there, convert again.`,
				cause,
			});
		});
	}
	const root = await navigator.storage.getDirectory();
	return (await root.getDirectoryHandle("own-image")).getDirectoryHandle("result");
}
