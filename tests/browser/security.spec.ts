/** The built pages allow only the site itself, and what cells show can neither run, nor load, nor cover the page. */
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { refusals } from "./refusals.ts";
import { expect, lessonPath, test } from "./site.ts";

const dist = join(import.meta.dirname, "../../dist");

/** A server elsewhere that notes what it is asked for. */
async function elsewhere(): Promise<{ url: string; asked: string[]; close(): void }> {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		asked.push(request.url ?? "");
		response.writeHead(200, { "Content-Type": "text/javascript", "Access-Control-Allow-Origin": "*" });
		response.end("globalThis.pwned = true;");
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}/`, asked, close: () => server.close() };
}

test("security: every page has a policy and keeps to it", async ({ page, site }) => {
	const found = await refusals(page);
	const pages = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) =>
		name.endsWith(".html"),
	);
	expect(pages.length).toBeGreaterThan(3);
	for (const name of pages) {
		await page.goto(site.url + name.replace(/index\.html$/, ""));
		const policy = page.locator('meta[http-equiv="content-security-policy"]');
		await expect(policy, name).toHaveCount(1);
		const text = (await policy.getAttribute("content")) ?? "";
		expect(text, name).toContain("default-src 'self'");
		expect(text, name).not.toContain("'unsafe-eval'");
		expect(/script-src [^;]*/.exec(text)?.[0], name).not.toContain("'unsafe-inline'");
	}
	expect(found).toEqual([]);
});

test("security: a lesson's run, its editor, drawings, figures and search keep to the policy", async ({
	lesson,
}) => {
	const found = await refusals(lesson.page);
	await lesson.open({ prefer: "phantom" });
	await lesson.page.getByRole("button", { name: "Run all cells" }).click();
	await lesson.expectState("chunk-grid", "done", 100_000);
	await lesson.type(
		"attribute-keys",
		'import * as Plot from "@observablehq/plot";\nPlot.lineY([1, 3, 2]).plot()',
	);
	await lesson.run("attribute-keys");
	await expect(lesson.output("attribute-keys").locator("svg")).toBeVisible();
	await lesson.page.keyboard.press("Escape");
	await lesson.page
		.getByRole("button", { name: /search/i })
		.first()
		.click();
	await lesson.page.getByRole("searchbox").or(lesson.page.locator("dialog input")).first().fill("chunk");
	await expect(lesson.page.locator("dialog[open] a").first()).toBeVisible();
	await lesson.page.keyboard.press("Escape");
	await lesson.page.goto(lesson.root);
	await lesson.page.locator("canvas").first().scrollIntoViewIfNeeded();
	await lesson.page.waitForLoadState("networkidle");
	expect(found).toEqual([]);
});

test("security: a bucket's service worker runs under the policy", async ({ lesson }) => {
	const found = await refusals(lesson.page);
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"is-spatial-image",
		`import { startBucket } from "chunkwise";
