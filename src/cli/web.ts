/**
 * The command's way to the web: a fetch that follows redirects itself, so that every request is counted and a move is
 * noticed, and that keeps what servers refuse, so that an error can say what happened.
 */
import { childText, parseXml } from "../lib/stores/s3-xml.ts";

export interface Answer {
	address: string;
	status: number;
	/** A web page in place of a value. */
	page: boolean;
	/** What an S3 service says in XML: "AccessDenied", "PermanentRedirect". */
	s3?: { code: string; endpoint?: string };
}

export interface Move {
	from: string;
	to: string;
	status: number;
}

export interface Web {
	fetch: typeof fetch;
	/** HTTP requests made, each redirect included. */
	readonly requests: number;
	/** Bytes of the answers' bodies. */
	readonly bytes: number;
	readonly answers: readonly Answer[];
	readonly moves: readonly Move[];
}

const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 10;
/** Answers are kept for the explanation of a failure: the first ones tell enough. */
const keptAnswers = 64;
/** A refusal that is longer is no S3 error. */
const longestRefusal = 65536;

export function openWeb(): Web {
	let requests = 0;
	let bytes = 0;
	const answers: Answer[] = [];
	const moves: Move[] = [];

	const follow: typeof fetch = async (input, init) => {
		let address = input instanceof Request ? input.url : String(input);
		let options: RequestInit = { ...init, redirect: "manual" };
		for (let hops = 0; ; hops++) {
			requests++;
			const response = await fetch(address, options);
			const location = response.headers.get("location");
			if (redirects.has(response.status) && location && hops < mostRedirects) {
				await response.body?.cancel();
				const to = new URL(location, address).href;
				moves.push({ from: address, to, status: response.status });
				// Credentials are for the server that they were given for (fetch standard, HTTP-redirect fetch).
				if (new URL(to).origin !== new URL(address).origin) options = withoutSecrets(options);
				address = to;
				continue;
			}
			return kept(address, response);
		}
	};

	async function kept(address: string, response: Response): Promise<Response> {
		const type = response.headers.get("content-type") ?? "";
		const answer: Answer = { address, status: response.status, page: /^text\/html\b/i.test(type) };
		if (answers.length < keptAnswers) answers.push(answer);
		const { status, statusText, headers } = response;
		if (status >= 300 && status !== 304 && status !== 416 && /xml/i.test(type)) {
			const text = await limitedText(response, longestRefusal);
			bytes += text.length;
			const root = parseXml(text);
			if (root?.name === "Error") {
				answer.s3 = { code: childText(root, "Code") ?? "", endpoint: childText(root, "Endpoint") };
			}
			return new Response(text, { status, statusText, headers });
		}
		if (!response.body) return response;
		let first = true;
		const counter = new TransformStream<Uint8Array, Uint8Array>({
			transform(chunk, controller) {
				if (first) answer.page ||= /^<(!doctype html|html|head)/i.test(beginning(chunk));
				first = false;
				bytes += chunk.byteLength;
				controller.enqueue(chunk);
			},
		});
		return new Response(response.body.pipeThrough(counter), { status, statusText, headers });
	}

	return {
		fetch: follow,
		get requests() {
			return requests;
		},
		get bytes() {
			return bytes;
		},
		answers,
		moves,
	};
}

function withoutSecrets(options: RequestInit): RequestInit {
	const headers = new Headers(options.headers);
	for (const name of ["authorization", "cookie", "x-amz-security-token"]) headers.delete(name);
	return { ...options, headers };
}

function beginning(chunk: Uint8Array): string {
	return String.fromCharCode(...chunk.subarray(0, 16));
}

async function limitedText(response: Response, limit: number): Promise<string> {
	const length = Number(response.headers.get("content-length") ?? 0);
	if (length > limit) {
		await response.body?.cancel();
		return "";
	}
	return response.text().catch(() => "");
}

/** What moved for good, for a message: the address that was given and the one that answers now. */
export function permanentMove(web: Web): Move | undefined {
	return web.moves.find(({ status }) => status === 301 || status === 308);
}
