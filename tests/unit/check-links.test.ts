import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askLinks } from "../../scripts/links/ask.ts";
import { externalLinks, linksIn } from "../../scripts/links/external.ts";
import { root } from "../../scripts/paths.ts";

describe("addresses of other sites", () => {
	it("are found in Markdown outside of code, and in the comments of programs", () => {
		const text =
			'[A](https://a.org/x_(y)#z), `[B](https://b.org)`\n\n```md\n[C](https://c.org)\n```\n<https://d.org/>.\n[E](../e/) <a href="https://f.org/q">F</a> [G](https://example.org/g)\n';
		expect(linksIn(text)).toEqual([
			{ address: "https://a.org/x_(y)#z", line: 1 },
			{ address: "https://d.org/", line: 6 },
			{ address: "https://f.org/q", line: 7 },
		]);
		const program =
			'/** See https://a.org/b. */\nconst c = "https://c.org";\n// {@link https://d.org/e}, https://host.invalid/\n';
		expect(linksIn(program, true)).toEqual([
			{ address: "https://a.org/b", line: 1 },
			{ address: "https://d.org/e", line: 3 },
		]);
	});

	it("are those of lessons, documents and docstrings, each once", () => {
		const links = externalLinks(root);
		const files = links.flatMap(({ places }) => places.map((place) => place.replace(/:\d+$/, "")));
		expect(files).toEqual(
			expect.arrayContaining(["README.md", "docs/validation.md", "src/content/docs/lessons/zarr.mdx"]),
		);
		expect(files.some((file) => file.startsWith("src/lib/"))).toBe(true);
		expect(new Set(links.map(({ address }) => address)).size).toBe(links.length);
		expect(links.filter(({ address }) => address.includes("#"))).toEqual([]);
	});
});

describe("asking for them", () => {
	let server: Server;
	let site = "";
	const asked: string[] = [];
	const status: Record<string, (method: string) => number> = {
		"/there": () => 200,
		"/gone": () => 404,
		"/no-head": (method) => (method === "HEAD" ? 405 : 200),
		"/refuses": () => 403,
		"/busy-once": () => (asked.filter((one) => one.endsWith("/busy-once")).length <= 2 ? 503 : 200),
	};
	beforeAll(async () => {
		server = createServer((request, response) => {
			asked.push(`${request.method} ${request.url}`);
			response.statusCode = status[request.url ?? ""]?.(request.method ?? "") ?? 500;
			response.end("text");
		});
		await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
		site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterAll(() => server.close());

	it("tells what answers, is gone, refuses, and cannot be reached; tries again where it may help", async () => {
		const nowhere = "http://127.0.0.1:9/";
		const paths = Object.keys(status).map((path) => site + path);
		const answers = await askLinks([...paths, nowhere, `${nowhere}more`], { pauses: [1] });
		expect(answers.map(({ address, verdict, said }) => [address.replace(site, ""), verdict, said])).toEqual([
			["/there", "answers", "200"],
			["/gone", "gone", "404"],
			["/no-head", "answers", "200"],
			["/refuses", "refused", "403"],
			["/busy-once", "answers", "200"],
			[nowhere, "unreachable", expect.stringMatching(/ECONNREFUSED|bad port/)],
			[`${nowhere}more`, "unreachable", expect.stringMatching(/ECONNREFUSED|bad port/)],
		]);
		expect(asked.filter((one) => one === "GET /gone")).toHaveLength(1);
		expect(asked.filter((one) => one === "GET /refuses")).toHaveLength(2);
	});

	it("says that nothing is known where nothing can be reached", () => {
		// As on a machine without a network, wherever this test runs.
		const blocked =
			"globalThis.fetch = async () => { throw new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } }); };";
		const { status: code, stdout } = spawnSync(
			process.execPath,
			["--import", `data:text/javascript,${encodeURIComponent(blocked)}`, "scripts/check-links.ts"],
			{ cwd: join(root), encoding: "utf8" },
		);
		expect(stdout).toMatch(
			/^Of \d+ addresses at \d+ hosts, 6 at different hosts were tried, and none could be reached \(ENOTFOUND\): this machine seems to have no network/,
		);
		expect(code).toBe(2);
	});
});
