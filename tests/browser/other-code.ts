/** The lesson with other code in its cells, as if its author had written that. */
import type { BrowserContext, Page } from "playwright/test";
import { changesTo, type Lesson, lessonPath } from "./site.ts";

export interface AsWritten {
	/** Seconds. */
	timeout?: number;
	/** Cells that run by themselves when they are seen. */
	auto?: string[];
}

/** Opens the lesson with other code in some of its cells; they need no others then. */
export async function openWith(
	lesson: Lesson,
	code: Record<string, string>,
	written: AsWritten = {},
): Promise<void> {
	const changes = changesTo(lesson.root);
	if (!changes) throw new Error(`${lesson.root} is not served here`);
	changes.pages.set(`${lessonPath}index.html`, (html) => rewritten(html, code, written));
	await lesson.open({ prefer: "phantom" });
}

/** The same for one page or browser of several that have different code. */
export async function withCode(
	target: Page | BrowserContext,
	code: Record<string, string>,
	written: AsWritten = {},
): Promise<void> {
	await target.route(`**/${lessonPath}`, async (route) => {
		const response = await route.fetch();
		await route.fulfill({ response, body: rewritten(await response.text(), code, written) });
	});
}

function rewritten(html: string, code: Record<string, string>, { timeout, auto = [] }: AsWritten): string {
	let body = html.replace(
		/(<script type="application\/json" data-part="spec"[^>]*>)(.*?)(<\/script>)/gs,
		(whole, open, json, close) => {
			const data = JSON.parse(json);
			if (!(data.id in code)) return whole;
			const changed = { ...data, source: code[data.id], needs: [], timeout: timeout ?? data.timeout };
			return open + JSON.stringify(changed).replaceAll("<", "\\u003c") + close;
		},
	);
	for (const id of auto) {
		const manual = new RegExp(`(id="cell-${id}"[^>]*data-run=")manual`);
		if (!manual.test(body)) throw new Error(`there is no cell ${id} that could run by itself`);
		body = body.replace(manual, "$1auto");
	}
	return body;
}