const bucket = await startBucket("policy");
await fetch(bucket + "/a", { method: "PUT", body: new Uint8Array([7]) });
const got = await (await fetch(bucket + "/a")).arrayBuffer();
bucket.why ?? got.byteLength`,
	);
	await lesson.run("is-spatial-image");
	await expect(lesson.output("is-spatial-image")).toContainText("1");
	expect(found).toEqual([]);
});

test("security: injected scripts, handlers, frames and eval are refused in the page", async ({
	page,
	site,
}) => {
	const found = await refusals(page);
	const other = await elsewhere();
	await page.goto(site.url + lessonPath);
	await page.evaluate((url) => {
		const add = (name: string, attributes: Record<string, string>, text = "") => {
			const made = document.createElement(name);
			for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
			made.textContent = text;
			document.body.append(made);
			return made;
		};
		add("script", {}, "globalThis.pwned = true");
		add("script", { src: `${url}foreign.js` });
		add("button", { onclick: "globalThis.pwned = true" }).click();
		add("a", { href: "javascript:globalThis.pwned = true" }).click();
		add("iframe", { src: `${url}frame.html` });
		add("img", { src: `${url}picture.png` });
		add("link", { rel: "stylesheet", href: `${url}style.css` });
		add("object", { data: `${url}object` });
		try {
			new Worker(URL.createObjectURL(new Blob(["postMessage(1)"])));
		} catch {}
	}, other.url);
	await expect.poll(() => found.join("\n")).toContain("script-src-attr");
	await expect.poll(() => found.join("\n")).toMatch(/script-src-elem .*foreign\.js/);
	await expect.poll(() => found.join("\n")).toMatch(/script-src-elem inline/);
	await expect.poll(() => found.join("\n")).toMatch(/frame-src/);
	await expect.poll(() => found.join("\n")).toMatch(/img-src/);
	await expect.poll(() => found.join("\n")).toMatch(/worker-src/);
	expect(await page.evaluate(() => (globalThis as { pwned?: boolean }).pwned)).toBeUndefined();
	expect(other.asked, "asked of another host").toEqual([]);
	other.close();
});

const evil = (url: string): string[] => [
	"<script>top.pwned = 1</script><svg><script>top.pwned = 1</script></svg>",
	`<img src=x onerror="globalThis.pwned = 1"><svg onload="globalThis.pwned = 1"><g onclick="globalThis.pwned = 1"/></svg>`,
	`<img src="${url}img"><img srcset="${url}set 2x"><video src="${url}v" poster="${url}p"></video><audio src="${url}a"></audio>`,
	`<svg><image href="${url}i1"/><image xlink:href="${url}i2"/><use href="${url}u#a"/><feImage href="${url}f"/></svg>`,
	`<svg><a href="javascript:globalThis.pwned=1"><text>press</text></a><a xlink:href="javascript:pwned=1"><rect width="9" height="9"/></a></svg>`,
	`<svg><a id="x"><set attributeName="href" to="javascript:globalThis.pwned=1"/><animate attributeName="href" values="javascript:globalThis.pwned=1"/><text y="20">go</text></a></svg>`,
	`<svg><foreignObject width="99" height="99"><iframe srcdoc="<script>top.pwned=1</script>"></iframe></foreignObject></svg>`,
	`<svg><style>@import url(${url}import); rect { fill: url(${url}fill) } text { background: \\75rl(${url}escaped) } @font-face { font-family: x; src: url(${url}font) } .a { background: image-set("${url}set" 1x) } .b { --x: url(${url}var); background: var(--x) }</style><rect class="a b" width="10" height="10"/><text class="a b" style="font-family: x">t</text></svg>`,
	`<div class="a b" style="background: url(${url}style); list-style-image: url(${url}list)">styled</div><svg><rect fill="url(${url}attr#x)" filter="url(${url}filter#x)" width="5" height="5"/></svg>`,
	`<style>body, html, .cw-cell { display: none !important } :host { position: fixed !important; inset: 0 !important; z-index: 2147483647 !important; contain: none !important }</style><p>hides the page</p>`,
	`<div id="cover" style="position: fixed; inset: 0; width: 100vw; height: 100vh; z-index: 2147483647; background: red">covers the page</div>`,
	`<dialog open>d</dialog><div popover id="pop">p</div><button popovertarget="pop">b</button><form action="${url}form"><input name="q"></form>`,
	`<link rel="stylesheet" href="${url}link"><meta http-equiv="refresh" content="0;url=${url}meta"><base href="${url}base"><iframe src="${url}frame"></iframe><object data="${url}object"></object><embed src="${url}embed">`,
	'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=globalThis.pwned=1&gt;">',
	`<svg></p><style><g title="</style><img src=x onerror=globalThis.pwned=1>">`,
	`<form id="x"><input name="attributes"><input name="parentNode"></form><img name="body" id="body">`,
];

// Cleaning alone must hold, as in a browser that takes no policy from a page.
for (const bypassCSP of [false, true]) {
	const alone = bypassCSP ? ", without the policy too" : "";
	test.describe(() => {
		test.use({ bypassCSP });

		test(`security: what a cell draws does not run, does not load, and covers nothing${alone}`, async ({
			lesson,
		}) => {
			const other = await elsewhere();
			const dialogs: string[] = [];
			lesson.page.on("dialog", (dialog) => {
				dialogs.push(dialog.message());
				void dialog.dismiss();
			});
			await lesson.open({ prefer: "phantom" });
			const drawn = evil(other.url).map((outerHTML) => ({ nodeType: 1, outerHTML }));
			await lesson.write(
				"attribute-keys",
				`for (const drawn of ${JSON.stringify(drawn)}) display(drawn);\n"end"`,
			);
			await lesson.run("attribute-keys");
			await expect(lesson.output("attribute-keys").locator(".cw-markup")).toHaveCount(drawn.length);
			await expect(lesson.output("attribute-keys").getByText("covers the page")).toBeVisible();
			// Everything in it is pressed, as a reader might.
			await lesson.output("attribute-keys").evaluate((output) => {
				for (const box of output.querySelectorAll(".cw-markup > div"))
					for (const part of box.shadowRoot?.querySelectorAll("*") ?? [])
						part.dispatchEvent(new MouseEvent("click", { bubbles: true }));
			});
			const after = await lesson.page.evaluate(() => {
				const boxes = [...document.querySelectorAll(".cw-markup")];
				const cell = document.querySelector(".cw-cell") as HTMLElement;
				const first = document.elementFromPoint(5, 5);
				const left = boxes.flatMap((box) =>
					[...(box.firstElementChild?.shadowRoot?.querySelectorAll("*") ?? [])].flatMap((part) =>
						[...part.attributes]
							.filter(
								({ name, value }) => /^on|javascript:|https?:/i.test(name + value) && !/xmlns/.test(name),
							)
							.map(({ name, value }) => `${part.tagName} ${name}=${value}`),
					),
				);
				return {
					pwned: (globalThis as { pwned?: unknown }).pwned,
					shown: getComputedStyle(cell).display,
					isCovered: boxes.some((box) => box.contains(first)),
					wide: document.documentElement.scrollWidth - innerWidth,
					left,
				};
			});
			expect(after).toEqual({ pwned: undefined, shown: "grid", isCovered: false, wide: 0, left: [] });
			// Over every corner of the screen, wherever the page is scrolled: what covers would be hit.
			await lesson.output("attribute-keys").getByText("covers the page").scrollIntoViewIfNeeded();
			const covered = await lesson.page.evaluate(() => {
				const inside = (x: number, y: number) => {
					const hit = document.elementFromPoint(x, y);
					const box = hit?.closest(".cw-markup")?.getBoundingClientRect();
					return box !== undefined && (x < box.left || x > box.right || y < box.top || y > box.bottom);
				};
				return [20, innerWidth / 2, innerWidth - 20].some((x) =>
					[5, innerHeight / 2, innerHeight - 5].some((y) => inside(x, y)),
				);
			});
			expect(covered).toBe(false);
			expect(dialogs).toEqual([]);
			expect(other.asked, "asked of another host").toEqual([]);
			other.close();
		});
	});
}

for (const bypassCSP of [false, true]) {
	test.describe(() => {
		test.use({ bypassCSP });
		test(`security: a figure displayed with hostile props is text${bypassCSP ? ", without the policy too" : ""}`, async ({
			lesson,
		}) => {
			const other = await elsewhere();
			await lesson.open({ prefer: "phantom" });
			await lesson.write(
				"attribute-keys",
				`const evil = \`"><img src="${other.url}x" onerror="globalThis.pwned=1"><svg onload='globalThis.pwned=1'>\`;
const show = (figure: string, props: object) => display({ [Symbol.for("chunkwise.display")]: () => ({ kind: "figure", figure, props }) });
const odd = { toString: evil, length: evil };
show("chunk-grid", { shape: [4, 4, 4], chunks: [2, 2, 2], dims: [evil, evil, evil], title: evil, name: evil });
show("chunk-grid", { shape: [evil, evil], chunks: [evil, evil], dims: [evil, odd] });
show("storage-comparison", { shape: [64, 64], chunks: [8, 8], name: evil, levels: evil, dtype: evil, key: evil });
show("viewport", { shape: [64, 64], chunks: [8, 8], name: evil, units: evil, levels: [evil] });
show(evil, {});
show("constructor", {});
display({ [Symbol.for("chunkwise.display")]: () => ({ kind: evil }) });`,
			);
			await lesson.run("attribute-keys");
			await expect(lesson.output("attribute-keys").locator(":scope > *")).toHaveCount(7);
			await expect(lesson.output("attribute-keys").getByText("There is no figure")).toBeVisible();
			await lesson.page.waitForLoadState("networkidle");
			expect(await lesson.output("attribute-keys").locator("img, [onerror], [onload]").count()).toBe(0);
			expect(await lesson.page.evaluate(() => (globalThis as { pwned?: unknown }).pwned)).toBeUndefined();
			expect(other.asked).toEqual([]);
			other.close();
		});
	});
}

