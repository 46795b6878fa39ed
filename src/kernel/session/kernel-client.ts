/** The page's end of one kernel: starts the worker, knows when it is ready, says so when it never will be. */

import type { DisplayQuestion } from "../../lib/display.ts";
import type { Analysis } from "../compile/compile.ts";
import type { DisplayAnswer, FromKernel, KernelSettings, ToKernel } from "../protocol.ts";
import { AwakeTimer } from "./awake-timer.ts";
import { NotStarted, watchPolicy, whyNotStarted } from "./why-not-started.ts";

const startWithin = 30_000;
const answerWithin = 5000;

export interface KernelSource {
	createWorker(): Worker;
	/** Where the worker's script is, to find out why one did not start. */
	readonly workerUrl?: string;
}

export class KernelClient {
	readonly ready: Promise<void>;
	onmessage: (message: FromKernel) => void = () => {};
	/** The worker ended by itself: its script failed, or memory ran out. */
	oncrash: (message: string) => void = () => {};
	readonly #worker?: Worker;
	readonly #answers = new Map<number, (analyses?: Record<string, Analysis>) => void>();
	/** What displays asked for. It may take as long as a network does, and a kernel that owes only that is idle. */
	readonly #asked = new Map<number, (answer?: DisplayAnswer) => void>();
	/** Ends waiting for a start. */
	#giveUp: (why: Error) => void = () => {};
	#requests = 0;
	#isReady = false;
	#timer?: AwakeTimer;

	constructor(source: KernelSource) {
		let worker: Worker | undefined;
		this.ready = new Promise((resolve, reject) => {
			this.#giveUp = reject;
			const policy = watchPolicy();
			const fail = async (message?: string) => {
				this.#timer?.cancel();
				// The policy's own event may come just behind the worker's.
				await new Promise((resolve) => setTimeout(resolve));
				policy.end();
				reject(await whyNotStarted(source.workerUrl, message, policy.refused));
			};
			try {
				worker = source.createWorker();
			} catch (error) {
				// Firefox refuses here what Chromium tells by an event: a policy without `worker-src`.
				void fail((error as Error).message);
				return;
			}
			this.#timer = new AwakeTimer(startWithin, () =>
				reject(
					new NotStarted(
						`The kernel did not start within ${startWithin / 1000} s: the connection is very slow or stalled.`,
					),
				),
			);
			worker.addEventListener("message", ({ data }: MessageEvent<FromKernel>) => {
				if (data.type === "ready") {
					this.#timer?.cancel();
					this.#isReady = true;
					policy.end();
					resolve();
				} else if (data.type === "analysed" || data.type === "pong") {
					this.#answers.get(data.request)?.(data.type === "analysed" ? data.analyses : {});
					this.#answers.delete(data.request);
				} else if (data.type === "answer") {
					this.#asked.get(data.request)?.(data.answer);
					this.#asked.delete(data.request);
				} else {
					this.onmessage(data);
				}
			});
			worker.addEventListener("error", (event) => {
				event.preventDefault();
				if (this.#isReady)
					this.oncrash(`The kernel ended: ${event.message || "the browser does not say why"}.`);
				else void fail(event.message);
			});
		});
		this.#worker = worker;
		// Whoever runs a cell awaits `ready`; a kernel that nobody waits for may fail in silence.
		this.ready.catch(() => {});
	}

	/** True where it has started and owes no answer. Whether a cell runs in it is the session's to know. */
	get idle(): boolean {
		return this.#isReady && this.#answers.size === 0;
	}

	send(message: ToKernel): void {
		this.#worker?.postMessage(message);
	}

	configure(settings: KernelSettings): void {
		this.send({ type: "configure", settings });
	}

	/** Names and imports of cells; undefined where the kernel was ended meanwhile. */
	analyse(cells: { id: string; source: string }[]): Promise<Record<string, Analysis> | undefined> {
		return this.#ask((request) => ({ type: "analyse", request, cells }));
	}

	/** More of a value that a display shows; undefined where the kernel was ended meanwhile. */
	askDisplay(source: string, question: DisplayQuestion): Promise<DisplayAnswer | undefined> {
		const request = ++this.#requests;
		return new Promise((resolve) => {
			this.#asked.set(request, resolve);
			this.send({ type: "ask", request, source, question });
		});
	}

	/** False where it does not answer in time: it computes, or the browser has ended it. */
	answers(): Promise<boolean> {
		return new Promise((resolve) => {
			const timer = new AwakeTimer(answerWithin, () => resolve(false));
			void this.#ask((request) => ({ type: "ping", request })).then((answer) => {
				timer.cancel();
				resolve(answer !== undefined);
			});
		});
	}

	/** Ends the worker at once, whatever it is doing: an endless loop included. */
	terminate(): void {
		this.#timer?.cancel();
		this.#worker?.terminate();
		this.#giveUp(new NotStarted("The kernel was stopped."));
		this.onmessage = () => {};
		this.oncrash = () => {};
		for (const answer of this.#answers.values()) answer(undefined);
		this.#answers.clear();
		for (const answer of this.#asked.values()) answer(undefined);
		this.#asked.clear();
	}

	#ask(message: (request: number) => ToKernel): Promise<Record<string, Analysis> | undefined> {
		const request = ++this.#requests;
		return new Promise((resolve) => {
			this.#answers.set(request, resolve);
			this.send(message(request));
		});
	}
}
