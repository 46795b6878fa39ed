/** The multiscale viewer: what it draws, what it costs by the server's own count, and what hands, keys and ears get. */
import { openImage } from "../support/view-image.ts";
import { violations } from "./axe.ts";
import { chunksIn, expect, gallery, page404, phantom, test } from "./viewer-page.ts";

test("10: viewer: nothing is loaded before the reader asks, then only the chunks that are seen", async ({
	viewer,
	images,
}) => {
	const asked: string[] = [];
	viewer.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
	await viewer.page.goto(viewer.root + gallery);
	await viewer.host.scrollIntoViewIfNeeded();
	await viewer.page.waitForLoadState("networkidle");
	expect(asked.filter((path) => /phantom\.ome\.zarr|viewer|worker/.test(path))).toEqual([]);
	await viewer.open(images.url);
	expect(new Set(images.chunks).size).toBe(images.chunks.length);
	await expect(viewer.cost("needed")).toContainText("all there");
	expect(images.chunks.length).toBeLessThanOrEqual(1.2 * (await chunksIn(viewer.cost("needed"))));
	// What the viewer says is what the server counted.
	await expect(viewer.cost("fetched")).toContainText(`in ${images.asked.length} requests`);
	await expect(viewer.host.locator(".cw-fig-status")).toContainText(
		/scale level \d of 3\. All of it is there\./,
	);
});

/** A graphics card whose textures hold less than a chunk's plane, as 16,384² is less than some planes. */
function smallTextures(): void {
	const card = WebGL2RenderingContext.prototype;
	const { getParameter, texImage2D } = card;
	card.getParameter = function (name) {
		return name === this.MAX_TEXTURE_SIZE ? 12 : getParameter.call(this, name);
	};
	card.texImage2D = function (...values: unknown[]) {
		if ((values[3] as number) > 12 || (values[4] as number) > 12) throw new Error("too large a texture");
		texImage2D.apply(this, values as never);
	};
}

for (const kind of ["WebGL2", "WebGL2 with textures of 12²", "canvas"] as const) {
	test(`10: viewer: draws the values that are stored, by ${kind}`, async ({ viewer }) => {
		if (kind === "canvas") await viewer.withoutWebgl();
		if (kind.includes("12")) await viewer.page.addInitScript(smallTextures);
		const image = await openImage(phantom);
		// An element of level 0 on 4 pixels, its corner on the panel's middle.
		const [z, y, x] = [60, 100, 180];
		const at = image.position(0, [z, y, x], 0.5);
		const zoom = 4 / image.scale(0)[2];
		const view = `at=${at.join(",")}&zoom=${zoom}&level=0&show=plane&c=0:0:60000:ffffff`;
		await viewer.open(undefined, `#phantom-viewer?${view}`);
		await expect(viewer.host).toHaveAttribute("data-renderer", kind.split(" ")[0]);
		await viewer.bare();
		const { width, height, grey } = await viewer.picture();
		const plane = await image.plane(0, z);
		const [middleX, middleY] = [Math.round(width / 2), Math.round(height / 2)];
		const wrong: string[] = [];
		for (let row = -8; row < 8; row++) {
			for (let column = -12; column < 12; column++) {
				const value = plane.at(y + row + 1, x + column + 1);
				const shown = grey[(middleY + row * 4 + 2) * width + middleX + column * 4 + 2];
				const wanted = (Math.min(60000, value) / 60000) * 255;
				if (Math.abs(shown - wanted) > 2) wrong.push(`${row},${column}: ${shown}, not ${wanted.toFixed(1)}`);
			}
		}
		expect(wrong).toEqual([]);
	});
}

