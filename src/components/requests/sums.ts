/** A run's requests in one line. */
import type { RequestRest, StoreRequest } from "../../kernel/worker/requests.ts";
import { formatBytes, formatCount } from "../../lib/format.ts";
import { bytesOf, type Look, lookOf } from "../../lib/plan/requests.ts";

export interface RunRequests {
	requests: StoreRequest[];
	rest: RequestRest;
}

/** `read 12 keys, 1.43 MiB · wrote 3 keys, 64.00 KiB · 2 from cache`. */
export function lineOf({ requests, rest }: RunRequests): string {
	// What is read of a zip file over a network is told twice: as the keys in it, and as the ranges fetched of it.
	const archives = new Set(requests.filter(({ place }) => place === "zip").map(({ store }) => store));
	const own = requests.filter(
		({ cause, key }) => !(cause === "fetch" && archives.has(key.slice(key.lastIndexOf("/") + 1))),
	);
	const reads = own.filter(({ op }) => op === "get" || op === "getRange");
	const given = reads.filter((request) => !["absent", "failed"].includes(lookOf(request)));
	const written = own.filter((request) => request.op === "set" && lookOf(request) !== "failed");
	const count = (look: Look) => own.filter((request) => lookOf(request) === look).length;
	const deleted = own.filter(({ op }) => op === "delete").length;
	const asked = own.filter(({ op }) => op === "list" || op === "size").length;
	const parts = [
		given.length > 0 ? `read ${keys(given)}, ${formatBytes(bytesOf(given))}` : "",
		written.length > 0 ? `wrote ${keys(written)}, ${formatBytes(bytesOf(written))}` : "",
		deleted > 0 ? `deleted ${keys(own.filter(({ op }) => op === "delete"))}` : "",
		count("cache") > 0 ? `${formatCount(count("cache"))} from cache` : "",
		count("absent") > 0 ? `${formatCount(count("absent"))} not there` : "",
		count("failed") > 0 ? `${formatCount(count("failed"))} failed` : "",
		given.length + written.length + deleted === 0 && asked > 0
			? `asked ${formatCount(asked)} ${asked === 1 ? "time" : "times"} what there is`
			: "",
		rest.requests > 0
			? `and ${formatCount(rest.requests)} more requests, ${formatBytes(rest.read + rest.written)}`
			: "",
	];
	return parts.filter(Boolean).join(" · ");
}

function keys(requests: readonly StoreRequest[]): string {
	const number = new Set(requests.map(({ store, key }) => `${store} ${key}`)).size;
	return `${formatCount(number)} ${number === 1 ? "key" : "keys"}`;
}
