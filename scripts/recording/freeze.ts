/**
 * A cell's output as markup without a script: what the page has drawn, in the plain form of `recorded/markup.ts`.
 * Runs in the page. Controls are left out, canvases become pictures, and what lays itself out by script is taken at two
 * widths.
 */
import {
	allowsAttribute,
	allowsRole,
	allowsTag,
	escapeMarkup,
	escapeText,
} from "../../src/authoring/recorded/markup.ts";
import { type FramePicture, type Frames, frameSelector, framesOf } from "./frames.ts";

/** What is there for a reader's hands, or only while a cell runs. */
const dropped = [
	"[hidden], script, style, input, label, select, textarea, output, form, progress",
	".cw-progress, .cw-picture-controls, .cw-table-pager, .cw-picture-readout, .cw-fig-controls, .cw-fig-none, .cw-fig-unseen",
	".cw-fig-cursor",
].join();

export interface Frozen {
	html: string;
	/** Pictures by the name in the markup, as `data:` addresses. */
	pictures: Record<string, string>;
}

/** `name` begins the names of pictures and ids. */
export async function freeze(host: HTMLElement, name: string): Promise<Frozen> {
	for (const details of host.querySelectorAll<HTMLDetailsElement>(".cw-chart-numbers")) await filled(details);
	const frames = await framesOf(host);
	const freezer = new Freezer(name, frames);
	const html = [...host.childNodes].map((node) => freezer.markup(node)).join("");
	return { html, pictures: freezer.pictures };
}

/** A fold that makes its content when it is opened has it now. */
async function filled(details: HTMLDetailsElement): Promise<void> {
	if (details.open) return;
	const toggled = new Promise((done) => details.addEventListener("toggle", done, { once: true }));
	details.open = true;
	await toggled;
	details.open = false;
}

class Freezer {
	readonly pictures: Record<string, string> = {};
	readonly #name: string;
	readonly #frames: Frames;
	/** New ids by those in the page, for what is drawn now. */
	#ids = new Map<string, string>();
	#made = 0;

	constructor(name: string, frames: Frames) {
		this.#name = name;
		this.#frames = frames;
	}

	markup(node: Node): string {
		if (node instanceof Text) return escapeText(anywhere(node.data));
		if (!(node instanceof HTMLElement || node instanceof SVGElement) || node.matches(dropped)) return "";
		if (node.style.display === "none") return "";
		if (node.matches(frameSelector)) return this.#frame(node as HTMLElement);
		if (node.localName === "button") return buttonText(node);
		if (node.matches(".cw-picture-planes")) return planeText(node);
		if (node.localName === "canvas")
			throw new Error(`A recorded output cannot hold this canvas: ${node.className}`);
		if (isUnfilled(node)) {
			const words = this.#children(node.querySelector("summary") as HTMLElement);
			return `<div class="cw-json-leaf">${words} …</div>`;
		}
		return this.#element(node);
	}

	/** The same frame at each width, ids and all its own. */
	#frame(frame: HTMLElement): string {
		return (this.#frames.get(frame) ?? [])
			.map(({ kind, width, height, svg, picture }) => {
				this.#ids = new Map();
				const size = `max-width:${kind === "wide" ? width : Math.round(width * 1.2)}px;aspect-ratio:${width}/${height}`;
				const image = picture ? this.#picture(frame, picture) : "";
				return `<div class="${frame.className} cw-recorded-${kind}" style="${size}">${image}${this.#element(svg)}</div>`;
			})
			.join("");
	}