test("10: viewer: the level follows the zoom, and a fixed level shows what it costs", async ({ viewer }) => {
	await viewer.open();
	await viewer.host.getByRole("radio", { name: "one plane" }).check();
	await viewer.key("xy", "0");
	const first = Number(await viewer.host.getAttribute("data-level"));
	await viewer.key("xy", "-", "-");
	expect(Number(await viewer.host.getAttribute("data-level"))).toBeGreaterThanOrEqual(first);
	await viewer.key("xy", "0", "+", "+", "+", "+", "+", "+");
	await expect(viewer.host).toHaveAttribute("data-level", "0");
	const few = await chunksIn(viewer.cost("needed"));
	await viewer.key("xy", "0");
	await viewer.host.locator("select[name=level]").selectOption("0");
	await viewer.settled();
	await expect(viewer.host).toHaveAttribute("data-level", "0");
	const many = await chunksIn(viewer.cost("needed"));
	expect(many).toBeGreaterThan(few);
	// One plane of chunks, and the whole.
	const image = await openImage(phantom);
	const counts = image.shape(0).map((length, axis) => Math.ceil(length / image.chunks(0)[axis]));
	expect(many).toBe(counts[1] * counts[2]);
	const bytes = 2 * many * image.chunks(0).reduce((a, b) => a * b);
	const whole = counts[0] * bytes;
	const mebibytes = (n: number) => `${(n / 2 ** 20).toFixed(2)}\\sMiB`;
	await expect(viewer.cost("needed")).toHaveText(
		new RegExp(`^${many} chunks, ${mebibytes(bytes)} in memory; all there$`),
	);
	await expect(viewer.cost("whole")).toHaveText(
		new RegExp(
			`^${counts[0] * many} chunks, ${mebibytes(whole)} in memory: this view needs ${Math.round(100 / counts[0])}\\s?% of it$`,
		),
	);
});

test("10: viewer: three planes cross at one place, which moves with each of them", async ({ viewer }) => {
	await viewer.open();
	await viewer.key("xy", "+", "+", "+");
	const link = async () => {
		const text = await viewer.link();
		const at = new URLSearchParams(text.split("?")[1]).get("at") ?? "";
		return { text, at: at.split(",").map(Number) };
	};
	const before = await link();
	await viewer.key("zy", "ArrowRight");
	const moved = await link();
	// To the right in this panel is deeper in z; y and x stay.
	expect(moved.at[0]).toBeGreaterThan(before.at[0]);
	expect(moved.at.slice(1)).toEqual(before.at.slice(1));
	await viewer.key("xz", "PageDown");
	const through = await link();
	expect(through.at[1]).toBeGreaterThan(moved.at[1]);
	await viewer.panel("xy").scrollIntoViewIfNeeded();
	const box = await viewer.panel("xy").boundingBox();
	if (!box) throw new Error("there is no panel");
	await viewer.page.mouse.move(box.x + 100, box.y + 100);
	await viewer.page.mouse.down();
	await viewer.page.mouse.move(box.x + 60, box.y + 130, { steps: 4 });
	await viewer.page.mouse.up();
	const dragged = await link();
	expect(dragged.at[2]).toBeGreaterThan(through.at[2]);
	expect(dragged.at[1]).toBeLessThan(through.at[1]);
	// The link brings the same view back.
	await viewer.page.goto("about:blank");
	await viewer.page.goto(dragged.text);
	await viewer.settled();
	expect((await link()).at).toEqual(dragged.at);
	// So does one with all that can be chosen.
	await viewer.host.locator("select[name=level]").selectOption("1");
	await viewer.host.getByRole("radio", { name: "one plane" }).check();
	await viewer.host.locator("select[name=plane]").selectOption("xz");
	await viewer.host.getByLabel(": value drawn full").fill("5000");
	await viewer.host.getByLabel("Colour of").fill("#40ff80");
	await viewer.settled();
	const { text } = await link();
	expect(text).toMatch(/level=1&show=plane&plane=xz&c=0:[\d.]+:5000:40ff80$/);
	await viewer.page.goto("about:blank");
	await viewer.page.goto(text);
	await viewer.settled();
	expect((await link()).text).toBe(text);
	await expect(viewer.panel("xz")).toBeVisible();
	await expect(viewer.host).toHaveAttribute("data-level", "1");
});

test("10: viewer: what is wanted no more is given up, what failed is told and asked for again", async ({
	viewer,
	images,
}) => {
	await viewer.open(images.url);
	images.delay = 400;
	await viewer.host.getByRole("button", { name: "Forget chunks" }).click();
	await viewer.panel("xy").focus();
	for (let i = 0; i < 5; i++) await viewer.page.keyboard.press("Shift+PageDown");
	await viewer.settled();
	await expect(viewer.cost("fetched")).toContainText("given up");
	images.delay = 0;
	images.rule = (key) => (key.includes("/c/") ? "broken" : undefined);
	await viewer.host.getByRole("button", { name: "Forget chunks" }).click();
	await viewer.settled();
	const status = viewer.host.locator(".cw-fig-status");
	await expect(status).toContainText("could not be read");
	images.rule = () => undefined;
	await viewer.host.getByRole("button", { name: "Ask again" }).click();
	await viewer.settled();
	await expect(status).toContainText("All of it is there");
});

