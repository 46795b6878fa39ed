/** Conditional requests as RFC 9110 section 13 orders them, and as S3 narrows them for writing. */
import { BucketError, noSuchKey, preconditionFailed } from "./errors.ts";

/** What conditions are held against. */
export interface Validators {
	/** Without quotes. */
	etag: string;
	/** Milliseconds since 1970. */
	modified: number;
}

/** Whether a list of entity tags, or "*", names this one. */
function names(header: string, etag: string): boolean {
	return header
		.split(",")
		.map((part) => part.trim().replace(/^W\//, "").replace(/^"|"$/g, ""))
		.some((tag) => tag === "*" || tag === etag);
}

/** HTTP dates have whole seconds. */
function seconds(header: string | null): number | undefined {
	const time = header === null ? Number.NaN : Date.parse(header);
	return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

/**
 * Whether a reader has what it asks for already (304).
 * @throws BucketError PreconditionFailed
 */
export function isUnchanged(headers: Headers, current: Validators, prefix = ""): boolean {
	const at = Math.floor(current.modified / 1000);
	const ifMatch = headers.get(`${prefix}if-match`);
	const unmodified = seconds(headers.get(`${prefix}if-unmodified-since`));
	if (ifMatch !== null) {
		if (!names(ifMatch, current.etag)) throw preconditionFailed("If-Match");
	} else if (unmodified !== undefined && at > unmodified) throw preconditionFailed("If-Unmodified-Since");
	const ifNoneMatch = headers.get(`${prefix}if-none-match`);
	if (ifNoneMatch !== null) return names(ifNoneMatch, current.etag);
	const modified = seconds(headers.get(`${prefix}if-modified-since`));
	return modified !== undefined && at <= modified;
}

/**
 * Whether an object may be written: `If-None-Match: *` only where there is none, `If-Match` only over that version.
 * @throws BucketError PreconditionFailed, NoSuchKey, NotImplemented
 */
export function checkWrite(headers: Headers, key: string, current: Validators | undefined): void {
	const ifNoneMatch = headers.get("if-none-match");
	if (ifNoneMatch !== null) {
		if (ifNoneMatch.trim() !== "*") {
			throw new BucketError(
				"NotImplemented",
				"A header you provided implies functionality that is not implemented: writing takes If-None-Match: * only",
				{ Header: "If-None-Match" },
			);
		}
		if (current) throw preconditionFailed("If-None-Match");
	}
	const ifMatch = headers.get("if-match");
	if (ifMatch !== null) {
		if (!current) throw noSuchKey(key);
		if (!names(ifMatch, current.etag)) throw preconditionFailed("If-Match");
	}
}

/**
 * The bytes that a Range header asks for, end excluded; undefined where the whole is to be sent: no header, one that
 * is not understood, several ranges (S3 gives none of them), or an If-Range of another version.
 * @throws BucketError InvalidRange
 */
export function rangeOf(
	headers: Headers,
	size: number,
	current: Validators,
): [start: number, stop: number] | undefined {
	const header = headers.get("range");
	const match = header === null ? null : /^bytes=(\d*)-(\d*)$/.exec(header.trim());
	if (!match || (match[1] === "" && match[2] === "")) return undefined;
	const ifRange = headers.get("if-range");
	if (ifRange !== null && ifRange.replace(/"/g, "") !== current.etag) {
		const date = seconds(ifRange);
		if (date === undefined || Math.floor(current.modified / 1000) > date) return undefined;
	}
	let start: number;
	let stop = size;
	if (match[1] === "") start = Math.max(0, size - Number(match[2]));
	else {
		start = Number(match[1]);
		if (match[2] !== "") {
			// "bytes=5-3" is no range at all (RFC 9110 section 14.1.1).
			if (Number(match[2]) < start) return undefined;
			stop = Math.min(size, Number(match[2]) + 1);
		}
	}
	if (start >= size) {
		throw new BucketError(
			"InvalidRange",
			"The requested range is not satisfiable",
			{ ActualObjectSize: String(size), RangeRequested: String(header) },
			{ "Content-Range": `bytes */${size}` },
		);
	}
	return [start, stop];
}
