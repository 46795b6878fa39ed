/** What `chunkwise convert` writes, box by box and with other code than toNgffZarr, read by Python. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toMultiscale } from "../../src/lib/index.ts";
import { phantomTiff } from "../../src/lib/samples/phantom-tiff.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { tiffToSpatialImage } from "../../src/lib/tiff/spatial.ts";
import { askPeers } from "./python.ts";
import type { Report } from "./report.ts";
import { type Answer, differences, sha256Of } from "./values.ts";

const command = join(import.meta.dirname, "../../src/cli/main.ts");

const forms: Record<string, { out: string; options: string[]; arrays: string[] }> = {
	"0.5": { out: "a.ome.zarr", options: [], arrays: ["scale0/image", "scale1/image", "scale2/image"] },
	"0.5 in shards": {
		out: "b.ome.zarr",
		options: ["--chunks", "32", "--shards", "64", "--codec", "zstd"],
		arrays: ["scale0/image", "scale1/image", "scale2/image"],
	},
	"0.4 gzip": {
		out: "c.ome.zarr",
		options: ["--format", "ome-zarr-0.4", "--codec", "gzip", "--level", "1"],
		arrays: ["scale0/image", "scale1/image", "scale2/image"],
	},
	"0.5 zipped": {
		out: "d.ozx",
		options: ["--chunks", "43,53,61"],
		arrays: ["scale0/image", "scale1/image", "scale2/image"],
	},
	N5: { out: "e.n5", options: ["--format", "n5"], arrays: ["s0", "s1", "s2"] },
};

export async function checkConverted(report: Report, python: string, folder: string): Promise<void> {
	mkdirSync(folder, { recursive: true });
	const { bytes } = await phantomTiff();
	const input = join(folder, "image.tif");
	writeFileSync(input, bytes);
	const image = await tiffToSpatialImage(await openTiff(bytes), { name: "image" });
	const { levels } = await toMultiscale(image, [2, 4]);
	const asked: { path: string; array: string }[] = [];
	for (const { out, options, arrays } of Object.values(forms)) {
		execFileSync(process.execPath, [command, "convert", input, join(folder, out), ...options], {
			stdio: "pipe",
		});
		asked.push(...arrays.map((array) => ({ path: join(folder, out), array })));
	}
	const { read } = askPeers<{ read: Answer[] }>(python, "converted", { read: asked });
	let at = 0;
	for (const [name, { arrays }] of Object.entries(forms)) {
		for (const i of arrays.keys()) {
			const { shape, dtype, data } = levels[i];
			const wanted = { shape: [...shape], dtype, sha256: sha256Of(data) };
			report.check(`chunkwise convert to ${name}, level ${i}, in Python`, differences(wanted, read[at++]));
		}
	}
}