test("10: viewer: an image that comes while the stage is hidden is there when it is shown", async ({
	viewer,
	images,
}) => {
	await viewer.page.goto(viewer.root + gallery);
	await viewer.host.scrollIntoViewIfNeeded();
	await viewer.host.locator("> script").evaluate((script, source) => {
		script.textContent = JSON.stringify({ source });
	}, images.url);
	// As under a question: the answer of its cell is covered until the reader has guessed.
	await viewer.host.evaluate((host) => {
		host.style.display = "none";
		host.dispatchEvent(new Event("pointerdown"));
		host.querySelector<HTMLButtonElement>("[data-act=start]")?.click();
	});
	await expect(viewer.host).toHaveAttribute("data-renderer", /./);
	await viewer.settled();
	expect(images.chunks).toEqual([]);
	await viewer.host.evaluate((host) => {
		host.style.display = "";
	});
	await expect.poll(() => images.chunks.length).toBeGreaterThan(0);
	await viewer.settled();
	await expect(viewer.status).toContainText("All of it is there");
});

test("10: viewer: borders of chunks of one plane do not hide the planes across them", async ({ viewer }) => {
	await viewer.open(`${viewer.root}data/6001240.zarr`);
	await expect(viewer.status).toContainText("All of it is there");
	const covered = await viewer.host.locator(".cw-viewer-overlay").evaluate((canvas: HTMLCanvasElement) => {
		const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
			0,
			0,
			canvas.width,
			canvas.height,
		);
		return data.filter((alpha, i) => i % 4 === 3 && alpha > 0).length / (data.length / 4);
	});
	// The crosshairs, and the border of the plane that is one chunk.
	expect(covered).toBeGreaterThan(0);
	expect(covered).toBeLessThan(0.1);
});

test("10: viewer: a line of one's own is slow, and the line as it is quick again", async ({
	viewer,
	images,
}) => {
	await viewer.open(images.url);
	const line = viewer.host.getByLabel("Line");
	await expect(viewer.host.getByLabel("Latency")).toBeHidden();
	await line.selectOption("conference");
	await expect(viewer.host.getByLabel("Bandwidth")).toHaveAttribute("aria-valuetext", "1 Mbit/s");
	// The last of the slider's steps: a second.
	await viewer.host.getByLabel("Latency").fill("10");
	await expect(line).toHaveValue("own");
	await viewer.host.getByLabel("Bandwidth").fill("11");
	const asked = images.chunks.length;
	const started = Date.now();
	await viewer.host.getByRole("button", { name: "Forget chunks" }).click();
	await expect(viewer.host).toHaveAttribute("data-busy", "true");
	await viewer.settled();
	expect(images.chunks.length).toBeGreaterThan(asked);
	// What the line itself takes: a slow machine takes longer, and none less.
	expect(Date.now() - started).toBeGreaterThan(900);
	await line.selectOption("as it is");
	await expect(viewer.host.getByLabel("Latency")).toBeHidden();
});

