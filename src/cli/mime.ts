/** Media types of what a course site and an image store hold, by file name. */
const byExtension: Record<string, string> = {
	avif: "image/avif",
	css: "text/css; charset=utf-8",
	csv: "text/csv; charset=utf-8",
	gif: "image/gif",
	gz: "application/gzip",
	htm: "text/html; charset=utf-8",
	html: "text/html; charset=utf-8",
	ico: "image/vnd.microsoft.icon",
	jpeg: "image/jpeg",
	jpg: "image/jpeg",
	js: "text/javascript; charset=utf-8",
	json: "application/json; charset=utf-8",
	map: "application/json; charset=utf-8",
	md: "text/markdown; charset=utf-8",
	mjs: "text/javascript; charset=utf-8",
	ozx: "application/zip",
	pdf: "application/pdf",
	png: "image/png",
	svg: "image/svg+xml",
	tgz: "application/gzip",
	tif: "image/tiff",
	tiff: "image/tiff",
	txt: "text/plain; charset=utf-8",
	wasm: "application/wasm",
	webmanifest: "application/manifest+json",
	webp: "image/webp",
	woff: "font/woff",
	woff2: "font/woff2",
	xml: "application/xml; charset=utf-8",
	yaml: "application/yaml",
	yml: "application/yaml",
	zip: "application/zip",
};

/** Zarr v2 and N5 documents are JSON whose names have no extension. */
const byName: Record<string, string> = {
	".zarray": byExtension.json,
	".zattrs": byExtension.json,
	".zgroup": byExtension.json,
	".zmetadata": byExtension.json,
};

/** The media type for a file name; `application/octet-stream` for chunks and whatever else has no known extension. */
export function mediaType(fileName: string): string {
	const known = byName[fileName];
	if (known) return known;
	const dot = fileName.lastIndexOf(".");
	if (dot < 0) return "application/octet-stream";
	return byExtension[fileName.slice(dot + 1).toLowerCase()] ?? "application/octet-stream";
}
