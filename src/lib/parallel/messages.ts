/** What a pool and its workers say to each other. */
import { ChunkwiseError, isChunkwiseError } from "../errors.ts";
import type { JobName } from "./jobs.ts";

export interface JobMessage {
	id: number;
	job: JobName;
	input: unknown;
}

/** `ready` is said once, when the worker's script has been loaded. Times are of {@link wallClock}. */
export type WorkerMessage =
	| { ready: true }
	| { id: number; started: number; ended: number; output: unknown }
	| { id: number; started: number; ended: number; error: ErrorAsData };

/** Each thread counts `performance.now()` from a moment of its own: this is the way from one to the other, to 1 ms. */
const offset = Date.now() - performance.now();

/** Milliseconds since 1970, finer than a millisecond: the same in all threads but for about one. */
export function wallClock(): number {
	return performance.now() + offset;
}

/** The moment on the clock of `performance.now()` here. */
export function ownClock(wall: number): number {
	return wall - offset;
}

/** An error as it crosses between threads: cloning would lose its class and `code`. */
export interface ErrorAsData {
	name: string;
	message: string;
	stack?: string;
	/** Of a ChunkwiseError. */
	code?: string;
	where?: string;
	remedy?: string;
	cause?: ErrorAsData;
}

const deepestCause = 4;

export function errorAsData(error: unknown, depth = 0): ErrorAsData {
	if (!(error instanceof Error)) return { name: "Error", message: String(error) };
	const { name, message, stack, cause } = error;
	const data: ErrorAsData = { name, message, stack };
	if (isChunkwiseError(error)) {
		data.code = error.code;
		data.where = error.where;
		data.remedy = error.remedy;
	}
	if (cause !== undefined && depth < deepestCause) data.cause = errorAsData(cause, depth + 1);
	return data;
}

const builtIn: Readonly<Record<string, new (message: string, options?: ErrorOptions) => Error>> = {
	RangeError,
	SyntaxError,
	TypeError,
};

/** The error again: a ChunkwiseError where it was one. */
export function errorFromData({ name, message, stack, code, where, remedy = "", cause }: ErrorAsData): Error {
	const options = cause ? { cause: errorFromData(cause) } : {};
	let error: Error;
	if (code !== undefined) error = new ChunkwiseError(code, message, { where, remedy, ...options });
	else {
		error = new (builtIn[name] ?? Error)(message, options);
		if (error.name !== name) Object.defineProperty(error, "name", { value: name, configurable: true });
	}
	if (stack) error.stack = stack;
	return error;
}