test("10: viewer: the nearest chunks come first, coarse ones before; each state has a colour and a stroke", async ({
	viewer,
	images,
}) => {
	let release = () => {};
	images.held = new Promise((resolve) => {
		release = resolve;
	});
	const image = await openImage(phantom);
	// A corner of four chunks of level 0 on the panel's middle, each 160 pixels wide.
	const [, rows, columns] = image.chunks(0);
	const at = image.position(0, [60, 4 * rows, 6 * columns], -0.5);
	const zoom = 160 / columns / image.scale(0)[2];
	const view = `at=${at.join(",")}&zoom=${zoom}&level=0&show=plane&src=${images.url}`;
	await viewer.page.goto(`${viewer.root}${gallery}#phantom-viewer?${view}`);
	// A browser has six requests to a host under way, of the eight that are asked for.
	await expect.poll(() => images.chunks.length).toBe(6);
	const middle = [3, 4].flatMap((y) => [5, 6].map((x) => `${y}/${x}`));
	const nearest = images.chunks.flatMap((key) => /scale0\/.*\/c\/\d+\/(\d+\/\d+)$/.exec(key)?.slice(1) ?? []);
	// Two of a coarser level, which stand in for all, and the four in the middle.
	expect(nearest.toSorted()).toEqual(middle);

	/** How much of a chunk's left border is drawn, in which colour, and whether its middle is crossed. */
	const border = (y: number, x: number) =>
		viewer.host.locator(".cw-viewer-overlay").evaluate(
			(canvas, [row, column]) => {
				const { width, height } = canvas as HTMLCanvasElement;
				const context = (canvas as HTMLCanvasElement).getContext("2d") as CanvasRenderingContext2D;
				const left = Math.round(width / 2) + (column - 6) * 160;
				const top = Math.round(height / 2) + (row - 4) * 160;
				const read = (dx: number, dy: number, w: number, h: number) => {
					const { data } = context.getImageData(left + dx, top + dy, w, h);
					return Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(4 * i, 4 * i + 4)]);
				};
				const line = read(0, 20, 1, 120);
				const drawn = line.filter(([, , , alpha]) => alpha > 40);
				const [red, green, blue] = drawn[0] ?? [];
				return {
					share: drawn.length / line.length,
					color: [red, green, blue].map((part) => Math.round(part / 32)).join(),
					crossed: read(76, 76, 8, 8).some(([, , , alpha]) => alpha > 40),
				};
			},
			[y, x] as const,
		);
	await expect.poll(async () => (await border(3, 5)).share).toBe(1);
	const under = await border(3, 5);
	const wanted = await border(3, 8);
	expect(under).toMatchObject({ share: 1, crossed: false });
	// Wanted and not asked for yet: the same colour in dashes.
	expect(wanted.color).toBe(under.color);
	expect(wanted.share).toBeGreaterThan(0.3);
	expect(wanted.share).toBeLessThan(0.8);
	await expect(viewer.status).toContainText(/0 of its \d+ chunks are there/);
	images.rule = (key) =>
		/scale0.*\/3\/6$/.test(key) ? "absent" : /scale0.*\/4\/6$/.test(key) ? "broken" : undefined;
	release();
	await viewer.settled();
	const [there, absent, failed] = [await border(3, 5), await border(3, 6), await border(4, 6)];
	expect(there).toMatchObject({ share: 1, crossed: false });
	expect(absent.crossed).toBe(false);
	expect(absent.share).toBeLessThan(0.8);
	expect(failed).toMatchObject({ share: 1, crossed: true });
	expect(new Set([under, there, absent, failed].map(({ color }) => color)).size).toBe(4);
	await expect(viewer.status).toContainText("1 chunk could not be read");
	// The legend has them all by name.
	await expect(viewer.host.locator(".cw-viewer-legend li")).toHaveText([
		...["wanted", "being fetched", "there", "not stored", "failed"],
	]);
});

test("10: viewer: by keys alone to every control, and the words for those who hear it", async ({
	viewer,
}) => {
	const { page, host } = viewer;
	await page.goto(viewer.root + gallery);
	await host.getByRole("button", { name: "Look at the image" }).focus();
	await page.keyboard.press("Enter");
	await viewer.settled();
	// The button is gone: the keyboard is where the picture is.
	await expect(viewer.panel("xy")).toBeFocused();
	await expect(viewer.status).toContainText(/All of it is there\. In the middle: z [^;]+; \d+; level/);
	const middle = await viewer.status.textContent();
	await page.keyboard.press("ArrowRight");
	await expect(viewer.status).not.toHaveText(middle ?? "");
	await expect(host.locator(".cw-viewer-readout")).toContainText(/x .* · \d+ · level/);
	const names: string[] = [];
	for (let i = 0; i < 60; i++) {
		const name = await page.evaluate(() => {
			const now = document.activeElement as HTMLInputElement;
			if (!now.closest("#phantom-viewer")) return undefined;
			if (!now.checkVisibility()) return "hidden";
			const label = now.labels?.[0];
			// A group of radio buttons is one stop.
			const name = label?.querySelector("span")?.textContent ?? label?.textContent ?? now.textContent;
			return (now.ariaLabel || name || "?").trim().split(". ")[0];
		});
		if (name === undefined) break;
		names.push(name);
		if (name === "Open another image") await page.keyboard.press("Enter");
		await page.keyboard.press("Tab");
	}
	const channel = (await host.locator(".cw-viewer-channels label").textContent())?.trim();
	expect(names).toEqual([
		...["Plane x, y", "Plane z, y", "Plane x, z", "Zoom in", "Zoom out", "Show the whole image"],
		...["three planes", "Scale level", "Line", "chunks"],
		...[channel, `Colour of ${channel}`, `${channel}: value drawn black`, `${channel}: value drawn full`],
		...[`Auto: contrast of ${channel} from what is seen`],
		...["Forget chunks", "Save picture", "Copy link to this view"],
		...["Open another image", "Address of an OME-Zarr or N5", "Open", "A folder of this computer…"],
		...["A .zip or .ozx…", "A synthetic image of 1 TiB", "Scale levels as a table"],
	]);
	// A picture of the stage, point for point.
	await host.getByRole("button", { name: "Save picture" }).focus();
	const saving = page.waitForEvent("download");
	await page.keyboard.press("Enter");
	expect((await saving).suggestedFilename()).toMatch(/\.png$/);
	await expect(host.locator(".cw-viewer-done")).toHaveText("Saved.");
	const { width, height } = await viewer.picture();
	const stage = await host.locator(".cw-viewer-stage").evaluate((element) => ({
		width: Math.round(element.clientWidth * devicePixelRatio),
		height: Math.round(element.clientHeight * devicePixelRatio),
	}));
	expect({ width, height }).toEqual(stage);
	// One plane alone can be any of the three.
	await host.getByRole("radio", { name: "one plane" }).check();
	await host.locator("select[name=plane]").selectOption({ label: "z, y" });
	await expect(viewer.panel("zy")).toBeVisible();
	await expect(viewer.panel("xy")).toBeHidden();
	await host.locator(".cw-viewer-axes-sliders").getByLabel("x").fill("100");
	await viewer.settled();
	expect(await viewer.link()).toContain("show=plane&plane=zy");
});

