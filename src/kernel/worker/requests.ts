/**
 * Which keys of which store each run reads and writes: told by the stores and by `fetch`, kept for the checks of
 * exercises, and sent to the page in small batches. A request belongs to the run that was going when it was made.
 */
import type { RecordedRequest } from "../../lib/plan/requests.ts";
import type { FromKernel } from "../protocol.ts";
import { Timings } from "./timings.ts";

/** A request of a run; `started` is in milliseconds after the run began. */
export interface StoreRequest extends RecordedRequest {
	/** The store's name: an address, a folder, "memory". */
	store: string;
	cell: string;
	/** Counted from 1 in one kernel; told again under its number where more became known of it. */
	id?: number;
}

/** Requests beyond those that are kept of one run. */
export interface RequestRest {
	requests: number;
	/** Bytes read and written. */
	read: number;
	written: number;
}

interface Run {
	run: number;
	cell: string;
	/** On the clock of `performance.now()`. */
	began: number;
	kept: number;
	rest: RequestRest;
	waiting: Map<number, StoreRequest>;
	restChanged: boolean;
}

/** Requests kept of one run; of more only the sums are told. */
export const mostRequests = 2000;
/** Milliseconds in which requests are gathered for one message; a browser tells in them what came from its cache. */
const gatherFor = 120;

const recordings = new Set<{ run: Run; requests: StoreRequest[] }>();
const timings = new Timings();
let send: (message: FromKernel) => void = () => {};
/** Whose requests are not told. */
const nobody: Run = newRun(0, "");
let going: Run = newRun(0, "");
let withRequests = new Set<Run>();
let timer: ReturnType<typeof setTimeout> | undefined;
let count = 0;
/** Answers below this address are a service worker's own: browsers' timings call them cached. */
let served: string | undefined;

/** Where a service worker answers by itself. */
export function servedBelow(url: string): void {
	served = url;
}

/** Where what is recorded goes. */
export function sendRequestsBy(given: (message: FromKernel) => void): void {
	send = given;
}

/** From now on requests belong to this run. */
export function beginRun(run: number, cell: string): void {
	going = newRun(run, cell);
}

/** The run that is going: to be asked for when a request begins. */
export function currentRun(): Run {
	return going;
}

/** Requests that begin in this call are no run's: those of a display that looks into a store by itself. */
export function unrecorded<T>(call: () => T): T {
	const before = going;
	going = nobody;
	try {
		return call();
	} finally {
		going = before;
	}
}

/** Called by whoever watches the stores, when a request has ended. `started` is on the clock of `performance.now()`. */
export function recordRequest(request: StoreRequest, run: Run = going): void {
	if (run === nobody) return;
	for (const recording of recordings) if (recording.run === run) recording.requests.push(request);
	if (run.kept >= mostRequests) countRequest(request.op, request.bytes, run);
	else {
		run.kept++;
		request.id = ++count;
		if (request.url && request.started !== undefined) {
			timings.expect(request.url, request.started, request.milliseconds ?? 0, (timing) => {
				const isServed = served !== undefined && request.url?.startsWith(served) === true;
				if (timing.cached && !isServed) request.from = "cache";
				if (request.bytes === 0) request.bytes = timing.bytes;
				if (timing.ended > (request.started ?? 0)) {
					request.milliseconds = Math.max(request.milliseconds ?? 0, timing.ended - (request.started ?? 0));
				}
				keep(request, run);
			});
		}
		keep(request, run);
	}
}

/** True where of further requests of a run only the sums are told, and no check wants them. */
export function countsOnly(run: Run): boolean {
	return run.kept >= mostRequests && recordings.size === 0;
}

/** Adds a request to the sums of those that are not kept. */
export function countRequest(op: StoreRequest["op"], bytes: number, run: Run): void {
	run.rest.requests++;
	run.rest[isWrite({ op }) ? "written" : "read"] += bytes;
	run.restChanged = true;
	sendSoon(run);
}

function keep(request: StoreRequest, run: Run): void {
	run.waiting.set(request.id as number, request);
	sendSoon(run);
}

function sendSoon(run: Run): void {
	withRequests.add(run);
	timer ??= setTimeout(flushRequests, gatherFor);
}

/** Sends what was recorded. */
export function flushRequests(): void {
	clearTimeout(timer);
	timer = undefined;
	const runs = withRequests;
	withRequests = new Set();
	for (const run of runs) {
		const requests = [...run.waiting.values()].map((request) => ({
			...request,
			started: (request.started ?? run.began) - run.began,
		}));
		run.waiting.clear();
		const rest = run.restChanged ? { ...run.rest } : undefined;
		run.restChanged = false;
		if (requests.length > 0 || rest) send({ type: "requests", run: run.run, requests, rest });
	}
}

/** Collects what the run that is going requests from now until `stop`. */
export function startRecording(): { requests: StoreRequest[]; stop(): void } {
	const recording = { run: going, requests: [] as StoreRequest[] };
	recordings.add(recording);
	return { requests: recording.requests, stop: () => void recordings.delete(recording) };
}

export function isWrite({ op }: Pick<StoreRequest, "op">): boolean {
	return op === "set" || op === "delete";
}

function newRun(run: number, cell: string): Run {
	return {
		run,
		cell,
		began: performance.now(),
		kept: 0,
		rest: { requests: 0, read: 0, written: 0 },
		waiting: new Map(),
		restChanged: false,
	};
}
