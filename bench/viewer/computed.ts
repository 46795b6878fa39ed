/** The simulated image of 1 TiB: what each view costs, near and far. */
import { formatBytes } from "../../src/lib/index.ts";
import { withViewer } from "./browsers.ts";
import { memoryCells } from "./moving.ts";
import type { OwnCost, Spot } from "./page.ts";
import type { ImageServer } from "./server.ts";
import { markdown } from "./table.ts";

const middle = { x: 4096, y: 4096, z: 4096 };

const views: readonly (readonly [what: string, spot: Spot])[] = [
	["the whole plane", { ...middle, zoom: 0.073 }],
	["1/4, the middle", { ...middle, zoom: 0.25 }],
	["1:1, the middle", { ...middle, zoom: 1 }],
	["4:1, the middle", { ...middle, zoom: 4 }],
	["1:1, near the first corner", { x: 600, y: 500, z: 40, zoom: 1 }],
	["1:1, near the last corner", { x: 7600, y: 7700, z: 8150, zoom: 1 }],
	["1/4, elsewhere", { x: 2000, y: 6000, z: 1000, zoom: 0.25 }],
	["the whole plane, once more", { ...middle, zoom: 0.073 }],
];

/** Opens the image and goes from view to view; each row is what that view added. */
export async function measureComputed(server: ImageServer): Promise<void> {
	const rows = await withViewer(server, "ours", async (tab) => {
		const rows: string[][] = [];
		let before: OwnCost | undefined;
		for (const [what, spot] of views) {
			console.error(`… 1 TiB, ${what}`);
			if (before) await tab.page.evaluate((to) => window.benchViewer.go(to), spot);
			else await tab.page.evaluate((to) => window.benchViewer.open({ spot: to, window: [100, 1500] }), spot);
			await tab.page.waitForFunction(() => !window.benchViewer.cost?.().busy, undefined, {
				timeout: 300_000,
			});
			const cost = (await tab.page.evaluate(() => window.benchViewer.cost?.())) as OwnCost;
			rows.push([
				...[what, String(cost.level), String(cost.needed), String(cost.requests - (before?.requests ?? 0))],
				...[formatBytes(cost.bytes - (before?.bytes ?? 0)), formatBytes(cost.kept)],
				...memoryCells(await tab.memory()).slice(0, 2),
			]);
			before = cost;
		}
		return rows;
	});
	console.log("\nThe image of 1 TiB whose chunks are computed (8192³, uint16, chunks of 64³), ours alone:\n");
	console.log(
		markdown(
			["view", "level", "chunks needed", "requests", "bytes computed", "kept", "script", "page’s process"],
			rows,
		),
	);
}
