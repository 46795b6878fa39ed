/** The page's side of the language worker. One for the page, started by the first question. */
import { lessonCells } from "../lesson-cells.ts";
import type { CallName, CellText, LanguageAnswer, LanguageCalls } from "./protocol.ts";

type Parameters_<C extends CallName> = Parameters<LanguageCalls[C]>;
type Value<C extends CallName> = ReturnType<LanguageCalls[C]>;

interface Waiting {
	resolve(value: never): void;
	reject(error: Error): void;
}

let worker: Worker | undefined;
/** Why there is none: it is not tried again on this page. */
let failure: Error | undefined;
let sent = "";
let last = 0;
const waiting = new Map<number, Waiting>();

function start(): Worker {
	const started = new Worker(new URL("./worker.ts", import.meta.url), {
		type: "module",
		name: "chunkwise-language",
	});
	started.addEventListener("message", ({ data }: MessageEvent<LanguageAnswer>) => {
		const asked = waiting.get(data.id);
		waiting.delete(data.id);
		if ("error" in data) asked?.reject(new Error(data.error));
		else asked?.resolve(data.value as never);
	});
	started.addEventListener("error", (event) => {
		event.preventDefault();
		fail(new Error(event.message || "The language worker could not be loaded"));
	});
	return started;
}

function fail(error: Error): void {
	failure = error;
	worker?.terminate();
	worker = undefined;
	for (const { reject } of waiting.values()) reject(error);
	waiting.clear();
}

function post<C extends CallName>(call: C, parameters: Parameters_<C>): Promise<Value<C>> {
	const id = ++last;
	return new Promise((resolve, reject) => {
		waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
		worker?.postMessage({ id, call, parameters });
	});
}

/** Asks about the cells as they are now. @throws where the worker or the language's own types cannot be loaded */
export async function ask<C extends Exclude<CallName, "setCells">>(
	call: C,
	...parameters: Parameters_<C>
): Promise<Value<C>> {
	if (failure) throw failure;
	try {
		worker ??= start();
	} catch (error) {
		// A policy that forbids workers.
		fail(error as Error);
		throw error;
	}
	const cells: CellText[] = lessonCells();
	const text = JSON.stringify(cells);
	if (text !== sent) {
		sent = text;
		// It is answered before what is asked next; a failure is told there.
		post("setCells", [cells]).catch(() => {
			sent = "";
		});
	}
	return post(call, parameters);
}
