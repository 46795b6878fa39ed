/** SVG and HTML that a cell drew, cleaned of anything that could run or load. */
import DOMPurify from "dompurify";

export function showMarkup(host: HTMLElement, markup: string): void {
	const fragment = DOMPurify.sanitize(markup, {
		USE_PROFILES: { html: true, svg: true, svgFilters: true },
		// A plot's own <style> is scoped by Plot; links and forms have no place in an output.
		ADD_TAGS: ["style"],
		FORBID_TAGS: ["a", "form", "input", "iframe", "object", "embed", "foreignObject"],
		RETURN_DOM_FRAGMENT: true,
	});
	host.replaceChildren(fragment);
	for (const svg of host.querySelectorAll("svg")) {
		if (!svg.hasAttribute("role")) svg.setAttribute("role", "img");
		if (!svg.hasAttribute("aria-label") && !svg.querySelector("title"))
			svg.setAttribute("aria-label", "Drawing");
	}
}
