/** Why a worker did not start, as far as a page can find out: in words, with what to do. */

/** A kernel that did not start. */
export class NotStarted extends Error {
	override readonly name = "NotStarted";
	readonly remedy: string;

	constructor(message: string, remedy = "Press Run to try again; your code is kept.") {
		super(message);
		this.remedy = remedy;
	}
}

const checkWithin = 5000;
const reload = "Reload the page: the site may have been renewed since it was opened. Your code is kept.";

/** Hears whether the page's policy refuses a worker, which the worker's own error does not tell. */
export function watchPolicy(): { readonly refused: boolean; end(): void } {
	let refused = false;
	const hear = (event: SecurityPolicyViolationEvent) => {
		if (/^(worker|child|script|default)-src/.test(event.effectiveDirective)) refused = true;
	};
	const page = typeof document === "undefined" ? undefined : document;
	page?.addEventListener("securitypolicyviolation", hear);
	return {
		get refused() {
			return refused;
		},
		end: () => page?.removeEventListener("securitypolicyviolation", hear),
	};
}

/** Looks at the script's address. `said`: what the browser told, which is often nothing. */
export async function whyNotStarted(
	url: string | undefined,
	said: string | undefined,
	isRefused: boolean,
): Promise<NotStarted> {
	if (typeof Worker === "undefined") {
		return new NotStarted(
			"This browser has no workers, which cells run in.",
			"Use a current Firefox, Chrome, Edge or Safari; the lesson can be read here.",
		);
	}
	if (isRefused || (said && /security|policy|refused|insecure/i.test(said))) return forbidden(said);
	return (
		(await whatIsMissing(url)) ??
		new NotStarted(
			`The kernel's script could be loaded, but did not run${said ? `: ${said}` : ""}.`,
			"This browser may be too old for module workers, or an extension may forbid them. Press Run to try again, or use a current Firefox, Chrome, Edge or Safari.",
		)
	);
}

function forbidden(said?: string): NotStarted {
	return new NotStarted(
		`The browser did not let the kernel start${said ? ` (${said})` : ""}.`,
		"A policy of this site or an extension may forbid workers. Press Run to try again, or open the page without extensions.",
	);
}

/** What is wrong with what the address gives; undefined where a script comes. */
async function whatIsMissing(url: string | undefined): Promise<NotStarted | undefined> {
	if (!url) return undefined;
	let response: Response;
	try {
		response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(checkWithin) });
	} catch {
		return new NotStarted(
			navigator.onLine === false
				? "The kernel's script could not be loaded: there is no network connection."
				: "The kernel's script could not be loaded: the site does not answer.",
			"Check the connection and press Run to try again; your code is kept.",
		);
	}
	void response.body?.cancel();
	if (!response.ok) {
		return new NotStarted(`The kernel's script is not there (the site answers ${response.status}).`, reload);
	}
	const type = response.headers.get("content-type") ?? "";
	if (!/javascript|ecmascript/i.test(type)) {
		return new NotStarted(
			`Instead of the kernel's script the site sent ${type ? `“${type.split(";")[0]}”` : "something without a type"}.`,
			reload,
		);
	}
	return undefined;
}
