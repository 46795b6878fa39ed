/** Point 12 of the notebook: every kind of reader. */
import type { Locator, Page } from "playwright/test";
import { sitePages } from "./pages.ts";
import { expect, type Lesson, lessonPath, test } from "./site.ts";

/** The cells that all lessons' tests may run quickly: one that succeeds, one that fails. */
async function runSome(lesson: Lesson): Promise<void> {
	await lesson.open({ prefer: "phantom" });
	await lesson.page.getByRole("button", { name: "Run all cells" }).click();
	await lesson.expectState("chunk-grid", "done", 100_000);
}

/** Text that has no room: cut off at an edge that does not scroll. */
function clipped(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const scrolls = (element: Element, axis: "X" | "Y") =>
			/auto|scroll/.test(getComputedStyle(element)[`overflow${axis}`]);
		const found: string[] = [];
		for (const element of document.querySelectorAll<HTMLElement>("main *, header *, footer *")) {
			const style = getComputedStyle(element);
			if (style.overflowX !== "hidden" && style.overflowX !== "clip" && style.overflowY !== "hidden")
				continue;
			// Hidden for the eye on purpose, drawings, and an ellipsis that says so.
			if (style.clipPath !== "none" || element.closest("svg, .monaco-editor, [aria-hidden=true]")) continue;
			if (element.clientWidth <= 1 || element.clientHeight <= 1) continue;
			if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
			const wide = !scrolls(element, "X") && element.scrollWidth > element.clientWidth + 1;
			const high = !scrolls(element, "Y") && element.scrollHeight > element.clientHeight + 2;
			if ((wide && style.textOverflow !== "ellipsis") || high) {
				found.push(
					`${element.tagName.toLowerCase()}.${element.className}: ${element.scrollWidth}×${element.scrollHeight} in ${element.clientWidth}×${element.clientHeight}: ${element.textContent?.trim().slice(0, 60)}`,
				);
			}
		}
		return found;
	});
}

/** How far the page goes beyond the screen, in px, and what reaches there. */
function beyond(page: Page): Promise<{ px: number; what: string[] }> {
	return page.evaluate(() => {
		const px = document.documentElement.scrollWidth - document.documentElement.clientWidth;
		if (px <= 0) return { px: 0, what: [] };
		const what = [...document.querySelectorAll<HTMLElement>("body *")]
			.filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
			.map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
		return { px, what: what.slice(0, 6) };
	});
}

const focused = (page: Page): Locator => page.locator(":focus");

test("12: a lesson is walked by Tab alone: every stop is seen and has a ring of 3:1, and nothing is a trap", async ({
	lesson,
}) => {
	test.slow();
	const { page } = lesson;
	await lesson.open({ prefer: "phantom" });
	await page.waitForLoadState("networkidle");
	const stops = await page.evaluate(async () => {
		const visible = (element: HTMLElement) =>
			element.checkVisibility({ visibilityProperty: true }) && !element.closest("[inert]");
		return [
			...document.querySelectorAll<HTMLElement>("a[href], button, input, select, summary, [tabindex]"),
		].filter(
			(element) => visible(element) && element.tabIndex >= 0 && !(element as HTMLButtonElement).disabled,
		).length;
	});
	expect(stops).toBeGreaterThan(30);
	const seen = new Set<string>();
	let cellRuns = 0;
	for (let i = 0; i < stops + 40; i++) {
		await page.keyboard.press("Tab");
		const stop = await page.evaluate(async () => {
			let element = document.activeElement as HTMLElement | null;
			while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement as HTMLElement;
			if (!element || element === document.body) return undefined;
			// What the ring is drawn round: an input of its own label shows it there.
			const style = (of: Element) => getComputedStyle(of);
			let ring: Element | null = element;
			while (
				ring &&
				(style(ring).outlineStyle === "none" || Number.parseFloat(style(ring).outlineWidth) < 1)
			) {
				ring = ring.parentElement?.matches(":focus-within") ? ring.parentElement : null;
			}
			const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
			const luminance = (colour: string) => {
				if (!context) return 0;
				context.fillStyle = colour;
				context.fillRect(0, 0, 1, 1);
				const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((v) => {
					const c = v / 255;
					return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
				});
				return 0.2126 * r + 0.7152 * g + 0.0722 * b;
			};
			let ground: Element | null = ring?.parentElement ?? null;
			while (ground && /^rgba\(.*, 0\)$/.test(style(ground).backgroundColor)) ground = ground.parentElement;
			const a = ring ? luminance(style(ring).outlineColor) : 0;
			const b = luminance(ground ? style(ground).backgroundColor : style(document.body).backgroundColor);
			const box = element.getBoundingClientRect();
			(element as HTMLElement & { cwStop?: number }).cwStop ??= Math.random();
			const onScreen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
			return {
				key: String((element as HTMLElement & { cwStop?: number }).cwStop),
				what: `${element.tagName.toLowerCase()}.${element.className} “${(element.ariaLabel ?? element.textContent ?? "").trim().slice(0, 40)}”`,
				ring: ring !== null,
				contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
				onScreen,
				run: element.matches("[data-part=run]"),
			};
		});
		if (!stop) break;
		if (seen.has(stop.key)) break;
		seen.add(stop.key);
		if (stop.run) cellRuns++;
		expect.soft(stop.onScreen, `${stop.what} is on the screen when focused`).toBe(true);
		expect.soft(stop.ring, `${stop.what} shows its focus`).toBe(true);
		if (stop.ring) expect.soft(stop.contrast, `ring of ${stop.what}`).toBeGreaterThanOrEqual(3);
	}
	// The walk went through the whole page, to its end.
	expect(cellRuns).toBe(await page.locator("chunkwise-cell").count());
	expect(await page.evaluate(() => document.activeElement?.closest("footer, body")?.tagName)).toBeTruthy();
	expect(seen.size).toBeGreaterThan(30);
});

