/** The volume in three dimensions, ours and NiiVue's: what is moved, when it is there, and frames while it is turned. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sum } from "d3";
import { formatBytes, openGroup, readLevel, readMultiscales } from "../../src/lib/index.ts";
import { folderStore } from "../../src/lib/node.ts";
import { peerVersion, type ViewerName, withViewer } from "./browsers.ts";
import type { MeasuredImage } from "./images.ts";
import { drag, memoryCells, quantiles } from "./moving.ts";
import type { ImageServer } from "./server.ts";
import { markdown } from "./table.ts";

/** Writes the finest level of an image as one NIfTI file into `folder`, for NiiVue. */
export async function writeNifti(image: MeasuredImage, folder: string): Promise<void> {
	const { nifti } = await import("./nifti.ts");
	const [multiscale] = await readMultiscales(await openGroup(folderStore(image.folder)));
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "volume.nii"), nifti(await readLevel(multiscale, 0)));
}

export async function measureVolume(
	server: ImageServer,
	image: MeasuredImage,
	rounds: number,
	seconds: number,
): Promise<void> {
	const viewers: ViewerName[] = peerVersion("@niivue/niivue") ? ["ours", "NiiVue"] : ["ours"];
	const rows: string[][] = [];
	for (const name of Array.from({ length: rounds }, () => viewers).flat()) {
		console.error(`… the volume, ${name}`);
		await withViewer(server, name, async (tab) => {
			server.reset();
			const url = `${server.url}${name === "ours" ? "image-phantom" : "image-nifti/volume.nii"}`;
			await tab.open({ url, spot: { x: 0, y: 0, z: 0, zoom: 1 }, window: image.window, volume: true });
			await tab.settled(server);
			const drawn = await tab.page.evaluate(() => window.benchProbe.drawn.filter(({ lit }) => lit > 100));
			const { bytes } = server.counted;
			await tab.page.evaluate(() => window.benchProbe.startFrames());
			await drag(tab, seconds);
			const frames = await tab.page.evaluate(() => window.benchProbe.stopFrames());
			const [median, most, worst] = quantiles(frames);
			const rate = (1000 * frames.length) / sum(frames);
			rows.push([
				...[name, formatBytes(await tab.scriptBytes()), formatBytes(bytes)],
				...[drawn[0].at.toFixed(0), (drawn.at(-1) as { at: number }).at.toFixed(0)],
				...[rate.toFixed(0), median, most, worst],
				...memoryCells(await tab.memory()),
			]);
		});
	}
	const what = `${image.what}, finest level (129 × 212 × 363 voxels), turned by mouse for ${seconds} s; times in ms`;
	const others = viewers.slice(1).map((name) => ` and ${name} ${peerVersion("@niivue/niivue")}`);
	console.log(`\nThe volume in three dimensions, ours${others.join("")}: ${what}:\n`);
	console.log(
		markdown(
			[
				...["viewer", "script, gzip", "image moved", "first pixels", "complete"],
				...[
					"frames a second",
					"median",
					"95th percentile",
					"worst",
					"script memory",
					"page’s process",
					"drawing process",
				],
			],
			rows,
		),
	);
}
