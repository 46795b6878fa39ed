/**
 * The conditions of a far or busy object store, for showing what they do to a reader: everything is decided by the
 * given clock and random numbers, so that a test or a lesson can repeat it.
 */
import { pause } from "../stores/pause.ts";
import { BucketError } from "./errors.ts";

export interface Simulation {
	/** Milliseconds before each answer. */
	latency?: number;
	/** Bytes a second, of what is sent and what is taken; the time is spent before the answer. */
	bandwidth?: number;
	/** Share of requests, 0 to 1, that fail with 500 InternalError. */
	failureRate?: number;
	/** Share of requests, 0 to 1, that are put off with 503 SlowDown. */
	slowDownRate?: number;
	/** Requests of one second beyond this number are put off with 503 SlowDown. */
	requestsPerSecond?: number;
}

export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** Resolves after some milliseconds; rejects with the signal's reason when aborted before. */
	sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = { now: () => Date.now(), sleep: pause };

/** Counts requests, and says for each whether it is put off or fails. */
export class Weather {
	readonly #simulation: Simulation;
	readonly #clock: Clock;
	readonly #random: () => number;
	#second = Number.NEGATIVE_INFINITY;
	#requests = 0;

	constructor(simulation: Simulation, clock: Clock, random: () => number) {
		this.#simulation = simulation;
		this.#clock = clock;
		this.#random = random;
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
		const busy = slowDownRate > 0 && this.#random() < slowDownRate;
		const fails = failureRate > 0 && this.#random() < failureRate;
		if (latency > 0) await this.#clock.sleep(latency, signal);
		if (many || busy) {
			throw new BucketError("SlowDown", "Please reduce your request rate.", {}, { "Retry-After": "1" });
		}
		if (fails) {
			throw new BucketError("InternalError", "We encountered an internal error. Please try again.");
		}
	}

	/** The time that bytes take on the way. */
	async carry(bytes: number, signal?: AbortSignal): Promise<void> {
		const { bandwidth } = this.#simulation;
		if (bandwidth && bandwidth > 0 && bytes > 0) {
			await this.#clock.sleep((bytes / bandwidth) * 1000, signal);
		}
	}
}
