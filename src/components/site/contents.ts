/**
 * Marks where the reader is in a page's contents: the last heading above the reading line, which lies just under
 * whatever stays at the top of the window (`scroll-padding-top`). Starlight's own marks the first block that enters a
 * band, and a lesson's controls, which stay in that band, would hold it at the first entry.
 */
class PageContents extends HTMLElement {
	#links = new Map<Element, HTMLAnchorElement>();
	#current: HTMLAnchorElement | undefined;
	#scheduled = false;

	connectedCallback(): void {
		for (const link of this.querySelectorAll("a")) {
			const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
			if (heading) this.#links.set(heading, link);
		}
		window.addEventListener("scroll", this.#schedule, { passive: true });
		window.addEventListener("resize", this.#schedule, { passive: true });
		this.#schedule();
		this.#closeMenuWhenDone();
	}

	disconnectedCallback(): void {
		window.removeEventListener("scroll", this.#schedule);
		window.removeEventListener("resize", this.#schedule);
	}

	#schedule = (): void => {
		if (this.#scheduled) return;
		this.#scheduled = true;
		requestAnimationFrame(() => {
			this.#scheduled = false;
			this.#update();
		});
	};

	#update(): void {
		const padding = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
		const line = padding + 24;
		const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
		let current: HTMLAnchorElement | undefined;
		for (const [heading, link] of this.#links) {
			const { top } = heading.getBoundingClientRect();
			if (!current || top <= line || (atEnd && top < innerHeight)) current = link;
		}
		if (current === this.#current) return;
		this.#current?.removeAttribute("aria-current");
		current?.setAttribute("aria-current", "true");
		this.#current = current;
		const shown = this.querySelector(".cw-contents-here");
		if (shown) shown.textContent = current?.textContent ?? "";
	}

	/** The small-screen list is a `<details>` over the page: a choice, Escape or a tap elsewhere closes it. */
	#closeMenuWhenDone(): void {
		const details = this.querySelector("details");
		if (!details) return;
		details.querySelector("ul")?.addEventListener("click", () => details.removeAttribute("open"));
		document.addEventListener("click", ({ target }) => {
			if (target instanceof Node && !details.contains(target)) details.removeAttribute("open");
		});
		details.addEventListener("keydown", ({ key }) => {
			if (key !== "Escape" || !details.open) return;
			details.removeAttribute("open");
			details.querySelector("summary")?.focus();
		});
	}
}

if (!customElements.get("cw-contents")) customElements.define("cw-contents", PageContents);
