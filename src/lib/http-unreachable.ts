/** Why no answer came from a server, as far as the platform tells. */
import { ChunkwiseError } from "./errors.ts";

interface SystemReason {
	/** The operating system's or Node's code. */
	code: string;
	words: (host: string) => string;
	remedy: string;
	/** Another attempt may do better. */
	again: boolean;
}

const network = "Check the network.";
const late = (host: string) => `${host} did not answer in time`;
const known: Record<string, Omit<SystemReason, "code">> = {
	ENOTFOUND: {
		words: (host) => `${host} was not found: no server has this name`,
		remedy: `Check the spelling of the address, and the network. If it worked before, the service has moved: search for its new address.`,
		again: true,
	},
	EAI_AGAIN: { words: (host) => `${host} could not be looked up`, remedy: network, again: true },
	ECONNREFUSED: {
		words: (host) => `${host} refused the connection`,
		remedy: "Check the address and the port: nothing answers there at the moment.",
		again: true,
	},
	ECONNRESET: { words: (host) => `${host} closed the connection`, remedy: "Try again.", again: true },
	UND_ERR_SOCKET: { words: (host) => `${host} closed the connection`, remedy: "Try again.", again: true },
	EPIPE: { words: (host) => `${host} closed the connection`, remedy: "Try again.", again: true },
	ETIMEDOUT: { words: late, remedy: `${network} Try again later.`, again: true },
	UND_ERR_CONNECT_TIMEOUT: { words: late, remedy: `${network} Try again later.`, again: true },
	UND_ERR_HEADERS_TIMEOUT: { words: late, remedy: `${network} Try again later.`, again: true },
	UND_ERR_BODY_TIMEOUT: { words: late, remedy: `${network} Try again later.`, again: true },
	ENETUNREACH: { words: (host) => `The network of ${host} is not reachable`, remedy: network, again: true },
	EHOSTUNREACH: { words: (host) => `${host} is not reachable`, remedy: network, again: true },
};

/** The operating system's error behind Node's "fetch failed"; undefined in browsers, which do not tell. */
export function systemReason(error: unknown): SystemReason | undefined {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		if (cause.message === "bad port") {
			return {
				code: "bad port",
				words: (host) => `${host} is at a port that the fetch standard keeps for other services`,
				remedy: "Serve it at another port, for example 8000.",
				again: false,
			};
		}
		const code = (cause as { code?: unknown }).code;
		if (typeof code !== "string") continue;
		if (known[code]) return { code, ...known[code] };
		if (/^(CERT_|DEPTH_ZERO|UNABLE_TO|SELF_SIGNED|ERR_TLS_CERT)/.test(code)) {
			return {
				code,
				words: (host) => `The certificate of ${host} is not trusted`,
				remedy: "Check the address, and this machine's clock and certificates.",
				again: false,
			};
		}
		if (/^(ERR_TLS|ERR_SSL|EPROTO)/.test(code)) {
			return {
				code,
				words: (host) => `No secure connection (TLS) to ${host} could be made`,
				remedy: "Check the address and the port; a server without TLS needs http:// in place of https://.",
				again: false,
			};
		}
	}
	return undefined;
}

/** The server's name, for messages; the address itself where it has none. */
export function hostOf(address: string): string {
	try {
		return new URL(address).host || address;
	} catch {
		return address;
	}
}

/** `http-unreachable`: what the platform says, else the two things that a browser does not tell apart. */
export function unreachableError(address: string, cause: unknown): ChunkwiseError {
	const host = hostOf(address);
	const reason = systemReason(cause);
	if (reason) {
		return new ChunkwiseError("http-unreachable", `${reason.words(host)} (${reason.code}).`, {
			where: address,
			remedy: reason.remedy,
			cause,
		});
	}
	return new ChunkwiseError(
		"http-unreachable",
		`No answer from ${host}. Either it was not found or not reached, or it does not let other sites read it (CORS); a browser does not say which.`,
		{
			where: address,
			remedy:
				"Check the network, and open the address in a tab of its own: if that works, it is CORS, and the server has to allow other sites to read it, on errors as well.",
			cause,
		},
	);
}