	/** One file for both widths; the text twin stands with it. */
	#picture(frame: HTMLElement, picture: FramePicture): string {
		const known = Object.entries(this.pictures).find(([, address]) => address === picture.address);
		const file = known?.[0] ?? `${this.#name}-${Object.keys(this.pictures).length + 1}.webp`;
		this.pictures[file] = picture.address;
		const alt = escapeMarkup(frame.querySelector("canvas")?.getAttribute("aria-label") ?? "");
		const pixels = `cw-picture-pixels${picture.isWhole ? " cw-recorded-pixels" : ""}`;
		return `<div class="cw-picture-pane" style="${picture.place}"><img class="${pixels}" src="${file}" width="${picture.columns}" height="${picture.rows}" loading="lazy" decoding="async" alt="${alt}"></div>`;
	}

	#element(node: Element): string {
		// A part that the page has is no section of the record.
		const tag = node.localName === "section" ? "div" : node.localName;
		const inSvg = node instanceof SVGElement && tag !== "svg";
		if (!allowsTag(tag, inSvg)) throw new Error(`A recorded output cannot hold <${tag}>`);
		const start = `<${tag}${this.#attributes(node, inSvg)}>`;
		if (/^(?:br|col|hr|img)$/.test(tag)) return start;
		const inside = node.shadowRoot ? this.#shadow(node.shadowRoot) : this.#children(node);
		// The first line feed in a <pre> is not part of its text.
		const line = tag === "pre" && inside.startsWith("\n") ? "\n" : "";
		return `${start}${line}${inside}</${tag}>`;
	}

	#children(node: Node): string {
		return [...node.childNodes].map((child) => this.markup(child)).join("");
	}

	#shadow(root: ShadowRoot): string {
		const rules = root.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
		return `<template shadowrootmode="open"><style>${rules.join("\n")}</style>${this.#children(root)}</template>`;
	}

	#attributes(node: Element, inSvg: boolean): string {
		// A part that took keys and pointers is a picture of itself now.
		const wasLive = /^(?:application|slider)$/.test(node.getAttribute("role") ?? "");
		const live = /^(?:role|tabindex|aria-(?:roledescription|label|describedby))$/;
		let text = "";
		for (const { name, value } of node.attributes) {
			if (!allowsAttribute(node.localName, name, inSvg) || (wasLive && live.test(name))) continue;
			if (value === "" && (name === "class" || name === "style")) continue;
			if (name === "role" && value !== "region" && !allowsRole(value)) continue;
			if (/^aria-(?:live|busy|sort|controls|expanded)$/.test(name)) continue;
			// A recorded part is no landmark of the page.
			const kept = name === "role" && value === "region" ? "group" : this.#ownIds(name, value);
			text += ` ${name}="${escapeMarkup(anywhere(kept))}"`;
		}
		return text;
	}

	/** Ids and what refers to them, renamed so that no other output on the page has the same. */
	#ownIds(name: string, value: string): string {
		if (name === "id" || name === "aria-labelledby" || name === "aria-describedby")
			return value.replace(/\S+/g, (id) => this.#id(id));
		return value.replace(/url\((["']?)#([^"')]+)\1\)/g, (_, _quote, id: string) => `url(#${this.#id(id)})`);
	}

	#id(id: string): string {
		const known = this.#ids.get(id) ?? `recorded-${this.#name}-${++this.#made}`;
		this.#ids.set(id, known);
		return known;
	}
}

/** Text that does not tell where the site happened to be served when it was recorded. */
function anywhere(text: string): string {
	return text.replaceAll(`${location.origin}/`, "…/");
}

/** What a button said that showed more; of the others nothing is left but their words. */
function buttonText(button: Element): string {
	const label = button.textContent?.trim() ?? "";
	if (button.matches(".cw-sort")) return escapeText(label);
	if (/^Show /.test(label)) return `<p class="cw-notice">Run the cell to s${escapeText(label.slice(1))}.</p>`;
	return label.startsWith("…") ? escapeText(label) : "";
}

/** Which plane of a volume is shown, as its sliders say it. */
function planeText(planes: Element): string {
	const sliders = [...planes.querySelectorAll("[aria-valuetext]")];
	const places = sliders.map((slider) => slider.getAttribute("aria-valuetext") ?? "");
	return `<p class="cw-notice">Shown is ${escapeText(places.join("; "))}.</p>`;
}

/** A fold of a tree that was never opened, and so holds nothing yet. */
function isUnfilled(node: Element): boolean {
	return node.localName === "details" && node.childElementCount === 1 && node.closest(".cw-json") !== null;
}
