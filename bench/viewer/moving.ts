/** Frames while a hand pans, and what is held after a while of looking around. */
import { quantileSorted } from "d3";
import { formatBytes } from "../../src/lib/index.ts";
import { type Memory, type ViewerName, type ViewerTab, withViewer } from "./browsers.ts";
import type { ImageName, MeasuredImage } from "./images.ts";
import { canvasSize, type Spot } from "./page.ts";
import type { ImageServer } from "./server.ts";
import { markdown } from "./table.ts";

const middle: Spot = { x: 1024, y: 1024, z: 5, zoom: 1 };

const start = ({ url }: ImageServer, { window }: MeasuredImage) => ({
	...{ url: `${url}image-big05`, spot: middle, window },
});

/** Drags back and forth over the middle of the canvas with the mouse, for so many seconds. */
export async function drag({ page }: ViewerTab, seconds: number): Promise<void> {
	const { width, height } = canvasSize;
	const end = Date.now() + seconds * 1000;
	for (let stroke = 0; Date.now() < end; stroke++) {
		// Leftwards and back, upwards and back, and once across.
		const [dx, dy] = [
			[-500, 0],
			[500, 0],
			[0, -350],
			[0, 350],
			[-400, -300],
			[400, 300],
		][stroke % 6];
		const from = { x: (width - dx) / 2, y: 24 + (height - dy) / 2 };
		await page.mouse.move(from.x, from.y);
		await page.mouse.down();
		for (let step = 1; step <= 40; step++) {
			await page.mouse.move(from.x + (dx * step) / 40, from.y + (dy * step) / 40);
		}
		await page.mouse.up();
	}
}

/** Median, 95th percentile and worst of times between frames. */
export function quantiles(frames: readonly number[]): string[] {
	const sorted = frames.toSorted((a, b) => a - b);
	return [0.5, 0.95, 1].map((share) => (quantileSorted(sorted, share) ?? Number.NaN).toFixed(1));
}

/** Time between frames while the picture is panned at one pixel of the image to one of the screen. */
export async function measurePanning(
	server: ImageServer,
	images: Record<ImageName, MeasuredImage>,
	viewers: readonly ViewerName[],
	seconds: number,
): Promise<void> {
	const rows: string[][] = [];
	for (const name of viewers) {
		console.error(`… panning, ${name}`);
		await withViewer(server, name, async (tab) => {
			await tab.openUnwatched(server, start(server, images.big05));
			server.reset();
			await tab.page.evaluate(() => window.benchProbe.startFrames());
			await drag(tab, seconds);
			const frames = await tab.page.evaluate(() => window.benchProbe.stopFrames());
			const slow = frames.filter((ms) => ms > 25).length / frames.length;
			rows.push([
				...[name, `${frames.length} frames`, ...quantiles(frames)],
				...[`${(100 * slow).toFixed(1)} %`, String(server.counted.chunks)],
			]);
		});
	}
	console.log(`\nPanning by mouse for ${seconds} s, ${images.big05.what}, 1:1; ms from frame to frame:\n`);
	console.log(
		markdown(["viewer", "", "median", "95th percentile", "worst", "over 25 ms", "chunks fetched"], rows),
	);
}

/** The same places for every viewer, one after the other. */
function* journey(): Generator<Spot> {
	let random = 7;
	const next = (limit: number) => {
		random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
		return (random / 2 ** 32) * limit;
	};
	while (true) {
		yield {
			...{ x: 300 + next(1448), y: 300 + next(1448), z: Math.floor(next(16)) },
			zoom: 2 ** (next(4) - 2),
		};
	}
}

/** Flies from place to place in a second each. */
async function lookAround({ page }: ViewerTab, seconds: number): Promise<number> {
	const end = Date.now() + seconds * 1000;
	let places = 0;
	let at = middle;
	for (const to of journey()) {
		if (Date.now() >= end) break;
		await page.evaluate(
			([from, target]) =>
				new Promise<void>((resolve) => {
					const started = performance.now();
					requestAnimationFrame(function step(now) {
						const t = Math.min(1, Math.max(0, (now - started) / 1000));
						const between = (a: number, b: number) => a + (b - a) * t;
						window.benchViewer.go({
							x: between(from.x, target.x),
							y: between(from.y, target.y),
							z: target.z,
							zoom: between(from.zoom, target.zoom),
						});
						if (t < 1) requestAnimationFrame(step);
						else resolve();
					});
				}),
			[at, to] as const,
		);
		at = to;
		places++;
	}
	return places;
}

const megabytes = (bytes: number | undefined) => (bytes === undefined ? "not told" : formatBytes(bytes));

export const memoryCells = ({ script, page, drawing }: Memory) => [script, page, drawing].map(megabytes);

/** What a viewer holds when it has opened an image, and after looking around in it. */
export async function measureMemory(
	server: ImageServer,
	images: Record<ImageName, MeasuredImage>,
	viewers: readonly ViewerName[],
	minutes: number,
): Promise<void> {
	const rows: string[][] = [];
	for (const name of viewers) {
		console.error(`… looking around for ${minutes} min, ${name}`);
		await withViewer(server, name, async (tab) => {
			await tab.openUnwatched(server, start(server, images.big05));
			rows.push([name, "opened", "1", String(server.counted.chunks), ...memoryCells(await tab.memory())]);
			const parts = minutes >= 2 ? [1, minutes - 1] : [minutes / 2, minutes / 2];
			let places = 1;
			let spent = 0;
			for (const part of parts) {
				places += await lookAround(tab, part * 60);
				spent += part;
				await tab.page.waitForTimeout(1000);
				const cells = memoryCells(await tab.memory());
				rows.push([name, `${spent} min`, String(places), String(server.counted.chunks), ...cells]);
			}
		});
	}
	console.log(`\nMemory while looking around, ${images.big05.what} (all levels: 170 MiB of values):\n`);
	console.log(
		markdown(
			["viewer", "after", "places", "chunks fetched", "script", "page’s process", "drawing process"],
			rows,
		),
	);
}
