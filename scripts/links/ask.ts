/** Asks for addresses: what answers, what is gone, what refuses programs, what cannot be reached. */

export type Verdict = "answers" | "gone" | "refused" | "unreachable";

export interface Answer {
	address: string;
	verdict: Verdict;
	/** The status, or why there is none. */
	said: string;
}

export interface AskOptions {
	/** Milliseconds before each further try; as many tries more as there are numbers. */
	pauses?: readonly number[];
	/** Hosts that are asked at the same time; each gets one request at a time. */
	hosts?: number;
	/** Milliseconds for one request. */
	timeout?: number;
	onAnswer?(answer: Answer): void;
}

/** As given, whatever the answers are: nothing is thrown. */
export async function askLinks(addresses: readonly string[], options: AskOptions = {}): Promise<Answer[]> {
	const { hosts = 6, onAnswer } = options;
	const answers = new Map<string, Answer>();
	const byHost = new Map<string, string[]>();
	for (const address of addresses) {
		const { host } = new URL(address);
		byHost.set(host, [...(byHost.get(host) ?? []), address]);
	}
	const waiting = [...byHost.values()];
	const work = async () => {
		for (let one = waiting.shift(); one; one = waiting.shift()) {
			let silent: string | undefined;
			for (const address of one) {
				// A host that does not answer is not waited for again.
				const answer: Answer =
					silent === undefined
						? await askUntilSure(address, options)
						: { address, verdict: "unreachable", said: silent };
				if (answer.verdict === "unreachable") silent = answer.said;
				answers.set(address, answer);
				onAnswer?.(answer);
			}
		}
	};
	await Promise.all(Array.from({ length: hosts }, work));
	return addresses.map((address) => answers.get(address) as Answer);
}

async function askUntilSure(address: string, options: AskOptions): Promise<Answer> {
	const { pauses = [2000, 8000], timeout = 20_000 } = options;
	let answer = await ask(address, timeout);
	for (const pause of pauses) {
		// What is there or gone stays so; a server that is busy or a line that broke may do better.
		if (answer.verdict === "answers" || answer.verdict === "gone") break;
		await new Promise((resume) => setTimeout(resume, pause));
		answer = await ask(address, timeout);
	}
	return answer;
}

async function ask(address: string, timeout: number): Promise<Answer> {
	try {
		// Some servers know no HEAD, and say so in many ways.
		const { status } =
			(await request(address, "HEAD", timeout)) ?? (await request(address, "GET", timeout)) ?? {};
		return { address, verdict: verdictOf(status), said: String(status) };
	} catch (error) {
		const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
		return { address, verdict: "unreachable", said: cause?.code ?? cause?.message ?? message };
	}
}

/** Undefined for a HEAD that does not succeed: a GET decides. */
async function request(
	address: string,
	method: "HEAD" | "GET",
	timeout: number,
): Promise<Response | undefined> {
	const response = await fetch(address, {
		method,
		redirect: "follow",
		headers: { "user-agent": "Mozilla/5.0 (compatible; Chunkwise link check)", accept: "*/*" },
		signal: AbortSignal.timeout(timeout),
	});
	await response.body?.cancel();
	return method === "HEAD" && !response.ok ? undefined : response;
}

function verdictOf(status: number | undefined): Verdict {
	if (status !== undefined && status >= 200 && status < 300) return "answers";
	return status === 404 || status === 410 ? "gone" : "refused";
}
