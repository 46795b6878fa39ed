/** What a Content-Security-Policy refuses while a test looks. */
import type { Page } from "playwright/test";

/** Every refusal by a policy, of the page or of its workers, as the browser tells it. */
export async function refusals(page: Page): Promise<string[]> {
	const found: string[] = [];
	page.on("console", (message) => {
		if (/content.security.policy|csp-refused/i.test(message.text())) found.push(message.text());
	});
	await page.addInitScript(() => {
		document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => {
			console.error(`csp-refused: ${effectiveDirective} ${blockedURI} ${sample}`);
		});
	});
	return found;
}
