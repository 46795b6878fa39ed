/**
 * The requests that the waterfall shows where it is given none: made anew by `node scripts/record-requests.ts`, which
 * writes src/lib/plan/sample-requests.ts. The course's synthetic phantom is served by HTTP on this machine and looked
 * at as a viewer would; times are those of the machine that ran this, keys and bytes are the same everywhere.
 */
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveFolder } from "../src/cli/serve.ts";
import {
	cacheStore,
	hl60Phantom,
	httpStore,
	openZarr,
	readMultiscales,
	recordStore,
	toMultiscale,
	toNgffZarr,
	toSpatialImage,
	type ZarrGroup,
} from "../src/lib/index.ts";
import { folderStore } from "../src/lib/node.ts";
import { type RecordedRequest, recordedRequest } from "../src/lib/plan/requests.ts";

/** Where the nucleus is that is looked at: z, y and x of the finest level. */
const nucleus = { z: 64, y: [70, 140], x: [130, 230] } as const;

/** Looks at an image in a folder over HTTP; gives the requests, the first at 0 ms. */
export async function lookAt(folder: string): Promise<RecordedRequest[]> {
	const site = await serveFolder(folder, { port: 0 });
	try {
		const { store, log } = recordStore(cacheStore(httpStore(site.url), { bytes: 2 ** 26 }));
		const [image] = await readMultiscales((await openZarr(store)) as ZarrGroup);
		const [fine, middle, coarse] = image.levels.map(({ array }) => array);
		await coarse.read();
		await middle.read([32]);
		const { z, y, x } = nucleus;
		await fine.read([z, [...y], [...x]]);
		// The next plane lies in the same chunks.
		await fine.read([z + 1, [...y], [...x]]);
		const start = Math.min(...log.requests.map(({ started }) => started));
		return log.requests
			.map(recordedRequest)
			.map(({ url: _, store: __, attempt: ___, serves: ____, ...request }) => ({
				...request,
				started: tenths((request.started ?? 0) - start),
				milliseconds: tenths(request.milliseconds ?? 0),
			}))
			.sort((a, b) => a.started - b.started);
	} finally {
		await site.close();
	}
}

/** Writes the phantom as an OME-Zarr of three levels in chunks of 64. */
export async function writePhantom(folder: string): Promise<void> {
	const { data, shape } = await hl60Phantom();
	const image = toSpatialImage({ data, shape, dims: ["z", "y", "x"] });
	await toNgffZarr(folderStore(folder), await toMultiscale(image, [2, 4]));
}

const tenths = (milliseconds: number) => Math.round(milliseconds * 10) / 10;

if (import.meta.main) {
	const folder = await mkdtemp(join(tmpdir(), "chunkwise-requests-"));
	try {
		await writePhantom(folder);
		// The first looks are the machine's: files and code are not at hand yet.
		for (let i = 0; i < 20; i++) await lookAt(folder);
		const requests = await lookAt(folder);
		const root = join(import.meta.dirname, "..");
		const tiff = await stat(join(root, "public/data/hl60-phantom.tif"));
		const text = `/** The requests of a look at the course's phantom: made by scripts/record-requests.ts, not by hand. */
import type { RecordedRequest } from "./requests.ts";

/** Bytes of the same image as one TIFF file. */
export const sampleFileBytes = ${tiff.size};

/** The day of the recording. */
export const sampleRequestsDate = ${JSON.stringify(new Date().toISOString().slice(0, 10))};

/** Opens the image, reads its coarsest level, a plane of the next, and a nucleus in two planes of the finest. */
export const sampleRequests: RecordedRequest[] = [
${requests.map((request) => `\t${JSON.stringify(request)},`).join("\n")}
];
`;
		await writeFile(join(root, "src/lib/plan/sample-requests.ts"), text);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
