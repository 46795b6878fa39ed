/** One file from an address to the disk: what has come is kept, and the rest is asked for by a range. */
import { type FileHandle, open } from "node:fs/promises";
import { ChunkwiseError, isChunkwiseError } from "../lib/errors.ts";
import { ask, contentLength, contentRange, isBusy, statusError } from "../lib/http-answer.ts";
import { type LongTask, progressOf } from "../lib/progress.ts";
import { pause } from "../lib/stores/pause.ts";
import { fileJournal } from "./unfinished.ts";

export interface FileDownload extends LongTask {
	fetch: typeof fetch;
	name: string;
	/** First pause after a failure, in milliseconds; doubled each time. */
	firstPause?: number;
}

export interface FileReport {
	bytes: number;
	/** Bytes that an earlier run had brought. */
	kept: number;
	/** The file was another one than before, and was begun anew. */
	changed: boolean;
}

/** By which the server says that the file is the same. */
interface State {
	address: string;
	validator?: { name: "etag" | "last-modified"; value: string };
	total?: number;
}

/** Failures in a row, without a byte between them. */
const mostFailures = 5;

/**
 * @param file where it is written; what an earlier run left there is gone on with
 * @param journalPath the validator and the size as the server gave them
 * @throws ChunkwiseError http-unreachable, http-interrupted, http-not-found, http-forbidden, http-error, http-page,
 * download-other
 */
export async function downloadOneFile(
	address: string,
	file: string,
	journalPath: string,
	task: FileDownload,
): Promise<FileReport> {
	const journal = fileJournal(journalPath);
	const last = (await journal.read()).at(-1);
	let state = stateOf(last) ?? { address };
	if (state.address !== address) {
		throw new ChunkwiseError(
			"download-other",
			"An unfinished download of another address is at this place.",
			{
				where: state.address,
				remedy: "Finish it with that address, or begin anew (--overwrite).",
			},
		);
	}
	const handle = await open(file, "a");
	const report: FileReport = { bytes: 0, kept: 0, changed: false };
	try {
		let at = (await handle.stat()).size;
		if (at > 0 && !state.validator) at = await emptied(handle);
		report.kept = at;
		for (let failures = 0; ; ) {
			const before = at;
			try {
				for await (const next of request(address, at, state, task)) {
					if (next.state) {
						if (next.from < at) {
							report.changed ||= changedBetween(state, next.state);
							at = await emptied(handle);
							report.kept = 0;
							report.bytes = 0;
						}
						state = next.state;
						await journal.append([JSON.stringify(state)]);
					} else {
						await handle.write(next.bytes);
						at += next.bytes.byteLength;
						report.bytes += next.bytes.byteLength;
						failures = 0;
						tell(task, at, state.total);
					}
				}
				if (state.total === undefined || at === state.total) return report;
				throw broken(address, at, state.total);
			} catch (error) {
				task.signal?.throwIfAborted();
				if (!isChunkwiseError(error) || !mayHelp(error) || ++failures >= mostFailures) throw error;
				if (at > before) failures = 1;
				if (!state.validator) {
					at = await emptied(handle);
					report.bytes = 0;
				}
				await pause((task.firstPause ?? 500) * 2 ** (failures - 1), task.signal);
			}
		}
	} finally {
		await handle.close();
	}
}

type Part = { state: State; from: number } | { state?: undefined; bytes: Uint8Array };

/** What one request gives: first what the server says of the file and where its answer begins, then bytes. */
async function* request(address: string, at: number, state: State, task: FileDownload): AsyncGenerator<Part> {
	const { signal } = task;
	const headers: Record<string, string> = {};
	if (at > 0 && state.validator) {
		if (at === state.total) return;
		headers.Range = `bytes=${at}-`;
		headers["If-Range"] = state.validator.value;
	}
	const response = await ask(task.fetch, address, { headers, signal });
	const from = response.status === 206 ? contentRange(response)?.first : 0;
	const goesOn = response.status === 206 && from === at && sameFile(state, response);
	if (response.status === 416 || (response.status === 206 && !goesOn)) {
		// Another file than before: asked for whole, without a condition.
		await response.body?.cancel();
		yield* request(address, 0, { address }, task);
		return;
	}
	if (!response.ok) {
		await response.body?.cancel();
		const error = statusError(response, address);
		throw isBusy(response.status) ? Object.assign(error, { busy: true }) : error;
	}
	if (/^text\/html\b/i.test(response.headers.get("content-type") ?? "") && !/\.html?$/i.test(address)) {
		await response.body?.cancel();
		throw new ChunkwiseError("http-page", "The server answers with a web page in place of the file.", {
			where: address,
			remedy: "Use the address of the file itself; a page may ask for a login.",
		});
	}
	const length = contentLength(response);
	const total = goesOn ? (state.total ?? contentRange(response)?.total) : length;
	yield { state: { address, validator: validatorOf(response), total }, from: goesOn ? at : 0 };
	try {
		for await (const bytes of response.body ?? []) yield { bytes };
	} catch (cause) {
		signal?.throwIfAborted();
		throw broken(address, at, total, cause);
	}
}

function sameFile(state: State, response: Response): boolean {
	const total = contentRange(response)?.total;
	if (total !== undefined && state.total !== undefined && total !== state.total) return false;
	const now = validatorOf(response);
	return now === undefined || now.name !== state.validator?.name || now.value === state.validator.value;
}

function changedBetween(before: State, now: State): boolean {
	return before.validator !== undefined && before.validator.value !== now.validator?.value;
}

/** A strong ETag, else the date of the last change; a weak ETag does not vouch for each byte (RFC 9110 section 13.1.5). */
function validatorOf(response: Response): State["validator"] {
	const etag = response.headers.get("etag");
	if (etag && !etag.startsWith("W/")) return { name: "etag", value: etag };
	const modified = response.headers.get("last-modified");
	return modified ? { name: "last-modified", value: modified } : undefined;
}

async function emptied(handle: FileHandle): Promise<number> {
	await handle.truncate(0);
	return 0;
}

function broken(address: string, at: number, total: number | undefined, cause?: unknown): ChunkwiseError {
	const of = total === undefined ? "" : ` of ${total}`;
	return new ChunkwiseError("http-interrupted", `The connection broke off after ${at}${of} bytes.`, {
		where: address,
		remedy: "Run the same again: it goes on from there.",
		cause,
	});
}

function mayHelp(error: ChunkwiseError): boolean {
	return error.code === "http-unreachable" || error.code === "http-interrupted" || "busy" in error;
}

function tell(task: FileDownload, done: number, total: number | undefined): void {
	progressOf(task)({ label: `Downloading ${task.name}`, done, total, unit: "bytes" });
}

function stateOf(line: string | undefined): State | undefined {
	try {
		return line === undefined ? undefined : (JSON.parse(line) as State);
	} catch {
		return undefined;
	}
}
