/**
 * Our viewer and Viv (deck.gl) in the same Chromium, canvas and images from one local server, in turn:
 *
 *   npm run bench -- viewer [--minutes=5] [--install-peers]
 *
 * Requests and bytes to the first complete picture beside the chunks really visible, when it is there over a slow line,
 * frames while panning, memory after looking around for `--minutes` (default 0.5), and what each view of the simulated
 * image of 1 TiB costs. Viv is no dependency of the project: `--install-peers` installs it into bench/peers from the
 * lock file there; without it ours is measured alone. The volume in three dimensions is measured beside
 * NiiVue's, which comes by the same flag. `--only=opening,panning,memory,computed,volume` measures a part.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundlePages, peerVersion } from "./viewer/browsers.ts";
import { measureComputed } from "./viewer/computed.ts";
import { measuredImages } from "./viewer/images.ts";
import { measureMemory, measurePanning } from "./viewer/moving.ts";
import { measureOpening } from "./viewer/opening.ts";
import { ImageServer } from "./viewer/server.ts";
import { measureVolume, writeNifti } from "./viewer/volume.ts";

const flag = (name: string) =>
	process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const minutes = Number(flag("minutes") ?? 0.5);
const rounds = Number(flag("rounds") ?? 3);
const only = flag("only")?.split(",");
const chosen = (part: string) => !only || only.includes(part);

if (process.argv.includes("--install-peers")) {
	const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
		cwd: join(import.meta.dirname, "peers"),
		stdio: ["ignore", "inherit", "inherit"],
		shell: process.platform === "win32",
	});
	if (status !== 0) console.error("Viv and NiiVue could not be installed.");
}
const version = peerVersion("@hms-dbmi/viv");
console.log(
	version
		? `Ours and Viv ${version}.`
		: "Viv is not installed, so ours is measured alone: npm run bench -- viewer --install-peers",
);

const folder = mkdtempSync(join(tmpdir(), "chunkwise-viewer-"));
const pages = join(folder, "pages");
let server: ImageServer | undefined;
try {
	const viewers = await bundlePages(pages);
	const images = await measuredImages(folder);
	const folders = Object.entries(images).map(([name, image]) => [`image-${name}`, image.folder]);
	const asNifti = join(folder, "nifti");
	await writeNifti(images.phantom, asNifti);
	server = new ImageServer({ pages, "image-nifti": asNifti, ...Object.fromEntries(folders) });
	await server.start();
	const line = { latency: 50, bandwidth: 10e6 };
	if (chosen("opening")) await measureOpening(server, images, viewers, line, rounds);
	if (chosen("panning")) await measurePanning(server, images, viewers, 6);
	if (chosen("memory")) await measureMemory(server, images, viewers, minutes);
	if (chosen("computed")) await measureComputed(server);
	if (chosen("volume")) await measureVolume(server, images.phantom, rounds, 6);
} finally {
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
}
