/**
 * Serves the reader's buckets at `bucket/` under the site's own path. Everything else goes to the network as if this
 * were not here. The browser may stop it at any time: nothing is kept in its memory that matters.
 */
import type { BucketEngine } from "../../lib/bucket/engine.ts";
import { bucketHome } from "../../lib/bucket/home.ts";
import { browserLocks, browserPlaces } from "../../lib/bucket/places.ts";
import { bucketFolder } from "./paths.ts";

/** The part of a service worker's world that is used; the page's types are in force here. */
interface Life extends Event {
	waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Life {
	request: Request;
	respondWith(response: Promise<Response>): void;
}
interface ServiceWorkerWorld {
	registration: { scope: string };
	clients: { claim(): Promise<void> };
	skipWaiting(): Promise<void>;
	addEventListener(type: "install" | "activate" | "message", listener: (event: Life) => void): void;
	addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
}

const world = globalThis as unknown as ServiceWorkerWorld;
const root = new URL(bucketFolder, world.registration.scope);

let engine: Promise<BucketEngine> | undefined;

function home(): Promise<BucketEngine> {
	engine ??= browserPlaces().then(
		(places) => bucketHome(places, { base: root.pathname, exclusive: browserLocks() }),
		(error) => {
			// The next request tries again.
			engine = undefined;
			throw error;
		},
	);
	return engine;
}

async function answer(request: Request): Promise<Response> {
	try {
		return await (await home())(request);
	} catch (error) {
		if (request.signal.aborted) return Response.error();
		return new Response(`The bucket cannot be opened: ${(error as Error).message}`, { status: 503 });
	}
}

world.addEventListener("install", (event) => event.waitUntil(world.skipWaiting()));
// Without it, the page that asked for the bucket could use it only after a reload.
world.addEventListener("activate", (event) => event.waitUntil(world.clients.claim()));
// A page that was reloaded past its service worker asks to be taken back.
world.addEventListener("message", (event) => event.waitUntil(world.clients.claim()));
world.addEventListener("fetch", (event) => {
	if (event.request.url.startsWith(root.href)) event.respondWith(answer(event.request));
});
