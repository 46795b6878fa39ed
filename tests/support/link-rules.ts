/** What a link may be: rules for its text and its address, the same for a page's source and for the built page. */

/** Link texts that say nothing to who hears links in a list, as screen readers give them. */
const emptyWords = new Set(
	"click here|here|learn more|link|more|page|read more|that link|that page|there|this|this address|this link|this page|this site|website".split(
		"|",
	),
);

/** In words what is wrong with a link's text, and the way out; undefined where nothing is. */
export function linkTextProblem(text: string): string | undefined {
	const plain = normal(text);
	if (plain === "") return "A link without words. Write what stands at its end: [Zarr specification](…).";
	if (emptyWords.has(plain))
		return `The link “${text.trim()}” does not say where it leads. Make the words that do the link.`;
	if (/^(https?:\/\/|www\.)/.test(plain))
		return `The link “${text.trim()}” is a bare address. Write what stands there: [Zarr specification](${text.trim()}).`;
	return undefined;
}

/** In words what is wrong with the address of another site; undefined where nothing is. */
export function addressProblem(address: string): string | undefined {
	let url: URL;
	try {
		url = new URL(address);
	} catch {
		return `“${address}” is not a whole address. Copy it again from the browser's address bar.`;
	}
	if (url.protocol === "mailto:") return undefined;
	if (url.protocol !== "https:")
		return `“${address}” does not begin with https://. Sites that matter can be reached so; try it in a browser.`;
	if (url.username !== "" || url.password !== "")
		return `“${address}” holds a name or a password. Take it out.`;
	if (!/^[^.]+(\.[^.]+)+$/.test(url.hostname)) return `“${address}” names no host of the internet.`;
	if (/[.,;:!?'"»”]$/.test(address)) return `“${address}” ends in a sign of the sentence around it.`;
	return undefined;
}

/** An address of another site, in contrast to one of this site or of a place on the page. */
export function isElsewhere(address: string): boolean {
	return /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(address);
}

export interface FoundLink {
	/** Where it stands, for messages. */
	at: string;
	text: string;
	address: string;
}

/** Links of one page that read the same and lead to different pages; to which place on the page is left open. */
export function twoTargets(links: readonly FoundLink[]): string[] {
	const problems: string[] = [];
	const first = new Map<string, FoundLink>();
	for (const link of links) {
		const text = normal(link.text);
		const before = first.get(text);
		if (!before) first.set(text, link);
		else if (pageOf(before) !== pageOf(link))
			problems.push(
				`${link.at}: “${link.text.trim()}” leads to ${link.address}, and at ${before.at} to ${before.address}. Give the two links words of their own.`,
			);
	}
	return problems;
}

function pageOf({ address }: FoundLink): string {
	return address.replace(/#.*$/, "").replace(/\/$/, "");
}

function normal(text: string): string {
	return text.trim().replace(/\s+/g, " ").replace(/[.:]$/, "").toLowerCase();
}
