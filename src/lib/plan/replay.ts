/**
 * When requests would have been answered over another line: computed, not measured.
 *
 * The model, in the order in which it is applied:
 * 1. A request is asked for when every request that had ended before it began in the recording has ended here too, and
 *    after as long a pause as in the recording (decoding, computing). So what was read because of something else still is.
 * 2. It waits for its turn where as many requests as the line allows are under way; who asked first goes first.
 * 3. One latency after it was sent, its first byte moves. Names, headers and the set-up of connections cost nothing.
 * 4. All that move bytes at a time, in either direction, share the bandwidth in equal parts.
 * What came from a cache takes as long as it took, and no turn.
 */
import { ChunkwiseError } from "../errors.ts";
import type { NetworkLine } from "./lines.ts";
import type { RecordedRequest } from "./requests.ts";

/** A request's way over a line, in milliseconds after the first one was asked for. */
export interface ReplayedRequest {
	/** When it was asked for. */
	asked: number;
	/** When its turn came. */
	sent: number;
	/** When its first byte came or went. */
	first: number;
	/** When it had ended. */
	ended: number;
}

/** Requests over another line. */
export interface Replay {
	/** In the order of the requests that were given. */
	requests: ReplayedRequest[];
	/** Milliseconds from the first to the last. */
	milliseconds: number;
}

/** Bytes that count as nothing, since shares of a bandwidth are no round numbers. */
const nearlyNothing = 1e-6;

/** A request and when it is due: what is waited for, in the order of time, then of the recording. */
interface Due {
	index: number;
	at: number;
}

/**
 * Computes when each of these requests would have been asked for, sent and answered over a line.
 * @throws ChunkwiseError bad-line
 */
export function replayRequests(
	requests: readonly RecordedRequest[],
	line: Pick<NetworkLine, "latency" | "bandwidth" | "atOnce">,
): Replay {
	checkLine(line);
	const causes = causesOf(requests);
	const results = requests.map((): ReplayedRequest => ({ asked: 0, sent: 0, first: 0, ended: Number.NaN }));
	/** Asked for, or to be asked for after a pause, and not sent yet. */
	const waiting: Due[] = [];
	/** From a cache: these end without the line. */
	const kept: Due[] = [];
	/** Sent: when they begin to move bytes, and bytes that are left. */
	let going: { index: number; from: number; left: number }[] = [];
	/** How many of `causes.byEnd` have ended, from the first one on, and when the last of them had. */
	let passed = 0;
	let lastEnd = 0;
	let next = 0;
	let now = 0;

	/** Asks for all whose turn in the recording has come. */
	const release = () => {
		for (; passed < results.length; passed++) {
			const { ended } = results[causes.byEnd[passed]];
			if (Number.isNaN(ended)) break;
			lastEnd = Math.max(lastEnd, ended);
			ask();
		}
		ask();
	};
	const ask = () => {
		for (; next < results.length && causes.after[causes.byBegin[next]] <= passed; next++) {
			const index = causes.byBegin[next];
			const asked = lastEnd + causes.pauses[index];
			Object.assign(results[index], { asked, sent: asked, first: asked });
			if (requests[index].from !== "cache") insert(waiting, { index, at: asked });
			else insert(kept, { index, at: asked + (requests[index].milliseconds ?? 0) });
		}
	};

	release();
	while (waiting.length > 0 || going.length > 0 || kept.length > 0) {
		while (going.length < line.atOnce && waiting.length > 0 && waiting[0].at <= now) {
			const { index } = waiting.shift() as Due;
			const from = now + line.latency;
			Object.assign(results[index], { sent: now, first: from });
			going.push({ index, from, left: requests[index].bytes });
		}
		const moving = going.filter(({ from }) => from <= now);
		const share = line.bandwidth / 1000 / Math.max(1, moving.length);
		const until = Math.min(
			...moving.map(({ left }) => now + Math.max(0, left) / share),
			...going.filter(({ from }) => from > now).map(({ from }) => from),
			...kept.slice(0, 1).map(({ at }) => at),
			...(going.length < line.atOnce ? waiting.slice(0, 1).map(({ at }) => at) : []),
		);
		for (const request of moving) request.left -= (until - now) * share;
		now = until;
		// What is left may be too little for the clock to move.
		const done = going.filter(
			({ from, left }) => from <= now && (left <= nearlyNothing || now + left / share <= now),
		);
		going = going.filter((request) => !done.includes(request));
		while (kept.length > 0 && kept[0].at <= now) done.push({ ...(kept.shift() as Due), from: now, left: 0 });
		for (const { index } of done) results[index].ended = now;
		if (done.length > 0) release();
	}
	return { requests: results, milliseconds: results.reduce((last, { ended }) => Math.max(last, ended), 0) };
}

/** Keeps the list in the order in which its entries are due. */
function insert(list: Due[], entry: Due): void {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		const other = list[middle];
		if (other.at < entry.at || (other.at === entry.at && other.index < entry.index)) low = middle + 1;
		else high = middle;
	}
	list.splice(low, 0, entry);
}

/** Milliseconds for one request of so many bytes, with nothing else on the line. */
export function oneRequest(bytes: number, line: Pick<NetworkLine, "latency" | "bandwidth">): number {
	return line.latency + (1000 * bytes) / line.bandwidth;
}

/** What had to end before each request began. */
interface Causes {
	/** Requests in the order of their ends in the recording. */
	byEnd: number[];
	/** In the order in which they may be asked for. */
	byBegin: number[];
	/** How many of `byEnd` had ended when a request began. */
	after: number[];
	/** Milliseconds from the last of these ends to its own beginning. */
	pauses: number[];
}

function causesOf(requests: readonly RecordedRequest[]): Causes {
	const began = requests.map(({ started = 0 }) => started);
	const ended = requests.map(({ milliseconds = 0 }, i) => began[i] + milliseconds);
	const start = began.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
	const order = requests.map((_, i) => i);
	// Of those that end at one instant the ones without any duration come last: they may be what begins then.
	const instant = (i: number) => Number(ended[i] === began[i]);
	const byEnd = [...order].sort((a, b) => ended[a] - ended[b] || instant(a) - instant(b) || a - b);
	const after = order.map((i) => {
		let low = 0;
		let high = byEnd.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			const j = byEnd[middle];
			if (ended[j] < began[i] || (ended[j] === began[i] && !instant(j))) low = middle + 1;
			else high = middle;
		}
		return low;
	});
	const pauses = order.map((i) => began[i] - (after[i] > 0 ? ended[byEnd[after[i] - 1]] : start));
	return { byEnd, byBegin: [...order].sort((a, b) => after[a] - after[b] || a - b), after, pauses };
}

function checkLine({
	latency,
	bandwidth,
	atOnce,
}: Pick<NetworkLine, "latency" | "bandwidth" | "atOnce">): void {
	if (
		Number.isFinite(latency + bandwidth) &&
		latency >= 0 &&
		bandwidth > 0 &&
		Number.isInteger(atOnce) &&
		atOnce > 0
	) {
		return;
	}
	throw new ChunkwiseError(
		"bad-line",
		`A line of ${latency} ms, ${bandwidth} bytes a second and ${atOnce} requests at once carries nothing.`,
		{ remedy: "Give a latency of 0 or more, a bandwidth above 0, and at least 1 request at once." },
	);
}
