/** Words that lie over each other, are cut off, stick out of their figure or are broken within a word. */
import type { Locator } from "playwright/test";

/**
 * What stands too close in an element, one sentence each: measured from the boxes of the letters, line by line, so that
 * it holds for SVG and HTML alike. What scrolls may be cut at the edge of its box, and a text with an ellipsis says so.
 */
export function crowded(place: Locator): Promise<string[]> {
	return place.evaluate((root) => {
		interface Box {
			left: number;
			top: number;
			right: number;
			bottom: number;
			text: string;
			of: Element;
		}
		const found: string[] = [];
		const boxes: Box[] = [];
		const name = (e: Element) => `${e.localName}.${e.getAttribute("class") ?? ""}`;
		const seen = (e: Element) => {
			if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
			for (let at: Element | null = e; at; at = at.parentElement)
				if (getComputedStyle(at).clipPath.startsWith("inset(50%")) return false;
			return true;
		};
		/** Boxes that cut what is in them, the nearest first. */
		const windows = (e: Element) => {
			const all: { box: DOMRect; quiet: boolean; of: Element }[] = [];
			for (let at: Element | null = e; at && at !== root; at = at.parentElement) {
				const { overflowX, overflowY, display, textOverflow } = getComputedStyle(at);
				if (overflowX === "visible" && overflowY === "visible") continue;
				if (display === "inline" || (at instanceof SVGElement && at.localName !== "svg")) continue;
				const quiet = /auto|scroll/.test(overflowX + overflowY) || textOverflow === "ellipsis";
				all.push({ box: at.getBoundingClientRect(), quiet, of: at });
			}
			return all;
		};
		const home = root.getBoundingClientRect();
		const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
		while (walker.nextNode()) {
			const node = walker.currentNode as Text;
			const of = node.parentElement as Element;
			const text = node.data.trim();
			if (!text || of.closest("option, title, style, script") || !seen(of)) continue;
			const range = document.createRange();
			range.setStart(node, node.data.search(/\S/));
			range.setEnd(node, node.data.trimEnd().length);
			const rects = [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
			const lines = new Set(rects.map(({ top }) => Math.round(top))).size;
			// A word of more than 20 letters, as a checksum, may be broken.
			const words = text
				.split(/[\s/.-]+/)
				.reduce((sum, { length }) => sum + Math.ceil(Math.max(1, length) / 20), 0);
			if (!of.closest("pre, code") && lines > words)
				found.push(`“${text}” is broken into ${lines} lines (${name(of)})`);
			const around = windows(of);
			for (const rect of rects) {
				// Letters are less high than their line.
				const inset = 0.18 * rect.height;
				let box = {
					left: rect.left,
					top: rect.top + inset,
					right: rect.right,
					bottom: rect.bottom - inset,
				};
				if (around.length === 0 && (box.left < home.left - 2 || box.right > home.right + 2))
					found.push(`“${text}” sticks out (${name(of)})`);
				let quiet = false;
				for (const { box: edge, ...window } of around) {
					quiet ||= window.quiet;
					const inside = {
						left: Math.max(box.left, edge.left),
						top: Math.max(box.top, edge.top),
						right: Math.min(box.right, edge.right),
						bottom: Math.min(box.bottom, edge.bottom),
					};
					const lost =
						box.right -
						box.left -
						inside.right +
						inside.left +
						box.bottom -
						box.top -
						inside.bottom +
						inside.top;
					if (lost > 2 && !quiet) found.push(`“${text}” is cut off by ${name(window.of)}`);
					box = inside;
				}
				if (box.right - box.left > 1 && box.bottom - box.top > 1) boxes.push({ ...box, text, of });
			}
		}
		// Buttons that are drawings.
		for (const button of root.querySelectorAll("button")) {
			if (button.textContent?.trim() || !seen(button)) continue;
			const { left, top, right, bottom } = button.getBoundingClientRect();
			boxes.push({ left, top, right, bottom, text: button.ariaLabel ?? "", of: button });
		}
		for (const control of root.querySelectorAll("button, input, select, textarea")) {
			const { left, right, width } = control.getBoundingClientRect();
			if (width === 0 || !seen(control) || windows(control).length > 0) continue;
			if (left < home.left - 2 || right > home.right + 2) found.push(`${name(control)} sticks out`);
		}
		boxes.sort((a, b) => a.top - b.top);
		boxes.forEach((a, i) => {
			for (const b of boxes.slice(i + 1)) {
				if (b.top >= a.bottom) break;
				const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
				const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
				if (a.of !== b.of && across > 1 && down > 1.5)
					found.push(`“${a.text}” (${name(a.of)}) lies over “${b.text}” (${name(b.of)})`);
			}
		});
		return [...new Set(found)].slice(0, 12);
	});
}
