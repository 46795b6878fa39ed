/** The pages of the built site, by their paths. */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

export const dist = join(import.meta.dirname, "../../dist");

/** The paths of all built pages, the root as "": "lessons/tiff-to-ome-zarr/", "404.html", … */
export function sitePages(): string[] {
	return readdirSync(dist, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(".html"))
		.map((entry) => relative(dist, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
		.map((path) => path.replace(/(^|\/)index\.html$/, "$1"))
		.sort();
}

/** Those with cells. */
export function lessonPages(): string[] {
	return sitePages().filter((path) => path.startsWith("lessons/"));
}
