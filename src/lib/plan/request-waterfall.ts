/** The request waterfall: its props, and what the requests of a recording come to, as recorded and over other lines. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import type { RequestLog, StoreRequest } from "../stores/observe.ts";
import { figure } from "./figure.ts";
import { checkOptions, checkProps } from "./figure-props.ts";
import { type NetworkLine, networkLines } from "./lines.ts";
import { oneRequest, type ReplayedRequest, replayRequests } from "./replay.ts";
import { bytesOf, lookOf, type RecordedRequest, recordedRequest, spanOf } from "./requests.ts";
import { sampleFileBytes, sampleRequests, sampleRequestsDate } from "./sample-requests.ts";

/** What the requests are held against: all of it in one request. */
export interface WholeFile {
	bytes: number;
	/** Such as "cells.tif"; default "the whole file". */
	name?: string;
}

/** Props of the figure, plain data. */
export interface RequestWaterfallProps {
	/** As `recordStore` keeps them; a recorded look at the course's phantom where absent. */
	requests?: RecordedRequest[];
	whole?: WholeFile;
	/** The line over which they are replayed at first, by its name: "4G"; as recorded where absent. */
	line?: string;
	title?: string;
}

/** Of a waterfall that a cell makes. */
export type RequestWaterfallOptions = Omit<RequestWaterfallProps, "requests">;

/** What the figure draws: requests in the order in which they began, the first at 0 ms. */
export interface Waterfall {
	requests: RecordedRequest[];
	whole?: Required<WholeFile>;
	title: string;
	/** The day of the course's own recording, where that is shown. */
	sampleDate?: string;
}

/** A waterfall over a line, or as it was recorded. */
export interface WaterfallPlan {
	/** When each request was asked for, sent, answered; absent as recorded. */
	courses?: ReplayedRequest[];
	/** From the first request to the end of the last. */
	milliseconds: number;
	/** Bytes that moved: those from a cache do not. */
	moved: number;
	/** Requests that went out. */
	sent: number;
	/** Milliseconds for the whole file in one request; absent as recorded, where nobody knows. */
	wholeMilliseconds?: number;
}

function bad(message: string, remedy: string): ChunkwiseError {
	return new ChunkwiseError("request-waterfall-props", message, { where: "requestWaterfall", remedy });
}

/**
 * The line of a name; undefined for none.
 * @throws ChunkwiseError request-waterfall-props
 */
export function lineNamed(name: string | undefined): NetworkLine | undefined {
	if (name === undefined) return undefined;
	const line = networkLines.find((known) => known.name === name);
	if (line) return line;
	const names = networkLines.map((known) => known.name).join(", ");
	throw bad(`There is no line ${JSON.stringify(name)}.`, `Lines are ${names}.`);
}

/**
 * The waterfall that props describe.
 * @throws ChunkwiseError request-waterfall-props where they describe none
 */
export function waterfallOf(props: RequestWaterfallProps): Waterfall {
	lineNamed(props.line);
	const { requests, whole, title } = props;
	if (whole && !(whole.bytes > 0)) {
		throw bad(`A whole file of ${whole.bytes} bytes is none.`, "Give whole: { bytes } above 0.");
	}
	const compared = whole && { bytes: whole.bytes, name: whole.name ?? "the whole file" };
	if (requests === undefined) {
		return {
			requests: sampleRequests,
			whole: compared ?? { bytes: sampleFileBytes, name: "the image as one TIFF file" },
			title: title ?? "Opening an image, an overview, and one nucleus in two planes",
			sampleDate: sampleRequestsDate,
		};
	}
	if (!Array.isArray(requests) || !requests.every(isRequest)) {
		throw bad(
			"The requests are no list of what a recorder keeps.",
			"Wrap the store by recordStore, read from it, and give requestWaterfall its log.",
		);
	}
	const from = spanOf(requests).from;
	return {
		requests: requests
			.map((request) => ({ ...request, started: (request.started ?? 0) - from }))
			.sort((a, b) => a.started - b.started),
		...(compared ? { whole: compared } : {}),
		title: title ?? "",
	};
}

function isRequest(value: unknown): value is RecordedRequest {
	const { key, op, bytes } = (value ?? {}) as Partial<RecordedRequest>;
	return typeof key === "string" && typeof op === "string" && typeof bytes === "number";
}

/** What the requests take over a line, or took. */
export function planWaterfall(
	{ requests, whole }: Pick<Waterfall, "requests" | "whole">,
	line?: Pick<NetworkLine, "latency" | "bandwidth" | "atOnce">,
): WaterfallPlan {
	const out = requests.filter((request) => lookOf(request) !== "cache");
	const sums = { moved: bytesOf(out), sent: out.length };
	if (!line) {
		const { from, to } = spanOf(requests);
		return { ...sums, milliseconds: to - from };
	}
	const replay = replayRequests(requests, line);
	return {
		...sums,
		courses: replay.requests,
		milliseconds: replay.milliseconds,
		...(whole ? { wholeMilliseconds: oneRequest(whole.bytes, line) } : {}),
	};
}

/**
 * The requests of a recorded store as a figure to display in a cell, with what they would take over other lines:
 * `requestWaterfall(log, { whole: { bytes: file.size } })`.
 * @param source a log of `recordStore`, its requests, or props
 * @throws ChunkwiseError request-waterfall-props, also where nothing was requested yet
 */
export function requestWaterfall(
	source: Pick<RequestLog, "requests"> | readonly (StoreRequest | RecordedRequest)[] | RequestWaterfallProps,
	options: RequestWaterfallOptions = {},
): FigureDisplay & Displayable {
	checkOptions("request-waterfall", options);
	const given = Array.isArray(source) ? source : (source as { requests?: readonly unknown[] }).requests;
	const list = (given ?? []) as readonly (StoreRequest | RecordedRequest)[];
	if (given && list.length === 0) {
		throw bad("Nothing was requested of this store yet.", "Read something of it before you show its log.");
	}
	const own = Array.isArray(source) ? {} : (source as RequestWaterfallProps);
	const props: RequestWaterfallProps = {
		...(given
			? { requests: list.map((request) => ("operation" in request ? recordedRequest(request) : request)) }
			: {}),
		...pick({ whole: own.whole, line: own.line, title: own.title }),
		...pick(options),
	};
	checkProps("request-waterfall", props);
	waterfallOf(props);
	return figure("request-waterfall", props);
}

function pick(options: RequestWaterfallOptions): RequestWaterfallOptions {
	const { whole, line, title } = options;
	return { ...(whole ? { whole } : {}), ...(line ? { line } : {}), ...(title ? { title } : {}) };
}
