/** What the first complete picture costs, and when it is there. */
import { median } from "d3";
import { formatBytes } from "../../src/lib/index.ts";
import { type ViewerName, withViewer } from "./browsers.ts";
import type { ImageName, MeasuredImage, MeasuredLevel } from "./images.ts";
import { canvasSize, type Spot } from "./page.ts";
import type { Counted, ImageServer, SlowLine } from "./server.ts";
import { markdown } from "./table.ts";

/** What is looked at first. */
export interface FirstView {
	image: ImageName;
	what: string;
	spot: Spot;
}

export const firstViews: readonly FirstView[] = [
	{ image: "phantom", what: "all of a plane", spot: { x: 181.5, y: 106, z: 12, zoom: 2 } },
	{ image: "big04", what: "all of a plane", spot: { x: 1024, y: 1024, z: 5, zoom: 0.29 } },
	{ image: "big04", what: "a part, 1:1", spot: { x: 1100, y: 900, z: 5, zoom: 1 } },
	{ image: "big05", what: "all of a plane", spot: { x: 1024, y: 1024, z: 5, zoom: 0.29 } },
	{ image: "big05", what: "a part, 1:1", spot: { x: 1100, y: 900, z: 5, zoom: 1 } },
];

interface Opened {
	counted: Counted;
	/** Milliseconds to the first pixels of the image, and to the last change of the picture. */
	first: number;
	complete: number;
	picture: string;
}

async function openOnce(
	server: ImageServer,
	viewer: ViewerName,
	{ image, spot }: FirstView,
	contrast: [number, number],
): Promise<Opened> {
	return withViewer(server, viewer, async (tab) => {
		server.reset();
		await tab.open({ url: `${server.url}image-${image}`, spot, window: contrast });
		await tab.settled(server);
		const { drawn, picture } = await tab.page.evaluate(() => ({
			drawn: window.benchProbe.drawn,
			picture: window.benchProbe.picture(),
		}));
		const first = drawn.find(({ lit }) => lit > 100);
		if (!first) throw new Error(`${viewer} drew nothing of ${image}.`);
		return { counted: server.counted, first: first.at, complete: drawn[drawn.length - 1].at, picture };
	});
}

/** Chunks of a level that a canvas shows, counted from where they lie and from nothing that a viewer says. */
export function visibleChunks({ step, shape, chunks }: MeasuredLevel, { x, y, zoom }: Spot): number {
	const along = (axis: 0 | 1, middle: number, pixels: number): number => {
		const half = pixels / zoom / 2;
		const low = Math.max(0, (middle - half) / step);
		const high = Math.min(shape[axis], (middle + half) / step);
		return Math.ceil(high / chunks[axis]) - Math.floor(low / chunks[axis]);
	};
	return along(0, y, canvasSize.height) * along(1, x, canvasSize.width);
}

/** The finest level that chunks were fetched of: a viewer's own choice. */
function chosenLevel({ levels }: MeasuredImage, { keys }: Counted): number {
	return levels.findIndex(({ path }) => keys.some((key) => key.startsWith(`${path}/`)));
}

/** Of two pictures, the share of pixels that differ by more than 2 of 255. */
function difference(one: string, other: string): number {
	let differing = Math.abs(one.length - other.length);
	for (let i = 0; i < Math.min(one.length, other.length); i++) {
		if (Math.abs(one.charCodeAt(i) - other.charCodeAt(i)) > 2) differing++;
	}
	return differing / Math.max(one.length, other.length);
}

/** Opens each view in each viewer, in turn. */
export async function measureOpening(
	server: ImageServer,
	images: Record<ImageName, MeasuredImage>,
	viewers: readonly ViewerName[],
	line: SlowLine,
	rounds: number,
): Promise<void> {
	server.line = line;
	const costs: string[][] = [];
	const times: string[][] = [];
	for (const view of firstViews) {
		const image = images[view.image];
		const runs = new Map<ViewerName, Opened[]>(viewers.map((name) => [name, []]));
		for (let round = 0; round < rounds; round++) {
			for (const name of viewers) {
				console.error(`… ${image.what}, ${view.what}, ${name}`);
				runs.get(name)?.push(await openOnce(server, name, view, image.window));
			}
		}
		const what = `${image.what}: ${view.what}`;
		const [ours] = runs.get("ours") ?? [];
		for (const [name, opened] of runs) {
			const [{ counted, picture }] = opened;
			const level = chosenLevel(image, counted);
			const visible = visibleChunks(image.levels[level], view.spot);
			const ratio = counted.chunks / visible;
			costs.push([
				...[what, name, String(level), String(visible), String(counted.chunks)],
				`${ratio.toFixed(2)}${name === "ours" ? (ratio <= 1.2 ? " met" : " missed") : ""}`,
				`${counted.metadata} (${counted.absent})`,
				String(counted.chunks + counted.metadata),
				formatBytes(counted.bytes),
				name === "ours" ? "" : `${(100 * difference(picture, ours.picture)).toFixed(2)} %`,
			]);
			const all = (of: (opened: Opened) => number) => {
				const taken = opened.map(of);
				return [median(taken) ?? 0, Math.min(...taken), Math.max(...taken)].map((ms) => ms.toFixed(0));
			};
			times.push([what, name, ...all(({ first }) => first), ...all(({ complete }) => complete)]);
		}
	}
	server.line = undefined;
	const { width, height } = canvasSize;
	console.log(`The first complete picture, ${width} × ${height} pixels:\n`);
	console.log(
		markdown(
			[
				"view",
				"viewer",
				"level",
				"chunks visible",
				"chunks asked for",
				"ratio",
				"metadata (absent)",
				"requests",
				"bytes",
				"pixels that differ from ours",
			],
			costs,
		),
	);
	console.log(
		`\nWhen it is there, at ${line.latency} ms and ${line.bandwidth / 1e6} Mbit/s, ${rounds} runs, in ms:\n`,
	);
	console.log(
		markdown(["view", "viewer", "first pixels", "best", "worst", "complete", "best", "worst"], times),
	);
}
