/**
 * Astro links on a page the styles of all that its scripts may ever import, the editor's among them, although Vite
 * loads those with the script itself. Here a page keeps the styles that its own markup was rendered with.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";

const link = /<link\b[^>]*\brel="stylesheet"[^>]*>/g;

/** Takes the links to styles that come with a script out of every built page. */
export function lazyStyles(): AstroIntegration {
	/** Names of the style sheets of rendered markup, as Rollup emitted them: `_astro/index.KcoazqoB.css`. */
	const rendered = new Set<string>();
	return {
		name: "chunkwise-lazy-styles",
		hooks: {
			"astro:config:setup": ({ updateConfig }) => {
				updateConfig({
					vite: {
						plugins: [
							{
								name: "chunkwise-lazy-styles",
								enforce: "post",
								generateBundle(_options, bundle) {
									if (this.environment.name === "client") return;
									for (const name of Object.keys(bundle)) if (name.endsWith(".css")) rendered.add(name);
								},
							},
						],
					},
				});
			},
			"astro:build:done": async ({ dir }) => {
				const root = fileURLToPath(dir);
				const files = await readdir(root, { recursive: true });
				const styles = await textsOf(root, files);
				for (const file of files.filter((name) => name.endsWith(".html"))) {
					const path = join(root, file);
					const html = await readFile(path, "utf8");
					await writeFile(path, withoutLazy(html, rendered, styles));
				}
			},
		},
	};
}

async function textsOf(root: string, files: readonly string[]): Promise<Map<string, string>> {
	const names = files.filter((name) => name.endsWith(".css")).map((name) => name.replaceAll("\\", "/"));
	return new Map(
		await Promise.all(names.map(async (name) => [name, await readFile(join(root, name), "utf8")] as const)),
	);
}

/**
 * `html` with the links to `rendered` styles only. Where a script comes with the same styles under another name, the
 * link takes that name, so that the script finds them there.
 */
export function withoutLazy(
	html: string,
	rendered: ReadonlySet<string>,
	styles: ReadonlyMap<string, string>,
): string {
	const nameIn = (tag: string) => [...styles.keys()].find((name) => tag.includes(`/${name}"`));
	return html.replace(link, (tag) => {
		const name = nameIn(tag);
		if (name === undefined) return tag;
		if (!rendered.has(name)) return "";
		const twin = [...styles].find(([other, text]) => !rendered.has(other) && text === styles.get(name));
		return twin ? tag.replace(name, twin[0]) : tag;
	});
}
