/** The links, places and headings of a built site, read from its files: what leads nowhere, and what a reader would trip over. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { parseHTML } from "linkedom";
import { nearest } from "../../src/lib/nearest.ts";
import { addressProblem, isElsewhere } from "./link-rules.ts";

interface BuiltPage {
	/** Below the root: "lessons/zarr/", "404.html", "" for the landing page. */
	path: string;
	ids: Set<string>;
	/** What leads away, with its words, and what is loaded. */
	links: { address: string; text: string; loads: boolean }[];
	/** Of the page's own content. */
	headings: { level: number; text: string }[];
}

/** @param folder of the built site, which stands at the root of its server */
export function builtPages(folder: string): BuiltPage[] {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.map((name) => name.replaceAll("\\", "/"))
		.filter((name) => name.endsWith(".html"))
		.sort()
		.map((name) => {
			const { document } = parseHTML(readFileSync(join(folder, name), "utf8"));
			const all = <T extends Element>(selector: string) => [...document.querySelectorAll<T>(selector)];
			const plain = (element: Element) => (element.textContent ?? "").trim().replace(/\s+/g, " ");
			const away = all("a[href], area[href]").map((element) => ({
				address: element.getAttribute("href") ?? "",
				text: plain(element) || (element.getAttribute("aria-label") ?? ""),
				loads: false,
			}));
			const loaded = all("link[href], script[src], img[src], source[src]").map((element) => ({
				address: element.getAttribute("href") ?? element.getAttribute("src") ?? "",
				text: element.localName,
				loads: true,
			}));
			return {
				path: name.replace(/(^|\/)index\.html$/, "$1"),
				ids: new Set(all("[id], a[name]").map((one) => one.id || (one.getAttribute("name") ?? ""))),
				links: [...away, ...loaded],
				headings: all("main h1, main h2, main h3, main h4, main h5, main h6").map((element) => ({
					level: Number(element.localName[1]),
					text: plain(element),
				})),
			};
		});
}

/** In words what leads nowhere: pages, places on pages, files; and addresses of other sites that cannot be right. */
export function linkProblems(folder: string, pages = builtPages(folder)): string[] {
	const byPath = new Map(pages.map((page) => [page.path, page]));
	const paths = [...byPath.keys()];
	const problems = new Set<string>();
	for (const { path, links } of pages) {
		for (const { address, text, loads } of links) {
			const say = (what: string) =>
				problems.add(`/${path}: ${loads ? `<${text}>` : `the link “${text}”`} → ${address}: ${what}`);
			if (isElsewhere(address)) {
				// Data in the address itself, and what a script on the page is told.
				const problem = /^(data|blob|javascript):/.test(address) ? undefined : addressProblem(address);
				if (problem) say(problem);
				continue;
			}
			const url = new URL(address, `https://site.invalid/${path}`);
			const target = decodeURIComponent(url.pathname.slice(1));
			const page = byPath.get(target) ?? byPath.get(`${target}/`) ?? byPath.get(`${target}.html`);
			if (!page && !isFile(join(folder, target))) {
				const close = loads ? undefined : nearest(target, paths);
				say(`there is no such ${loads ? "file" : "page"}.${close ? ` Did you mean /${close}?` : ""}`);
				continue;
			}
			const place = decodeURIComponent(url.hash.slice(1));
			// With an equals sign it is for a script: code that is shared, a view of an image.
			if (!page || place === "" || place.includes("=") || page.ids.has(place)) continue;
			const close = nearest(place, page.ids);
			say(`no place “${place}” is on that page.${close ? ` Did you mean #${close}?` : ""}`);
		}
	}
	return [...problems];
}

/** One heading of level 1, and none that skips a level, with what components add to the author's. */
export function headingProblems(pages: readonly BuiltPage[]): string[] {
	return pages.flatMap(({ path, headings }) => {
		const problems: string[] = [];
		const titles = headings.filter(({ level }) => level === 1).length;
		if (titles !== 1) problems.push(`/${path}: ${titles} headings of level 1.`);
		let before = 0;
		for (const { level, text } of headings) {
			if (text === "") problems.push(`/${path}: an empty heading of level ${level}.`);
			if (level > before + 1 && before > 0)
				problems.push(`/${path}: “${text}” has level ${level}, and the heading before it ${before}.`);
			before = level;
		}
		return problems;
	});
}

function isFile(path: string): boolean {
	return existsSync(path) && statSync(path).isFile();
}

/** Where in the source of a page an address is written, for messages: "src/content/docs/index.mdx:12". */
export function placeInSource(root: string, path: string, address: string): string | undefined {
	const name = path.replace(/\/$/, "") || "index";
	const candidates = [`${name}.mdx`, `${name}/index.mdx`].map((one) => join(root, "src/content/docs", one));
	const file = candidates.find(isFile);
	if (!file) return undefined;
	const line = readFileSync(file, "utf8")
		.split("\n")
		.findIndex((text) => text.includes(address));
	return line < 0 ? undefined : `${relative(root, file).replaceAll("\\", "/")}:${line + 1}`;
}
