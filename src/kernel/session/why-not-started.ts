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

/** Looks at the script's address. `said`: what the browser told, which is often nothing. */
export async function whyNotStarted(url: string | undefined, said?: string): Promise<NotStarted> {
	if (typeof Worker === "undefined") {
		return new NotStarted(
			"This browser has no workers, which cells run in.",
			"Use a current Firefox, Chrome, Edge or Safari; the lesson can be read here.",
		);
	}
	if (said && /security|policy|refused|insecure/i.test(said)) return forbidden(said);
	// A script that loaded but did not run says what was wrong with it.
	if (said && /SyntaxError|import|export|Unexpected/i.test(said) && !(await isMissing(url))) {
		return new NotStarted(
			`The kernel's script did not run: ${said}.`,
			"This browser may be too old for module workers: use a current Firefox, Chrome, Edge or Safari.",
		);
	}
	return (
		(await isMissing(url)) ??
		(said ? new NotStarted(`The kernel ended as it started: ${said}.`) : forbidden())
	);
}

function forbidden(said?: string): NotStarted {
	return new NotStarted(
		`The browser did not let the kernel start${said ? ` (${said})` : ", though its script can be reached"}.`,
		"A policy of this site or an extension may forbid workers. Press Run to try again, or open the page without extensions.",
	);
}

/** What is wrong with what the address gives; undefined where a script comes. */
async function isMissing(url: string | undefined): Promise<NotStarted | undefined> {
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
