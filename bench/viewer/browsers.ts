/** Pages of the viewers in Chromium, each in a browser that was just started. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type CDPSession, chromium, type Page } from "playwright";
import { build } from "vite";
import { findChromium, launchArgs } from "../../scripts/chromium.ts";
import { root } from "../../scripts/paths.ts";
import { canvasSize, type OpenOptions } from "./page.ts";
import { installProbe } from "./probe.ts";
import type { ImageServer } from "./server.ts";

export type ViewerName = "ours" | "Viv" | "NiiVue";

/** Where the peers are installed, where they are. */
const peers = join(import.meta.dirname, "../peers");

export function peerVersion(name: "@hms-dbmi/viv" | "@niivue/niivue"): string | undefined {
	const path = join(peers, "node_modules", name, "package.json");
	return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).version : undefined;
}

/** Bundles the viewers' pages as the site is bundled: ours.html, viv.html, niivue.html. Gives those that show planes. */
export async function bundlePages(folder: string): Promise<ViewerName[]> {
	const pages: Record<string, string> = { ours: join(import.meta.dirname, "ours.ts") };
	if (peerVersion("@hms-dbmi/viv")) pages.viv = join(peers, "viv.ts");
	if (peerVersion("@niivue/niivue")) pages.niivue = join(peers, "niivue.ts");
	await build({
		configFile: false,
		root,
		base: "./",
		logLevel: "error",
		publicDir: false,
		worker: { format: "es" },
		build: {
			outDir: folder,
			emptyOutDir: true,
			chunkSizeWarningLimit: 4096,
			target: "es2022",
			modulePreload: false,
			rollupOptions: {
				input: pages,
				output: { entryFileNames: "[name].js", assetFileNames: "[name][extname]" },
			},
		},
	});
	for (const name of Object.keys(pages)) {
		const style = existsSync(join(folder, `${name}.css`)) ? `<link rel="stylesheet" href="${name}.css">` : "";
		writeFileSync(
			join(folder, `${name}.html`),
			`<!doctype html><html lang="en"><title>${name}</title>${style}<body style="margin: 0"><script type="module" src="${name}.js"></script>`,
		);
	}
	return pages.viv ? ["ours", "Viv"] : ["ours"];
}

/** What a viewer's processes hold. */
export interface Memory {
	/** Bytes of JavaScript, arrays and workers included, after garbage was collected. */
	script: number;
	/** Resident bytes of the page's process and of the one that draws; undefined where the system does not tell. */
	page?: number;
	drawing?: number;
}

export class ViewerTab {
	readonly page: Page;
	readonly #system: CDPSession;
	readonly #scripts: ReadonlySet<string>;

	/** @param scripts addresses of what was loaded to be run, as they come */
	constructor(page: Page, system: CDPSession, scripts: ReadonlySet<string>) {
		this.page = page;
		this.#system = system;
		this.#scripts = scripts;
	}

	/** Bytes of all scripts that were loaded so far, as gzip makes them. */
	async scriptBytes(): Promise<number> {
		let sum = 0;
		for (const url of this.#scripts) sum += gzipSync(await (await fetch(url)).arrayBuffer()).length;
		return sum;
	}

	/** Opens an image, with every picture noted that is drawn from then on. */
	async open(options: OpenOptions): Promise<void> {
		await this.page.evaluate(
			(asked) => window.benchProbe.watch(() => window.benchViewer.open(asked)),
			options,
		);
	}

	/** Opens an image and waits for its chunks, without a look at what is drawn. */
	async openUnwatched(server: ImageServer, options: OpenOptions): Promise<void> {
		server.reset();
		await this.page.evaluate((asked) => window.benchViewer.open(asked), options);
		while (server.counted.chunks === 0 || server.idle < 1500) await this.page.waitForTimeout(100);
	}

	/** Waits until there is a picture that has not changed for a while, and nothing is under way. */
	async settled(server: ImageServer, { quiet = 1500, atMost = 120_000 } = {}): Promise<void> {
		const end = Date.now() + atMost;
		while (Date.now() < end) {
			const { since, error } = await this.page.evaluate(() => ({
				since: window.benchProbe.quiet(),
				error: window.benchProbe.error,
			}));
			if (error) throw new Error(`The viewer did not open the image: ${error}`);
			if (since !== undefined && since > quiet && server.idle > quiet) return;
			await this.page.waitForTimeout(100);
		}
		throw new Error(`The picture was not complete after ${atMost} ms.`);
	}

	async memory(): Promise<Memory> {
		const script = await this.page.evaluate(async () => {
			const measure = (performance as { measureUserAgentSpecificMemory?(): Promise<{ bytes: number }> })
				.measureUserAgentSpecificMemory;
			if (!measure) throw new Error("This browser does not tell what a page holds.");
			return (await measure.call(performance)).bytes;
		});
		const { processInfo } = await this.#system.send("SystemInfo.getProcessInfo");
		const resident = (type: string) => {
			const sizes = processInfo.filter((process) => process.type === type).map(({ id }) => residentBytes(id));
			return sizes.some((size) => size === undefined) ? undefined : Math.max(...(sizes as number[]));
		};
		return { script, page: resident("renderer"), drawing: resident("GPU") };
	}
}

function residentBytes(pid: number): number | undefined {
	const path = `/proc/${pid}/status`;
	if (!existsSync(path)) return undefined;
	return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(path, "utf8"))?.[1]) * 1024;
}

/** Opens a viewer's page in a browser of its own. */
export async function withViewer<T>(
	server: ImageServer,
	name: ViewerName,
	use: (tab: ViewerTab, version: string) => Promise<T>,
): Promise<T> {
	const executablePath = findChromium();
	if (!executablePath) throw new Error("No Chromium was found.");
	const browser = await chromium.launch({
		executablePath,
		// Without the flag a page's memory is told when garbage happens to be collected, up to 20 s later.
		args: [...launchArgs, "--enable-blink-features=ForceEagerMeasureMemory"],
	});
	try {
		const page = await browser.newPage({ viewport: { width: 1000, height: canvasSize.height + 200 } });
		page.on("pageerror", (error) => console.error(`${name}: ${error.message}`));
		await page.addInitScript(installProbe);
		const scripts = new Set<string>();
		page.context().on("request", (request) => {
			if (/\.(js|wasm)$/.test(request.url())) scripts.add(request.url());
		});
		await page.goto(`${server.url}pages/${name.toLowerCase()}.html`);
		await page.waitForFunction(() => window.benchViewer?.canvas());
		const system = await browser.newBrowserCDPSession();
		return await use(new ViewerTab(page, system, scripts), browser.version());
	} finally {
		await browser.close();
	}
}
