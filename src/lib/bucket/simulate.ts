/**
 * The conditions of a far or busy object store, for showing what they do to a reader: everything is decided by the
 * given clock and random numbers, so that a test or a lesson can repeat it.
 */
import { pause } from "../stores/pause.ts";
import { BucketError } from "./errors.ts";

/** A slow or failing service, to see what a reader does then. */
export interface Simulation {
	/** Milliseconds before each answer. */
	latency?: number;
	/** Bytes a second, of what is sent and what is taken, shared by all requests that are under way. */
	bandwidth?: number;
	/** Share of requests, 0 to 1, that fail with 500 InternalError. */
	failureRate?: number;
	/** Share of requests, 0 to 1, that are put off with 503 SlowDown. */
	slowDownRate?: number;
	/** Requests of one second beyond this number are put off with 503 SlowDown. */
	requestsPerSecond?: number;
	/** With it, the same requests in the same order fail alike, from when it is set. */
	seed?: number;
}

export const simulationFields = [
	"latency",
	"bandwidth",
	"failureRate",
	"slowDownRate",
	"requestsPerSecond",
	"seed",
] as const satisfies (keyof Simulation)[];

/** Time as the engine sees it; tests give one that does not wait. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** Resolves after some milliseconds; rejects with the signal's reason when aborted before. */
	sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = { now: () => Date.now(), sleep: pause };

/** A body is handed over in pieces that take this long each. */
const pieceMilliseconds = 50;

/** Counts requests, and says for each whether it is put off or fails, and how long its bytes take. */
export class Weather {
	#simulation: Simulation;
	readonly #clock: Clock;
	readonly #random: () => number;
	#seeded?: { seed: number; random: () => number };
	#second = Number.NEGATIVE_INFINITY;
	#requests = 0;
	/** When the line has carried all that was handed to it. */
	#free = Number.NEGATIVE_INFINITY;

	constructor(simulation: Simulation, clock: Clock, random: () => number) {
		this.#simulation = simulation;
		this.#clock = clock;
		this.#random = random;
	}

	/** In force now; its fields may be changed by whoever gave it. */
	get simulation(): Simulation {
		return this.#simulation;
	}

	set(simulation: Simulation): void {
		this.#simulation = simulation;
		this.#seeded = undefined;
		this.#free = Number.NEGATIVE_INFINITY;
	}

	/** Before a request is carried out: its latency, and its failure where it has to fail. */
	async begin(signal?: AbortSignal): Promise<void> {
		const { latency = 0, failureRate = 0, slowDownRate = 0, requestsPerSecond } = this.#simulation;
		const second = Math.floor(this.#clock.now() / 1000);
		if (second !== this.#second) {
			this.#second = second;
			this.#requests = 0;
		}
		const many = ++this.#requests > (requestsPerSecond ?? Number.POSITIVE_INFINITY);
		const busy = slowDownRate > 0 && this.#chance() < slowDownRate;
		const fails = failureRate > 0 && this.#chance() < failureRate;
		if (latency > 0) await this.#clock.sleep(latency, signal);
		if (many || busy) {
			throw new BucketError("SlowDown", "Please reduce your request rate.", {}, { "Retry-After": "1" });
		}
		if (fails) {
			throw new BucketError("InternalError", "We encountered an internal error. Please try again.");
		}
	}

	/** Waits for the time that bytes take on the line, after those of other requests that are on it already. */
	async carry(bytes: number, signal?: AbortSignal): Promise<void> {
		const { bandwidth } = this.#simulation;
		if (!bandwidth || bytes === 0) return;
		const now = this.#clock.now();
		this.#free = Math.max(now, this.#free) + (bytes / bandwidth) * 1000;
		await this.#clock.sleep(this.#free - now, signal);
	}

	/** A body as it comes over the line: whole where nothing slows it, else piece by piece. */
	body(bytes: Uint8Array, signal?: AbortSignal): BodyInit {
		const { bandwidth } = this.#simulation;
		if (!bandwidth || bytes.byteLength === 0) return bytes as Uint8Array<ArrayBuffer>;
		const piece = Math.max(1, Math.ceil((bandwidth * pieceMilliseconds) / 1000));
		let at = 0;
		return new ReadableStream<Uint8Array>(
			{
				pull: async (controller) => {
					const next = bytes.slice(at, at + piece);
					at += piece;
					await this.carry(next.byteLength, signal);
					controller.enqueue(next);
					if (at >= bytes.byteLength) controller.close();
				},
			},
			// Nothing is on the line before it is asked for.
			{ highWaterMark: 0 },
		);
	}

	#chance(): number {
		const { seed } = this.#simulation;
		if (seed === undefined) return this.#random();
		if (this.#seeded?.seed !== seed) this.#seeded = { seed, random: seededRandom(seed) };
		return this.#seeded.random();
	}
}

/** Numbers from 0 to 1 that a seed decides: mulberry32 (Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