test("10: viewer: a chunk that is not stored is drawn as nothing, and asked for once", async ({
	viewer,
	images,
}) => {
	images.rule = (key) => (key.includes("/c/") ? "absent" : undefined);
	await viewer.open(images.url);
	await expect(viewer.cost("needed")).toContainText("all there");
	const asked = images.chunks.length;
	await viewer.key("xy", "PageDown", "PageUp");
	expect(images.chunks.length).toBe(asked);
});

test("10: viewer: an address where no image is says what is wrong and what to do", async ({ viewer }) => {
	await viewer.page.goto(viewer.root + gallery);
	const vast = viewer.page.locator("#vast-viewer");
	await vast.scrollIntoViewIfNeeded();
	await viewer.page.route("**/data/phantom.ome.zarr/**", (route) =>
		route.fulfill({ status: 404, body: page404 }),
	);
	await viewer.host.getByRole("button", { name: "Look at the image" }).click();
	const message = viewer.host.locator(".cw-viewer-message");
	await expect(message).toHaveAttribute("data-error", "true");
	await expect(message).toContainText(/data\/phantom\.ome\.zarr: .*zarr\.json/);
	// No borders to explain, no levels to list.
	await expect(viewer.host.locator(".cw-viewer-legend")).toBeHidden();
	await expect(viewer.host.getByText("Scale levels as a table")).toBeHidden();
	// The way out: another address.
	await expect(viewer.host.getByLabel("Address of an OME-Zarr or N5")).toBeVisible();
});

test("10: viewer: a tebibyte costs what the screen shows, wherever one goes", async ({ viewer }) => {
	test.slow();
	await viewer.page.goto(viewer.root + gallery);
	const vast = viewer.page.locator("#vast-viewer");
	await vast.getByRole("button", { name: "Look at the image" }).click();
	const settled = () => expect(vast).toHaveAttribute("data-busy", "false", { timeout: 90_000 });
	await settled();
	await vast.getByRole("radio", { name: "one plane" }).check();
	await expect(vast.locator("[data-cost=whole]")).toContainText("1.00 TiB");
	const panel = vast.locator(".cw-viewer-panel[data-plane=xy]");
	const counts: number[] = [];
	for (const keys of [
		["0"],
		["+", "+", "+", "+"],
		["ArrowRight", "+", "+", "+", "+"],
		["ArrowDown", "+", "+"],
	]) {
		await panel.focus();
		for (const key of keys) await viewer.page.keyboard.press(key);
		await settled();
		counts.push(await chunksIn(vast.locator("[data-cost=needed]")));
	}
	// A panel of 744 × 465 pixels: at most 13 × 9 chunks of 64, whatever the zoom.
	expect(Math.max(...counts)).toBeLessThanOrEqual(13 * 9);
	await expect(vast.locator("[data-cost=kept]")).toContainText("MiB");
});

