/** TIFFs of several images that tifffile wrote: the same images as it finds, and converted the same in Python. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { convert } from "../../src/cli/convert-command.ts";
import { statsOf } from "../../src/cli/stats-command.ts";
import { readMultiscales } from "../../src/lib/ngff/multiscales.ts";
import { readSeries } from "../../src/lib/ngff/series.ts";
import { fileSource } from "../../src/lib/stores/node-file.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";
import { askPeers } from "./python.ts";
import type { Report } from "./report.ts";
import { type Answer, differences, type Values } from "./values.ts";

interface TheirFile {
	name: string;
	series: { name: string; axes: string; levels: (Values & { inOrder: Values })[] }[];
}

export async function checkTiffSeries(report: Report, python: string, folder: string): Promise<void> {
	mkdirSync(folder, { recursive: true });
	const { version, files } = askPeers<{ version: string; files: TheirFile[] }>(python, "tiff-series", {
		folder,
	});
	report.versions.set("tifffile", version);
	const asked: { what: string; wanted: Values; path: string; array: string }[] = [];
	for (const { name, series } of files) {
		const path = join(folder, name);
		report.check(`images of ${name} as tifffile's series`, await countDifferences(path, series));
		for (const [i, { levels }] of series.entries()) {
			for (const [number, level] of levels.entries()) {
				const inner = number === 0 ? `series/${i}` : `series/${i}/level/${number}`;
				const own = await statsOf(`${path}#${inner}`).catch((error) => ({ error: String(error) }));
				const read = "error" in own ? own : { shape: [...own.shape], dtype: own.dtype, sha256: own.sha256 };
				const { inOrder: _, ...wanted } = level;
				report.check(`${name}#${inner} as tifffile reads it`, differences(wanted, read));
			}
		}
		const out = `${path}.zarr`;
		await convert(path, out, {});
		const paths = await readSeries(await openGroup(folderStore(out)));
		for (const [i, at] of paths.entries()) {
			const [image] = await readMultiscales(await openGroup(folderStore(out), at));
			const { array } = image.levels[0];
			const what = `chunkwise convert ${name}, image ${i}, in Python`;
			asked.push({ what, wanted: series[i].levels[0].inOrder, path: out, array: array.path });
		}
		report.check(
			`${name} becomes a set of ${series.length}`,
			paths.length === series.length ? [] : [`${paths}`],
		);
	}
	const { read } = askPeers<{ read: Answer[] }>(python, "converted", { read: asked });
	for (const [i, { what, wanted }] of asked.entries()) report.check(what, differences(wanted, read[i]));
}

/** How many images, with how many levels, and their names. */
async function countDifferences(path: string, theirs: TheirFile["series"]): Promise<string[]> {
	const source = await fileSource(path);
	try {
		const tiff = await openTiff(source);
		const own: [string, number][] = [];
		for (const { index, name = "" } of tiff.series) own.push([name, (await tiff.seriesLevels(index)).length]);
		// tifffile names the slide itself, too.
		const names = theirs.map(({ name, levels }): [string, number] => [
			name.toLowerCase().replace("baseline", ""),
			levels.length,
		]);
		const [mine, wanted] = [JSON.stringify(own), JSON.stringify(names)];
		return mine === wanted ? [] : [`${mine} where tifffile has ${wanted}`];
	} finally {
		await source.close();
	}
}
