/**
 * Expressive Code makes a code block that scrolls sideways a focusable region, without a name. Regions must be told
 * apart by those who hear them: this names each after its title, or after its language and its place on the page.
 */
function nameRegion(pre: Element): void {
	if (pre.getAttribute("role") !== "region") {
		pre.removeAttribute("aria-label");
		return;
	}
	const title = pre.closest(".expressive-code")?.querySelector("figcaption .title")?.textContent?.trim();
	const place = [...document.querySelectorAll(".expressive-code pre")].indexOf(pre) + 1;
	pre.setAttribute(
		"aria-label",
		title ? `Code: ${title}` : `Code ${place}, ${pre.getAttribute("data-language")}`,
	);
}

new MutationObserver((records) => {
	for (const { target } of records) {
		if (target instanceof Element && target.matches(".expressive-code pre")) nameRegion(target);
	}
}).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["role"] });