test("10: viewer: the volume is drawn, and turned by keys", async ({ viewer }) => {
	test.slow();
	await viewer.open();
	await viewer.host.getByRole("radio", { name: "volume" }).check();
	await expect(viewer.host.locator(".cw-viewer-note")).toContainText(/Scale level 0: 129 × 212 × 363 voxels/);
	await viewer.settled();
	const bright = async () => {
		const { grey } = await viewer.picture();
		return { sum: grey.reduce((a, b) => a + b, 0), most: grey.reduce((a, b) => Math.max(a, b), 0) };
	};
	await expect.poll(async () => (await bright()).most).toBeGreaterThan(200);
	const front = await bright();
	await viewer.key("volume", "ArrowRight", "ArrowRight", "ArrowDown");
	await expect.poll(async () => Math.abs((await bright()).sum - front.sum)).toBeGreaterThan(0);
	// The graphics card is taken away, and the volume begun again.
	const canvas = viewer.panel("volume").locator("canvas");
	const lost = await canvas.elementHandle();
	await canvas.evaluate((element) => {
		(element as HTMLCanvasElement).getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
	});
	await expect.poll(() => lost?.evaluate((element) => element.isConnected)).toBe(false);
	await viewer.settled();
	await expect.poll(async () => (await bright()).most).toBeGreaterThan(200);
});

test.describe("by fingers", () => {
	test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

	test("10: viewer: one finger moves it, two zoom it, and up or down scrolls the page", async ({
		viewer,
	}) => {
		const { page } = viewer;
		await viewer.open();
		await viewer.host.getByRole("radio", { name: "one plane" }).check();
		await viewer.settled();
		const panel = viewer.panel("xy");
		const client = await page.context().newCDPSession(page);
		/** Fingers go from one place to another, counted from the middle of the panel. */
		const fingers = async (...paths: { from: [number, number]; to: [number, number] }[]) => {
			const middle = await panel.evaluate((element) => {
				element.scrollIntoView({ block: "center", behavior: "instant" });
				const { left, top, width, height } = element.getBoundingClientRect();
				return { x: left + width / 2, y: top + height / 2 };
			});
			const scrolled = await page.evaluate(() => scrollY);
			const at = (part: number) =>
				paths.map(({ from, to }, id) => ({
					id,
					x: middle.x + from[0] + (to[0] - from[0]) * part,
					y: middle.y + from[1] + (to[1] - from[1]) * part,
				}));
			await client.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0) });
			for (let i = 1; i <= 8; i++)
				await client.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(i / 8) });
			await client.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
			await viewer.settled();
			return (await page.evaluate(() => scrollY)) - scrolled;
		};
		const view = async () => {
			const link = new URLSearchParams((await viewer.link()).split("?")[1]);
			return { x: Number(link.get("at")?.split(",").at(-1)), zoom: Number(link.get("zoom")) };
		};
		const first = await view();
		await fingers({ from: [60, 0], to: [-60, 0] });
		const moved = await view();
		expect(moved.zoom).toBe(first.zoom);
		// What lay 120 pixels to the right of the middle is there now, within what a finger moves before it counts.
		expect(Math.abs((moved.x - first.x) * first.zoom - 120)).toBeLessThan(20);

		await fingers({ from: [-30, 0], to: [-80, 0] }, { from: [30, 0], to: [80, 0] });
		const zoomed = await view();
		expect(zoomed.zoom / moved.zoom).toBeGreaterThan(2);
		expect(zoomed.zoom / moved.zoom).toBeLessThan(3.2);

		expect(await fingers({ from: [0, 60], to: [0, -60] })).toBeGreaterThan(50);
		expect(await view()).toEqual(zoomed);
	});
});

for (const colorScheme of ["dark", "light"] as const) {
	test(`10: viewer: fits a phone, and axe finds nothing, ${colorScheme}`, async ({ viewer }) => {
		await viewer.page.emulateMedia({ colorScheme });
		await viewer.page.setViewportSize({ width: 360, height: 740 });
		await viewer.open();
		expect(await violations(viewer.page)).toEqual([]);
		const beyond = await viewer.page.evaluate(
			() => document.documentElement.scrollWidth - document.documentElement.clientWidth,
		);
		expect(beyond).toBeLessThanOrEqual(0);
	});
}

test("10: viewer: a cell shows what it has computed", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"download",
		`import { toMultiscale, toSpatialImage, view } from "chunkwise";
const data = Uint16Array.from({ length: 64 * 64 * 64 }, (_, i) => i % 1000);
view(await toMultiscale(toSpatialImage({ data, shape: [64, 64, 64] }), [2], { chunks: 32 }))`,
	);
	await lesson.run("download");
	const viewer = lesson.output("download").locator("[data-figure=viewer]");
	await expect(viewer).toHaveAttribute("data-busy", "false");
	await expect(viewer.locator(".cw-fig-status")).toContainText("in memory");
	await expect(viewer.locator("[data-cost=whole]")).toContainText("8 chunks, 512.00");
});
