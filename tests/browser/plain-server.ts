/** The plainest static server there is: files and their types, no ranges, no CORS, no special headers. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Record<string, string> = {
	".css": "text/css",
	".html": "text/html",
	".js": "text/javascript",
	".json": "application/json",
	".svg": "image/svg+xml",
	".wasm": "application/wasm",
	".woff2": "font/woff2",
};

/** Serves `folder` under `base`, such as "/course/"; everything else is a 404. */
export async function servePlainly(
	folder: string,
	base: string,
): Promise<{ url: string; missing: string[]; close(): void }> {
	const missing: string[] = [];
	const server = createServer(async (request, response) => {
		const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname);
		try {
			if (!path.startsWith(base)) throw new Error("outside the base path");
			const inside = normalize(path.slice(base.length));
			const file = join(folder, inside.endsWith("/") || inside === "." ? join(inside, "index.html") : inside);
			const body = await readFile(file);
			response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" });
			response.end(body);
		} catch {
			missing.push(path);
			response.writeHead(404);
			response.end();
		}
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}${base}`, missing, close: () => server.close() };
}
