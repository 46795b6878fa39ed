/** From an answer to a Response: request numbers, errors as XML, CORS for every origin, bodies at the line's pace. */
import { type Answer, metaPrefix, xmlType } from "./call.ts";
import { BucketError } from "./errors.ts";
import type { Weather } from "./simulate.ts";

let requests = 0;

/** Answers one request, whatever becomes of it. @throws the signal's reason when aborted */
export async function transport(
	request: Request,
	weather: Weather | undefined,
	respond: () => Promise<Answer>,
): Promise<Response> {
	const id = (++requests).toString(16).toUpperCase().padStart(16, "0");
	let answer: Answer;
	try {
		answer = request.method === "OPTIONS" ? preflight(request) : await respond();
	} catch (error) {
		if (request.signal.aborted) throw request.signal.reason;
		const told =
			error instanceof BucketError
				? error
				: new BucketError("InternalError", `The store of this bucket failed: ${(error as Error).message}`);
		answer = {
			status: told.status,
			headers: { ...xmlType, ...told.headers },
			body: told.document(new URL(request.url).pathname, id),
		};
	}
	return toResponse(answer, request, id, weather);
}

/** Any page may read and write, as far as the browser is concerned: the bucket holds nothing secret. */
function preflight(request: Request): Answer {
	return {
		status: 200,
		headers: {
			"Access-Control-Allow-Methods": "GET, HEAD, PUT, POST, DELETE",
			"Access-Control-Allow-Headers": request.headers.get("access-control-request-headers") ?? "*",
			"Access-Control-Max-Age": "3000",
		},
	};
}

function toResponse(answer: Answer, request: Request, id: string, weather: Weather | undefined): Response {
	const headers = new Headers(answer.headers);
	const meta = [...headers.keys()].filter((name) => name.startsWith(metaPrefix));
	headers.set("Access-Control-Allow-Origin", "*");
	headers.set(
		"Access-Control-Expose-Headers",
		[
			"Accept-Ranges",
			"Content-Length",
			"Content-Range",
			"ETag",
			"Last-Modified",
			"x-amz-delete-marker",
			"x-amz-request-id",
			"x-amz-version-id",
			...meta,
		].join(", "),
	);
	headers.set("x-amz-request-id", id);
	const isHead = request.method === "HEAD";
	const bodiless = answer.status === 204 || answer.status === 304;
	const body = typeof answer.body === "string" ? new TextEncoder().encode(answer.body) : answer.body;
	// What was asked for with HEAD is described, not sent; an error's page has no length worth telling.
	const length = isHead ? answer.length : (body?.byteLength ?? 0);
	if (!bodiless && length !== undefined) headers.set("Content-Length", String(length));
	const sent =
		bodiless || isHead || !body
			? null
			: weather
				? weather.body(body, request.signal)
				: (body as Uint8Array<ArrayBuffer>);
	return new Response(sent, { status: answer.status, headers });
}
