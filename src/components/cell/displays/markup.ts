/**
 * SVG and HTML that a cell drew. It is cleaned of anything that could run or load, and shown in a shadow tree inside a
 * box that contains it: its styles and ids reach nothing else on the page, and nothing of it can lie over the page.
 */
import DOMPurify from "dompurify";
import type { MarkupDisplay } from "../../../lib/display.ts";
import { askKernel, newestOnly } from "./live.ts";
import markupStyles from "./markup-shadow.css?inline";
import { cleanSheet, cleanStyle, loads } from "./safe-css.ts";

/** Links, forms, frames, sound and whatever opens above the page have no place in an output. */
const forbiddenTags = [
	..."a form input button select option textarea label fieldset iframe frame object embed link meta base".split(
		" ",
	),
	..."foreignObject animate set animateMotion animateTransform animateColor mpath use feImage".split(" "),
	..."dialog slot template audio video source track portal marquee map area".split(" "),
];
const forbiddenAttributes = [
	..."popover popovertarget popovertargetaction command commandfor autofocus contenteditable accesskey".split(
		" ",
	),
	..."tabindex srcset background poster ping action formaction slot part exportparts is".split(" "),
];
/** CSS pixels; a drawing that fills a very wide screen is harder to read, not easier. */
const [narrowest, widest] = [160, 900];
/** A drawing of a fixed width shrinks with the page to this share of it. */
const mostShrunk = 0.7;
const picture = /^data:image\/(?:png|jpeg|gif|webp|avif|bmp);base64,[a-z0-9+/=\s]*$/i;

/** What may stand as an address: a part of the same drawing, or a picture that is in the text itself. */
function isOwn(address: string): boolean {
	const text = address.trim();
	return text.startsWith("#") || picture.test(text);
}

/** The markup as nodes in which nothing runs and nothing loads, and its style sheets, cleaned too. */
export function clean(markup: string): { nodes: DocumentFragment; sheets: CSSStyleSheet[] } {
	const nodes = DOMPurify.sanitize(markup, {
		USE_PROFILES: { html: true, svg: true, svgFilters: true },
		// Plot's drawings bring a <style> of their own; it is taken out below.
		ADD_TAGS: ["style"],
		FORBID_TAGS: forbiddenTags,
		FORBID_ATTR: forbiddenAttributes,
		FORCE_BODY: true,
		RETURN_DOM_FRAGMENT: true,
	});
	const sheets: CSSStyleSheet[] = [];
	for (const style of nodes.querySelectorAll("style")) {
		sheets.push(cleanSheet(style.textContent ?? ""));
		style.remove();
	}
	for (const element of nodes.querySelectorAll<HTMLElement | SVGElement>("*")) cleanAttributes(element);
	for (const part of nodes.querySelectorAll<SVGElement>("svg, svg *")) adaptColours(part);
	return { nodes, sheets };
}

function cleanAttributes(element: HTMLElement | SVGElement): void {
	for (const { name, value } of [...element.attributes]) {
		if (name === "style") cleanStyle(element.style);
		else if (/^(?:.+:)?(?:href|src)$/i.test(name)) {
			if (!isOwn(value)) element.removeAttribute(name);
		} else if (!/^(?:aria-.*|title|alt|class|id|d|data-.*)$/.test(name) && loads(value)) {
			element.removeAttribute(name);
		}
	}
}

/** Pure black and white are what one draws with on paper: they become the page's ink and ground, dark or light. */
function adaptColours(part: SVGElement): void {
	for (const name of ["fill", "stroke", "stop-color"]) {
		const attribute = adapted(part.getAttribute(name));
		if (attribute) part.setAttribute(name, attribute);
		const style = adapted(part.style?.getPropertyValue(name));
		if (style) part.style.setProperty(name, style);
	}
}

function adapted(colour: string | null | undefined): string | undefined {
	const written = colour?.trim().toLowerCase() ?? "";
	if (/^(?:black|#000|#000000|rgb\(0, 0, 0\))$/.test(written)) return "currentColor";
	return /^(?:white|#fff|#ffffff|rgb\(255, 255, 255\))$/.test(written) ? "var(--cw-ground)" : undefined;
}

export function showMarkup(host: HTMLElement, { markup, source }: MarkupDisplay): void {
	const box = document.createElement("div");
	const shadow = box.attachShadow({ mode: "open" });
	const own = new CSSStyleSheet();
	own.replaceSync(markupStyles);
	const draw = (text: string) => {
		const { nodes, sheets } = clean(text);
		for (const svg of nodes.querySelectorAll("svg")) describeSvg(svg);
		shadow.adoptedStyleSheets = [own, ...sheets];
		shadow.replaceChildren(nodes);
	};
	draw(markup);
	host.replaceChildren(box);
	if (source) followWidth(host, source, draw);
	host.tabIndex = 0;
	host.setAttribute("role", "group");
	host.setAttribute("aria-label", "Drawing");
}

/** Has the kernel draw anew for the width there is. Where it cannot any more, the drawing shrinks as a whole. */
function followWidth(host: HTMLElement, source: string, draw: (markup: string) => void): void {
	let width = 0;
	const want = newestOnly(async (room: number) => {
		try {
			draw(await askKernel<string>(source, { width: room }));
		} catch {
			follow.disconnect();
		}
	});
	const follow = new ResizeObserver(([{ borderBoxSize }]) => {
		// The box itself: its scroll bar comes and goes with the drawing, and must not have it drawn again.
		const room = Math.round(Math.min(widest, borderBoxSize[0].inlineSize));
		// A box that is not shown has no width; some pixels more or less are no reason to draw.
		if (room < narrowest || Math.abs(room - width) < 8) return;
		width = room;
		want(room);
	});
	follow.observe(host);
}

/** A drawing has a name, and shrinks with the page as a whole. */
function describeSvg(svg: SVGSVGElement): void {
	if (svg.parentElement?.closest("svg")) return;
	if (!svg.hasAttribute("role")) svg.setAttribute("role", "img");
	// One picture to a screen reader: what names its parts (Plot names every axis and mark) is not heard, nor allowed.
	if (svg.getAttribute("role") === "img") {
		for (const part of svg.querySelectorAll("[aria-label], [aria-description]")) {
			part.removeAttribute("aria-label");
			part.removeAttribute("aria-description");
		}
	}
	const named = svg.hasAttribute("aria-label") || svg.hasAttribute("aria-labelledby");
	if (!named && !svg.querySelector(":scope > title")) svg.setAttribute("aria-label", textOf(svg));
	const size = ["width", "height"].map((name) => pixels(svg.getAttribute(name)));
	if (!svg.hasAttribute("viewBox") && size.every((n) => n > 0))
		svg.setAttribute("viewBox", `0 0 ${size.join(" ")}`);
	// Beyond this it scrolls in its box: letters at half their size are read by nobody.
	if (size[0] > 0) svg.style.minWidth = `${Math.round(size[0] * mostShrunk)}px`;
}

/** A length in pixels; NaN of a share and of any other unit. */
function pixels(length: string | null): number {
	return /^\s*[\d.]+(?:px)?\s*$/.test(length ?? "") ? Number.parseFloat(length ?? "") : Number.NaN;
}

/** What is written in a drawing, for those who do not see it: its first words. */
function textOf(svg: SVGSVGElement): string {
	const words = [...svg.querySelectorAll("text")].map((text) => text.textContent?.trim()).filter(Boolean);
	const shown = words.slice(0, 40).join(", ");
	return shown ? `Drawing with the text: ${shown}${words.length > 40 ? " …" : ""}` : "Drawing";
}
