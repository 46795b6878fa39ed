/** Reading a TIFF stack: our reader against geotiff.js and tifffile, in turn on the same file. */
import { fromArrayBuffer } from "geotiff";
import { openTiff } from "../src/lib/tiff/open.ts";
import { measureTogether, type Run, showTable } from "./measure.ts";
import type { PythonRun } from "./steps.ts";
import { verdict } from "./targets.ts";

async function ours(file: Uint8Array | Blob): Promise<number> {
	const { data } = await (await openTiff(file)).readStack();
	return Number(data[data.length - 1]);
}

async function geotiff(file: Uint8Array): Promise<number> {
	const tiff = await fromArrayBuffer(file.buffer as ArrayBuffer);
	const count = await tiff.getImageCount();
	let stack: Uint16Array | undefined;
	for (let i = 0; i < count; i++) {
		const image = await tiff.getImage(i);
		const page = (await image.readRasters({ interleave: true })) as unknown as Uint16Array;
		stack ??= new (page.constructor as Uint16ArrayConstructor)(page.length * count);
		stack.set(page, i * page.length);
	}
	return stack?.at(-1) ?? Number.NaN;
}

export async function measureTiff(file: Uint8Array<ArrayBuffer>, python: PythonRun): Promise<void> {
	const [mine, theirs] = [await ours(file), await geotiff(file)];
	if (mine !== theirs) throw new Error(`the readers disagree, ${mine} and ${theirs}`);
	const blob = new Blob([file]);
	const runs: Record<string, Run | undefined> = {
		"ours, from memory": () => ours(file),
		"ours, from a Blob": () => ours(blob),
		"geotiff.js": () => geotiff(file),
		tifffile: python("tiff", "tifffile"),
	};
	const present = Object.entries(runs).filter((entry): entry is [string, Run] => entry[1] !== undefined);
	const times = await measureTogether(Object.fromEntries(present), { rounds: 5 });
	const own = times["ours, from memory"];
	showTable({
		name: "tiff",
		title: "Reading the sample's TIFF, in Node",
		columns: ["", "median ms", "best ms", "ours / it"],
		rows: present.map(([name]) => {
			const ratio = own.median / times[name].median;
			const peer = !name.startsWith("ours");
			return [
				name,
				times[name].median,
				times[name].best,
				peer ? verdict(ratio, name === "tifffile" ? 1 : undefined) : "",
			];
		}),
	});
}
