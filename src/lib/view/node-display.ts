/** What a lesson's `display` does outside of a page: lines in a terminal and pictures in a folder, or a notebook's output. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { DisplayModel } from "../display.ts";
import { displayText } from "./as-text.ts";
import { describe } from "./describe.ts";
import { pngOf } from "./png.ts";

/** Shows values, one under the other, but for `undefined`. The handle is of the last, as in a lesson's cell. */
export type Display = (...values: unknown[]) => Displayed;

/** A place in the output that can show something else. */
export interface Displayed {
	/** Shows this value instead: in a terminal below the former, with the same file for its picture. */
	update(value: unknown): void;
}

/** Where {@link openDisplay} puts what it shows. */
export interface DisplayOptions {
	/** The folder for pictures (PNG) and drawings (SVG, HTML), made with the first; default "pictures". */
	folder?: string;
	/** Takes each text; default the console. */
	write?: (text: string) => void;
}

/** A `display` that writes text, and pictures as files. A file that cannot be written is told and stops nothing. */
export function openDisplay({ folder = "pictures", write = console.log }: DisplayOptions = {}): Display {
	let files = 0;
	return (...values) => {
		let number: number | undefined;
		const show = (value: unknown) => {
			if (value === undefined) return;
			const model = modelOf(value);
			const file = fileOf(model);
			write(displayText(model));
			if (!file) return;
			number ??= ++files;
			const path = join(folder, `${number}.${file.ending}`);
			try {
				mkdirSync(folder, { recursive: true });
				writeFileSync(path, file.content);
				write(`Saved as ${path}`);
			} catch (error) {
				write(`It could not be saved as ${path}: ${(error as Error).message}`);
			}
		};
		for (const value of values) {
			number = undefined;
			show(value);
		}
		return { update: show };
	};
}

/** The file for a picture or a drawing. */
function fileOf(model: DisplayModel): { ending: string; content: string | Uint8Array } | undefined {
	if (model.kind === "picture") return { ending: "png", content: pngOf(model, deflateSync) };
	if (model.kind !== "markup") return undefined;
	const svg = standaloneSvg(model.markup);
	return svg ? { ending: "svg", content: svg } : { ending: "html", content: model.markup };
}

/** A drawing that is one SVG, with the namespace that a file of its own needs. */
function standaloneSvg(markup: string): string | undefined {
	const text = markup.trim();
	const [start] = /^<svg\b[^>]*>/.exec(text) ?? [];
	if (!start) return undefined;
	return start.includes("xmlns=") ? text : text.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
}

/** As under a cell: a value that fails to say what it looks like is shown as that failure. */
function modelOf(value: unknown): DisplayModel {
	try {
		return describe(value) ?? { kind: "text", text: "undefined" };
	} catch (error) {
		return { kind: "text", text: `This value cannot be shown: ${(error as Error).message}` };
	}
}

/** What a notebook shows, by media type. */
export type MimeBundle = Record<string, unknown>;

/** The part of Deno's global `Deno` that is used. */
interface DenoJupyter {
	jupyter: {
		display(bundle: MimeBundle, options: { raw: true; display_id?: string; update?: boolean }): Promise<void>;
	};
}

/** A {@link Display} whose outputs go to a notebook. */
export interface NotebookDisplay extends Display {
	/**
	 * Resolves when all has been sent. A cell that does not wait for it may be told to have ended before, and notebooks
	 * drop what comes after (Deno 2.9 does so with the value of a cell's last line).
	 */
	sent(): Promise<void>;
}

/** A `display` for Deno's kernel for Jupyter. @throws Error where there is no such kernel */
export function openNotebookDisplay(): NotebookDisplay {
	const { Deno: deno } = globalThis as { Deno?: Partial<DenoJupyter> };
	const jupyter = deno?.jupyter;
	if (!jupyter) throw new Error("openNotebookDisplay needs Deno’s kernel for Jupyter.");
	let shown = 0;
	let sending: Promise<void> = Promise.resolve();
	const display: Display = (...values) => {
		let id = "";
		const send = (value: unknown, update: boolean) => {
			const [bundle, options] = [
				notebookBundle(modelOf(value)),
				{ raw: true as const, display_id: id, update },
			];
			// One after the other, as they were shown.
			sending = sending.then(() => jupyter.display(bundle, options)).catch(console.error);
		};
		for (const value of values.filter((value) => value !== undefined)) {
			id = `chunkwise-${++shown}`;
			send(value, false);
		}
		return { update: (value) => send(value, true) };
	};
	return Object.assign(display, { sent: () => sending });
}

/** A display for a notebook: always as text, and as a picture, a table or a tree where it is one. */
export function notebookBundle(model: DisplayModel): MimeBundle {
	const bundle: MimeBundle = { "text/plain": displayText(model) };
	if (model.kind === "picture") bundle["image/png"] = toBase64(pngOf(model, deflateSync));
	else if (model.kind === "table") bundle["text/html"] = tableMarkup(model);
	else if (model.kind === "markup") {
		const svg = standaloneSvg(model.markup);
		if (svg) bundle["image/svg+xml"] = svg;
		else bundle["text/html"] = model.markup;
	}
	return bundle;
}

function tableMarkup({ caption, columns, rows }: Extract<DisplayModel, { kind: "table" }>): string {
	const row = (cells: readonly unknown[], name: "th" | "td") =>
		`<tr>${cells.map((cell) => `<${name}>${escapeMarkup(String(cell ?? ""))}</${name}>`).join("")}</tr>`;
	const head = `<thead>${row(
		columns.map(({ name }) => name),
		"th",
	)}</thead>`;
	const title = caption ? `<caption>${escapeMarkup(caption)}</caption>` : "";
	return `<table>${title}${head}<tbody>${rows.map((cells) => row(cells, "td")).join("")}</tbody></table>`;
}

function escapeMarkup(text: string): string {
	return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function toBase64(bytes: Uint8Array): string {
	let text = "";
	for (let i = 0; i < bytes.length; i += 0x8000)
		text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
	return btoa(text);
}