test("12: with keys only: run, stop, edit, leave by Escape, and go on by Tab", async ({ lesson }) => {
	const { page } = lesson;
	await lesson.open({ prefer: "phantom" });
	const cell = lesson.cell("download");
	await cell.locator("[data-part=run]").focus();
	await page.keyboard.press("Tab");
	await expect(focused(page)).toHaveAttribute("data-part", "code");
	await page.keyboard.press("Enter");
	await expect(cell.locator(".monaco-editor .view-line").first()).toBeVisible();
	await page.keyboard.press("ControlOrMeta+A");
	await page.keyboard.insertText("for (;;) {}");
	await page.keyboard.press("ControlOrMeta+Enter");
	await lesson.expectState("download", "running");
	await page.keyboard.press("Escape");
	await expect(focused(page)).toHaveAttribute("data-part", "code");
	await page.keyboard.press("Shift+Tab");
	await expect(focused(page)).toHaveAttribute("data-part", "run");
	await page.keyboard.press("Enter");
	await lesson.expectState("download", "stopped");
	// From the code, Tab leads on, out of the cell in the end.
	await page.keyboard.press("Tab");
	for (let i = 0; i < 12 && (await cell.locator(":focus").count()) > 0; i++) await page.keyboard.press("Tab");
	await expect(cell.locator(":focus")).toHaveCount(0);
	expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
});

