/** What an earlier visit left: said in words, with what can be done about it; and where it is. */
import { formatBytes } from "../../lib/format.ts";
import { part } from "../figures/live.ts";
import type { KeptConversion } from "./messages.ts";

export function showKept(box: HTMLElement, kept: KeptConversion): void {
	const where = kept.folder === undefined ? "in this browser" : `in the folder “${kept.folder}”`;
	part(box, "p").textContent = kept.report
		? `${kept.name}.ome.zarr, ${formatBytes(kept.report.stored)}, is still ${where}.`
		: `The conversion of ${kept.file.name} was interrupted. What was done is kept ${where}.`;
	part<HTMLElement>(box, "[data-act=resume]").hidden = kept.report !== undefined;
	part<HTMLElement>(box, "[data-act=open-kept]").hidden = kept.report === undefined;
	box.hidden = false;
}

/** The folder of a result: in the picked one, or in the browser's private files. */
export async function resultFolder(
	{ folder, name }: KeptConversion,
	picked: FileSystemDirectoryHandle | undefined,
): Promise<FileSystemDirectoryHandle> {
	if (folder !== undefined && picked) return picked.getDirectoryHandle(`${name}.ome.zarr`);
	const root = await navigator.storage.getDirectory();
	return (await root.getDirectoryHandle("own-image")).getDirectoryHandle("result");
}
