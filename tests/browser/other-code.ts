/** The lesson with other code in its cells, as if its author had written that. */
import type { BrowserContext, Page } from "playwright/test";
import { type Lesson, lessonPath } from "./site.ts";

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
	await withCode(lesson.page, code, written);
	await lesson.open({ prefer: "phantom" });
}

export async function withCode(
	target: Page | BrowserContext,
	code: Record<string, string>,
	{ timeout, auto = [] }: AsWritten = {},
): Promise<void> {
	await target.route(`**/${lessonPath}`, async (route) => {
		const response = await route.fetch();
		let body = (await response.text()).replace(
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
		await route.fulfill({ response, body });
	});
}
