/** How all figures look elsewhere than on a bright screen with a mouse: on paper, in the reader's own colours, while they wake. */
import type { Page } from "playwright/test";
import { expect, test } from "./site.ts";

const gallery = "guide/figures/";
/** The viewer has its own tests. */
const figures = 'cw-figure:not([data-figure="viewer"])';

/** What stands out to the right of the page, and in no box that scrolls. */
async function tooWide(page: Page): Promise<string[]> {
	return page.evaluate((selector) => {
		const edge = document.documentElement.clientWidth + 1;
		const scrolls = (element: Element | null): boolean =>
			element !== null &&
			(getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
		return [...document.querySelectorAll(`${selector} *`)]
			.filter((element) => {
				const { width, right } = element.getBoundingClientRect();
				return width > 1 && right > edge && !scrolls(element.parentElement);
			})
			.map((element) => element.outerHTML.slice(0, 120));
	}, figures);
}

test("on paper figures fit the page, are whole, and have nothing to press", async ({ page, site }) => {
	// A4 less its margins.
	await page.setViewportSize({ width: 642, height: 960 });
	// Paper is light whatever the page is.
	await page.addInitScript(() => localStorage.setItem("starlight-theme", "dark"));
	await page.goto(site.url + gallery);
	await page.emulateMedia({ media: "print" });
	expect(await page.locator(figures).count()).toBeGreaterThan(10);
	expect(await tooWide(page)).toEqual([]);
	const toPress = page.locator('cw-figure[data-figure="viewer"] :is(button, input, summary)');
	expect(
		await toPress.evaluateAll((all) =>
			all.filter((element) => element.checkVisibility()).map((element) => element.outerHTML),
		),
		"the viewer, of which nothing has been opened",
	).toEqual([]);
	const found = await page.locator(figures).evaluateAll((hosts) =>
		hosts.flatMap((host) => {
			const name = host.getAttribute("data-figure");
			const seen = (element: Element) => element.checkVisibility({ contentVisibilityAuto: false });
			const problems: string[] = [];
			for (const control of host.querySelectorAll(".cw-fig-controls, .cw-fig-twin summary")) {
				if (seen(control)) problems.push(`${name}: a control: ${control.className}`);
			}
			// The twin's table is open, and no box hides a part of what it holds.
			if (![...host.querySelectorAll(".cw-fig-twin tbody th")].every(seen))
				problems.push(`${name}: a closed twin`);
			for (const box of host.querySelectorAll<HTMLElement>("*")) {
				const { overflowY } = getComputedStyle(box);
				if (overflowY !== "auto" && overflowY !== "scroll") continue;
				if (seen(box) && box.scrollHeight > box.clientHeight + 1)
					problems.push(`${name}: cut: ${box.className}`);
			}
			for (const box of host.querySelectorAll("*:not(:empty, .cw-fig-port *)")) {
				const [r, g, b, a = 1] =
					getComputedStyle(box)
						.backgroundColor.match(/[\d.]+/g)
						?.map(Number) ?? [];
				const words = [...box.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
				if (
					a === 1 &&
					r + g + b < 380 &&
					(words || box.matches(".cw-ngff-lines, .cw-ngff-line")) &&
					seen(box)
				)
					problems.push(`${name}: words on dark: ${box.className}`);
			}
			if (getComputedStyle(host).printColorAdjust !== "exact") problems.push(`${name}: no backgrounds`);
			return problems;
		}),
	);
	expect(found).toEqual([]);
});

for (const scheme of ["dark", "light"] as const) {
	test(`in forced colours (${scheme}) marks keep apart from the ground and from each other`, async ({
		page,
		site,
	}) => {
		// The page's own theme is the other one: what is drawn follows the reader's colours all the same.
		await page.addInitScript(
			(theme) => localStorage.setItem("starlight-theme", theme),
			scheme === "dark" ? "light" : "dark",
		);
		await page.emulateMedia({ forcedColors: "active", colorScheme: scheme });
		await page.goto(site.url + gallery);
		expect(await tooWide(page)).toEqual([]);
		const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
		/** Fill, stroke, dashes, border and background of the first of its kind in a figure. */
		const look = (figure: string, selector: string) =>
			page
				.locator(`cw-figure[data-figure="${figure}"]`)
				.first()
				.locator(selector)
				.first()
				.evaluate((element) => {
					const style = getComputedStyle(element);
					const line =
						style.stroke === "none"
							? "none"
							: `${style.stroke} ${style.strokeWidth} ${style.strokeDasharray}`;
					return {
						paints: [style.fill, style.stroke, style.borderTopColor, style.backgroundColor],
						all: [style.fill, line, style.borderTop, style.backgroundColor, style.backgroundImage].join("; "),
					};
				});
		const kinds: Record<string, string[]> = {
			"chunk-grid": [
				".cw-fig-hit .cw-fig-face",
				".cw-fig-chunk-cell:not(.cw-fig-hit) .cw-fig-face, g:not(.cw-fig-hit) > .cw-fig-face",
			],
			"bin-diagram": [".cw-fig-bin:not(.cw-fig-dropped)", ".cw-fig-bin.cw-fig-dropped"],
			pyramid: [".cw-fig-pick-chunk", ".cw-fig-pick-block"],
			"shared-chunk": [".cw-fig-both", ".cw-fig-chunk-lines", ".cw-fig-writers-line"],
			"storage-comparison": [".cw-fig-block-used", ".cw-fig-block-written", ".cw-fig-block-free"],
			"request-waterfall": [".cw-fall-overview path"],
			"ngff-explorer": [".cw-ngff-level"],
		};
		for (const [figure, selectors] of Object.entries(kinds)) {
			const looks = [];
			for (const selector of selectors) looks.push({ selector, ...(await look(figure, selector)) });
			expect(new Set(looks.map(({ all }) => all)).size, `${figure}: ${JSON.stringify(looks)}`).toBe(
				looks.length,
			);
			for (const { selector, paints } of looks.filter(({ selector }) => !selector.endsWith("-free"))) {
				expect(
					paints.some((paint) => paint !== ground && /^rgb\(/.test(paint)),
					`${figure} ${selector} on ${ground}`,
				).toBe(true);
			}
		}
	});
}

test("nothing moves when figures come to life", async ({ page, site }) => {
	await page.addInitScript(() => {
		const moved: string[] = [];
		Object.assign(window, { moved });
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries() as (PerformanceEntry & {
				value: number;
				sources: { node?: Node }[];
			})[]) {
				const what = entry.sources.map(
					({ node }) => (node as Element | undefined)?.className ?? node?.nodeName,
				);
				moved.push(`${entry.value.toFixed(5)}: ${what.join(", ")}`);
			}
		}).observe({ type: "layout-shift", buffered: true });
	});
	await page.goto(site.url + gallery);
	await page.waitForLoadState("networkidle");
	const moved = () => page.evaluate(() => (window as unknown as { moved: string[] }).moved.splice(0));
	await moved();
	for (const host of await page.locator(figures).all()) {
		await host.scrollIntoViewIfNeeded();
		await host.hover({ position: { x: 4, y: 4 } });
		await expect(host).toHaveAttribute("data-ready", "", { timeout: 30_000 });
		// Two frames: what the script did has been laid out.
		await page.evaluate(
			() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
		);
		expect(await moved(), (await host.getAttribute("data-figure")) ?? "").toEqual([]);
	}
});
