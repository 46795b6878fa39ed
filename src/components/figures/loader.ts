/**
 * Brings a page's static figures to life as they come near the screen, or, with `data-live="intent"`, when the reader
 * points at them, reaches them by keys or presses something in them. Everything heavier is fetched then.
 */
const intents = ["pointerenter", "pointerdown", "focusin", "dragenter", "change"] as const;

class FigureElement extends HTMLElement {
	#observer: IntersectionObserver | undefined;
	#mounted: Promise<{ destroy(): void }> | undefined;

	connectedCallback(): void {
		if (this.dataset.live === "intent") {
			for (const type of intents) this.addEventListener(type, () => this.#mount(), { once: true });
			// What is pressed before the script is there is not lost.
			this.addEventListener("click", ({ target }) => {
				const pressed = (target as Element).closest<HTMLElement>("[data-act=start]");
				if (pressed) this.dataset.wanted = pressed.dataset.value ?? "";
			});
			// A link to a state of the figure is a wish to see it.
			if (this.id && location.hash.startsWith(`#${this.id}?`)) this.#mount();
			// So is what the reader left unfinished here.
			if (isKept(this.dataset.wake)) this.#mount();
			return;
		}
		this.#observer = new IntersectionObserver(
			(entries) => {
				if (entries.some((entry) => entry.isIntersecting)) this.#mount();
			},
			{ rootMargin: "200px" },
		);
		this.#observer.observe(this);
	}

	disconnectedCallback(): void {
		this.#observer?.disconnect();
		this.#mounted?.then((figure) => figure.destroy()).catch(() => {});
		this.#mounted = undefined;
	}

	#mount(): void {
		this.#observer?.disconnect();
		if (this.#mounted) return;
		const props = this.querySelector(':scope > script[type="application/json"]')?.textContent ?? "{}";
		this.#mounted = import("./mount.ts").then(({ mountFigure }) =>
			mountFigure(this, this.dataset.figure ?? "", JSON.parse(props)),
		);
		// The static figure and its words stay; only the playing is missing.
		this.#mounted.catch((error) => console.error("A figure did not start:", error));
	}
}

function isKept(key: string | undefined): boolean {
	try {
		return key !== undefined && localStorage.getItem(key) !== null;
	} catch {
		return false;
	}
}

if (!customElements.get("cw-figure")) customElements.define("cw-figure", FigureElement);