test("security: HTML in the keys and attributes of a hostile store is text", async ({ lesson }) => {
	const other = await elsewhere();
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"attribute-keys",
		`import { MemoryStore, openZarr, tree } from "chunkwise";
const html = '<img src="${other.url}x" onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>';
const store = new MemoryStore();
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
await store.set("/zarr.json", json({ zarr_format: 3, node_type: "group", attributes: { [html]: html, deep: { [html]: [html] } } }));
await store.set("/" + "a<b onclick=pwned=1>" + "/zarr.json", json({ zarr_format: 3, node_type: "group", attributes: {} }));
const group = await openZarr(store);
display(group);
display(group.attrs);
display([{ [html]: html }]);
display(await tree(store));
console.log(html);
throw new Error(html);`,
	);
	await lesson.press("attribute-keys");
	await lesson.expectState("attribute-keys", "failed");
	await expect(lesson.output("attribute-keys")).toContainText("onerror");
	expect(await lesson.output("attribute-keys").locator("img, script, b").count()).toBe(0);
	expect(await lesson.page.evaluate(() => (globalThis as { pwned?: unknown }).pwned)).toBeUndefined();
	expect(other.asked).toEqual([]);
	other.close();
});

test("security: a worker is ruled by its own headers: cells evaluate and fetch, the page does not", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write("attribute-keys", "new Function('return 6 * 7')()");
	await lesson.run("attribute-keys");
	await expect(lesson.output("attribute-keys")).toHaveText("42");
	// Page scripts evaluate nothing: a script of the site would fail in the same way.
	const message = await lesson.page.evaluate(
		() =>
			new Promise<string>((done) => {
				document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective), {
					once: true,
				});
				setTimeout("globalThis.pwned = 1");
			}),
	);
	expect(message).toBe("script-src");
	expect(await lesson.page.evaluate(() => (globalThis as { pwned?: unknown }).pwned)).toBeUndefined();
});