/** Records what a screen reader would be told: every new text of a live region. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
	await page.evaluate(() => {
		const said: string[] = [];
		(globalThis as unknown as { said: string[] }).said = said;
		const live = "[role=status], [role=alert], [role=log], [aria-live=polite], [aria-live=assertive]";
		new MutationObserver((records) => {
			const regions = new Set<Element>();
			for (const { target, addedNodes } of records) {
				const element = target instanceof Element ? target : target.parentElement;
				const region = element?.closest(live);
				if (region) regions.add(region);
				for (const node of addedNodes) {
					if (!(node instanceof Element)) continue;
					if (node.matches(live)) regions.add(node);
					for (const inner of node.querySelectorAll(live)) regions.add(inner);
				}
			}
			for (const region of regions) {
				const text = region.textContent?.trim();
				if (text && region.isConnected && (region as HTMLElement).checkVisibility()) said.push(text);
			}
		}).observe(document.body, { subtree: true, childList: true, characterData: true });
	});
	return () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said.splice(0));
}

test("12: a screen reader is told running, done and failed once each, and no passing seconds", async ({
	lesson,
}) => {
	const { page } = lesson;
	await lesson.open({ prefer: "phantom" });
	const heard = await listen(page);
	await lesson.type(
		"download",
		"for (let i = 0; i < 6; i++) await new Promise((next) => setTimeout(next, 300)); 42",
	);
	await heard();
	await lesson.run("download");
	const first = await heard();
	expect(first.filter((text) => text === "running")).toHaveLength(1);
	expect(first.filter((text) => /^done in/.test(text))).toHaveLength(1);
	// Beside these, that something loads; never a count, a size or a time that runs.
	for (const text of first)
		expect(text, first.join(" | ")).toMatch(/^(loading [a-z' ]+|running|done in [\d.]+ s|No requests.*)$/);
	// The state is in the accessibility tree, with the cell that it belongs to.
	await expect(
		page
			.getByRole("group", { name: /Cell: Get the TIFF/ })
			.getByRole("status")
			.first(),
	).toHaveText(/^done in/);
	await lesson.type("download", "const a: number = 1;\nnothing.here");
	await heard();
	await lesson.press("download");
	await lesson.expectState("download", "failed");
	const second = await heard();
	expect(second.filter((text) => /^failed after/.test(text))).toHaveLength(1);
	expect(second.filter((text) => text.includes("nothing is not defined"))).toHaveLength(1);
	expect(second.length, second.join(" | ")).toBeLessThanOrEqual(6);
});

for (const [name, width, height] of [
	["200 % zoom of a 1280 px screen", 640, 400],
	["400 % zoom of a 1280 px screen", 320, 256],
] as const) {
	test.describe(name, () => {
		test.use({ viewport: { width, height }, deviceScaleFactor: 1280 / width });

		test(`12: ${name}: nothing is wider than the screen or cut off`, async ({ lesson }) => {
			test.slow();
			await runSome(lesson);
			expect.soft(await beyond(lesson.page), "the lesson after Run all").toEqual({ px: 0, what: [] });
			expect.soft(await clipped(lesson.page), "cut off in the lesson").toEqual([]);
			for (const path of sitePages().filter((path) => !/^reference\/./.test(path) || path.includes("zarr"))) {
				await lesson.page.goto(lesson.root + path);
				expect.soft(await beyond(lesson.page), `/${path}`).toEqual({ px: 0, what: [] });
				expect.soft(await clipped(lesson.page), `cut off in /${path}`).toEqual([]);
			}
		});
	});
}

for (const width of [1280, 640, 360]) {
	test.describe(`text twice as large, ${width} px`, () => {
		test.use({ viewport: { width, height: 800 } });

		test(`12: text twice as large at ${width} px: nothing is wider than the screen or cut off`, async ({
			lesson,
		}) => {
			// The reader's own setting: rem, and the widths at which the layout changes, follow it.
			const devtools = await lesson.page.context().newCDPSession(lesson.page);
			await devtools.send("Page.enable");
			await devtools.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
			await runSome(lesson);
			const size = await lesson.page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
			expect(size).toBe("32px");
			expect.soft(await beyond(lesson.page), "the lesson after Run all").toEqual({ px: 0, what: [] });
			expect.soft(await clipped(lesson.page), "cut off in the lesson").toEqual([]);
			for (const path of ["", "start-here/", "404.html", "reference/"]) {
				await lesson.page.goto(lesson.root + path);
				expect.soft(await beyond(lesson.page), `/${path}`).toEqual({ px: 0, what: [] });
				expect.soft(await clipped(lesson.page), `cut off in /${path}`).toEqual([]);
			}
		});
	});
}

test.describe("reduced motion", () => {
	test.use({ contextOptions: { reducedMotion: "reduce" } });

	test("12: reduced motion: nothing moves by itself, from the first screen to the last cell", async ({
		lesson,
	}) => {
		const { page } = lesson;
		const moving = () =>
			page.evaluate(() =>
				document
					.getAnimations()
					.filter((animation) => {
						const { activeDuration = 0 } = animation.effect?.getComputedTiming() ?? {};
						return animation.playState === "running" && Number(activeDuration) > 1;
					})
					.map((animation) => {
						const effect = animation.effect as KeyframeEffect | null;
						return `${(animation as CSSAnimation).animationName ?? "transition"} of ${effect?.target?.className}`;
					}),
			);
		await page.goto(lesson.root);
		await page.waitForLoadState("networkidle");
		expect(await moving(), "landing page").toEqual([]);
		await lesson.open({ prefer: "phantom" });
		await page.getByRole("button", { name: "Run all cells" }).click();
		const seen = new Set<string>();
		await expect
			.poll(
				async () => {
					for (const what of await moving()) seen.add(what);
					return lesson.cell("chunk-grid").getAttribute("data-state");
				},
				{ timeout: 100_000, intervals: [50] },
			)
			.toBe("done");
		expect([...seen]).toEqual([]);
		expect(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).toBe("auto");
	});
});

test.describe("forced colours", () => {
	test.use({ contextOptions: { forcedColors: "active" } });

	test("12: forced colours: borders, focus, the state of a cell and a control that is off are still seen", async ({
		lesson,
	}) => {
		const { page } = lesson;
		await lesson.open({ prefer: "phantom" });
		const look = (of: Locator) =>
			of.evaluate((element) => {
				const { borderTopStyle, borderTopWidth, borderTopColor, outlineStyle, color, backgroundColor } =
					getComputedStyle(element);
				return { borderTopStyle, borderTopWidth, borderTopColor, outlineStyle, color, backgroundColor };
			});
		for (const button of [
			lesson.cell("download").locator("[data-part=run]"),
			page.getByRole("button", { name: "Run all cells" }),
			lesson.cell("download"),
		]) {
			const { borderTopStyle, borderTopColor, backgroundColor } = await look(button);
			expect(borderTopStyle).toBe("solid");
			expect(borderTopColor).not.toBe(backgroundColor);
		}
		const on = await look(page.getByRole("button", { name: "Run all cells" }));
		const off = await look(page.getByRole("button", { name: "Restart" }));
		expect(off.color).not.toBe(on.color);
		await lesson.cell("download").locator("[data-part=run]").focus();
		await page.keyboard.press("Tab");
		await page.keyboard.press("Shift+Tab");
		expect((await look(focused(page))).outlineStyle).toBe("solid");
		await lesson.type("download", "nothing.here");
		await lesson.press("download");
		await lesson.expectState("download", "failed");
		await expect(lesson.cell("download").locator("[data-part=state]")).toContainText("failed");
		// Run and Stop are told by their shape, not by colour: the shape must be drawn in a colour that is seen.
		const { fill, ground } = await lesson
			.cell("download")
			.locator(".cw-run-icon")
			.evaluate((icon) => ({
				fill: getComputedStyle(icon).fill,
				ground: getComputedStyle(icon.closest("button") as Element).backgroundColor,
			}));
		expect(fill).not.toBe(ground);
		// A drawing's second cue is no colour, and the picture keeps its own.
		await page.goto(lesson.root);
		const canvas = page.locator("canvas").first();
		await expect(canvas).toBeVisible();
	});
});

for (const width of [360, 390]) {
	test.describe(`phone, ${width} px`, () => {
		test.use({ viewport: { width, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 3 });

		test(`12: phone of ${width} px: a text area to write in, targets of 24 px, and nothing only under the pointer`, async ({
			lesson,
		}) => {
			const { page } = lesson;
			await runSome(lesson);
			const code = lesson.cell("metadata").locator("[data-part=code]");
			await code.tap();
			const area = lesson.cell("metadata").locator("textarea").first();
			await expect(area).toBeVisible();
			await expect(lesson.cell("metadata").locator(".monaco-editor")).toHaveCount(0);
			// A smaller face would make phones zoom in.
			expect(
				await area.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize)),
			).toBeGreaterThanOrEqual(16);
			await area.fill("6 * 7");
			await lesson.cell("metadata").locator("[data-part=run]").tap();
			await lesson.expectState("metadata", "done");
			await expect(lesson.output("metadata")).toContainText("42");
			for (const path of [lessonPath, "", "start-here/"]) {
				if (path !== lessonPath) await page.goto(lesson.root + path);
				const found = await page.evaluate(() => {
					const small: string[] = [];
					const unseen: string[] = [];
					const controls =
						"button, summary, input, select, textarea, [role=button], [role=tab], [role=slider]";
					for (const element of document.querySelectorAll<HTMLElement>(`${controls}, nav a, .cw-hero a`)) {
						if (!element.checkVisibility({ visibilityProperty: true })) continue;
						if (element.closest("[aria-hidden=true], .cw-visually-hidden, .sr-only")) continue;
						const label = element.closest("label") ?? element;
						const { width, height } = label.getBoundingClientRect();
						const name = `${element.tagName.toLowerCase()}.${element.className} “${element.textContent?.trim().slice(0, 30)}” ${Math.round(width)}×${Math.round(height)}`;
						if ((width < 24 || height < 24) && element.tabIndex >= 0) small.push(name);
						if (!element.checkVisibility({ opacityProperty: true }) && !element.matches("input"))
							unseen.push(name);
					}
					return { small, unseen };
				});
				expect.soft(found.small, `smaller than 24 px on /${path}`).toEqual([]);
				expect.soft(found.unseen, `seen only under a pointer on /${path}`).toEqual([]);
				expect.soft(await beyond(page), `/${path}`).toEqual({ px: 0, what: [] });
			}
		});
	});
}

test("12: right to left: the lesson runs, code stays left to right, and nothing leaves the screen", async ({
	lesson,
}) => {
	const { page } = lesson;
	await page.route(`**/${lessonPath}`, async (route) => {
		const response = await route.fetch();
		const body = (await response.text()).replaceAll('dir="ltr"', 'dir="rtl"');
		await route.fulfill({ response, body });
	});
	for (const width of [1280, 390]) {
		await page.setViewportSize({ width, height: 800 });
		await runSome(lesson);
		expect(await page.evaluate(() => getComputedStyle(document.body).direction)).toBe("rtl");
		for (const part of [
			".expressive-code pre",
			".cw-console-line",
			".cw-error-excerpt",
			".cw-hex",
			".cw-tree",
		]) {
			for (const element of await page.locator(`chunkwise-cell ${part}`).all()) {
				expect(await element.evaluate((e) => getComputedStyle(e).direction), part).toBe("ltr");
			}
		}
		const left = await page.evaluate(() => {
			const out = [...document.querySelectorAll<HTMLElement>("main *")].filter((element) => {
				const { left, right, width } = element.getBoundingClientRect();
				if (width < 2 || element.closest(".monaco-editor, svg, pre, table, .cw-visually-hidden, .sr-only"))
					return false;
				if (element.closest("[data-part=output]") && element.closest("[tabindex='0']")) return false;
				// Long lines of code scroll in what takes the focus.
				if (element.parentElement?.closest(".cw-cell-code")) return false;
				return left < -1 || right > innerWidth + 1;
			});
			return out.map((element) => `${element.tagName.toLowerCase()}.${element.className}`).slice(0, 6);
		});
		expect(left, `${width} px`).toEqual([]);
		// Run stands at the start of a cell, which is the right.
		if (width > 1000) {
			const cell = await lesson.cell("download").boundingBox();
			const run = await lesson.cell("download").locator("[data-part=run]").boundingBox();
			if (!cell || !run) throw new Error("the cell is not shown");
			expect(run.x).toBeGreaterThan(cell.x + cell.width / 2);
		}
	}
	await lesson.type("metadata", "6 * 7");
	await lesson.run("metadata");
	await expect(lesson.output("metadata")).toContainText("42");
	expect(
		await lesson
			.cell("metadata")
			.locator(".monaco-editor")
			.evaluate((e) => getComputedStyle(e).direction),
	).toBe("ltr");
});

test("12: print: dark ink on white, no controls, all of the code and the outputs", async ({ lesson }) => {
	const { page } = lesson;
	await runSome(lesson);
	await page.emulateMedia({ media: "print" });
	await page.setViewportSize({ width: 650, height: 900 });
	expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
		"rgb(255, 255, 255)",
	);
	expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe("rgb(0, 0, 0)");
	await expect(page.locator("chunkwise-controls")).toBeHidden();
	await expect(lesson.cell("download").locator("[data-part=run]")).toBeHidden();
	await expect(lesson.cell("download").locator("[data-part=code]")).toBeVisible();
	await expect(lesson.output("spatial-image")).toBeVisible();
	const cut = await page.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>("chunkwise-cell pre")]
			.filter((pre) => pre.scrollWidth > pre.clientWidth + 1)
			.map((pre) => pre.textContent?.slice(0, 60)),
	);
	expect(cut).toEqual([]);
	expect((await beyond(page)).px).toBe(0);
});
