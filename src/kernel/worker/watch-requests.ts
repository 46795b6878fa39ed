/** Has the library's stores and the worker's `fetch` tell the recorder of every request. */
import { recordedRequest } from "../../lib/plan/requests.ts";
import type { ReadableStore, StorePlace } from "../../lib/stores/store.ts";
import type { RequestHearer } from "../../lib/stores/watch.ts";
import { countRequest, countsOnly, currentRun, recordRequest, type StoreRequest } from "./requests.ts";

type LibraryRequest = Parameters<Exclude<RequestHearer, Counter>>[0];
type Counter = Extract<RequestHearer, { count: unknown }>;

const counters = new WeakMap<object, Counter>();

/** True while `fetch` is called by a store, which tells of it itself. */
let isTold: () => boolean = () => false;

/** Called once the library is loaded. */
export async function watchLibrary(): Promise<void> {
	const watch = await import("../../lib/stores/watch.ts");
	isTold = watch.isTold;
	watch.watchStores((store) => {
		const run = currentRun();
		if (countsOnly(run)) return counter(run);
		return (request) => recordRequest(recordOf(request, store, run.cell), run);
	});
}

/** Who hears of a run's requests that are only counted: one for all of them. */
function counter(run: ReturnType<typeof currentRun>): Counter {
	let found = counters.get(run);
	if (!found) {
		found = { count: (operation, bytes) => countRequest(operation, bytes, run) };
		counters.set(run, found);
	}
	return found;
}

function recordOf(request: LibraryRequest, store: ReadableStore, cell: string): StoreRequest {
	return Object.assign(recordedRequest(request), { store: nameOf(store, request.place), cell });
}

function nameOf(store: ReadableStore, place?: StorePlace): string {
	const { url, name, bucket } = store as { url?: unknown; name?: unknown; bucket?: unknown };
	for (const known of [url, name, bucket]) if (typeof known === "string" && known) return known;
	return place ?? "store";
}

/**
 * Puts a watcher around the worker's `fetch`: the answers are the platform's own, untouched. The bytes of an answer
 * are what its header or the browser's timing says.
 */
export function watchFetch(scope: { fetch: typeof fetch } = globalThis): void {
	scope.fetch = new Proxy(scope.fetch, {
		apply(platform, self, args: Parameters<typeof fetch>) {
			const answer: Promise<Response> = Reflect.apply(platform, self, args);
			if (isTold()) return answer;
			try {
				note(answer, args);
			} catch {
				// A call that cannot be read is one that fetch itself refuses.
			}
			return answer;
		},
	});
}

function note(answer: Promise<Response>, [input, init]: Parameters<typeof fetch>): void {
	const run = currentRun();
	const started = performance.now();
	const asked = input instanceof Request ? input : undefined;
	const base = (globalThis as { location?: { href: string } }).location?.href;
	const url = new URL(asked?.url ?? String(input), base);
	if (url.protocol !== "http:" && url.protocol !== "https:") return;
	const method = (init?.method ?? asked?.method ?? "GET").toUpperCase();
	const header = new Headers(init?.headers ?? asked?.headers).get("range");
	const sent = init?.body;
	const record = (more: Pick<StoreRequest, "bytes" | "status" | "error">) => {
		const segments = url.pathname.split("/").filter(Boolean);
		recordRequest(
			{
				store: url.origin,
				key: segments.join("/") || url.host,
				op: operationOf(method, header),
				range: header ? rangeOf(header) : undefined,
				from: "network",
				cell: run.cell,
				url: url.href,
				cause: method === "GET" ? "fetch" : `fetch, ${method}`,
				started,
				milliseconds: performance.now() - started,
				...more,
			},
			run,
		);
	};
	answer.then(
		(response) => {
			const isWrite = method === "PUT" || method === "POST";
			const length = Number(response.headers.get("content-length") ?? 0);
			const bytes = isWrite ? sizeOf(sent) : method === "HEAD" || !response.ok ? 0 : length;
			record({ status: response.status, bytes: Number.isFinite(bytes) ? bytes : 0 });
		},
		(error) => {
			const isAbort = (init?.signal ?? asked?.signal)?.aborted === true;
			record({ status: isAbort ? "aborted" : "error", bytes: 0, error: messageOf(error) });
		},
	);
}

function operationOf(method: string, range: string | null): StoreRequest["op"] {
	if (method === "PUT" || method === "POST") return "set";
	if (method === "DELETE") return "delete";
	if (method === "HEAD" || method === "OPTIONS") return "size";
	return range ? "getRange" : "get";
}

/** The one range of a header; of several none, since they cannot be shown as one. */
function rangeOf(header: string): [number, number] | undefined {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
	if (!match || (match[1] === "" && match[2] === "")) return undefined;
	if (match[1] === "") return [-Number(match[2]), -1];
	return [Number(match[1]), match[2] === "" ? Number.POSITIVE_INFINITY : Number(match[2])];
}

function sizeOf(body: BodyInit | null | undefined): number {
	if (typeof body === "string") return body.length;
	if (body instanceof Blob) return body.size;
	return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? body.byteLength : 0;
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
