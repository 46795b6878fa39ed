/** A bucket engine behind a real HTTP server, for tests. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BucketEngine } from "../../src/lib/bucket/engine.ts";

export interface BucketServer {
	/** Without a slash at the end. */
	url: string;
	requests: { method: string; url: string; headers: Record<string, string> }[];
	close(): void;
}

export async function serveBucket(engine: BucketEngine): Promise<BucketServer> {
	const requests: BucketServer["requests"] = [];
	const server = createServer(async (incoming, outgoing) => {
		const method = incoming.method ?? "GET";
		const headers = Object.fromEntries(
			Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
		);
		requests.push({ method, url: incoming.url ?? "", headers });
		const body: Buffer[] = [];
		for await (const piece of incoming) body.push(piece as Buffer);
		const response = await engine(
			new Request(`http://${incoming.headers.host}${incoming.url}`, {
				method,
				headers,
				body: method === "PUT" || method === "POST" ? Buffer.concat(body) : undefined,
			}),
		);
		outgoing.writeHead(response.status, Object.fromEntries(response.headers));
		outgoing.end(Buffer.from(await response.arrayBuffer()));
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
