/** The words and addresses of a recorded output, put in while the page is built. */
import { escapeHtml } from "../figures/html.ts";

/** `2026-11-23` as it is read: `23 November 2026`. */
export function dayText(day: string): string {
	return new Date(`${day}T12:00:00Z`).toLocaleDateString("en-GB", {
		day: "numeric",
		month: "long",
		year: "numeric",
		timeZone: "UTC",
	});
}

/** The markup with each picture's address in the place of its name. @throws Error for a picture that has none */
export function withPictures(html: string, pictures: Record<string, string>): string {
	return html.replace(/(<img [^>]*?)\bsrc="([^"]*)"/g, (_, before: string, name: string) => {
		const address = pictures[name];
		if (!address) throw new Error(`The recorded picture ${name} is not there. Run npm run record.`);
		return `${before}src="${escapeHtml(address)}"`;
	});
}
