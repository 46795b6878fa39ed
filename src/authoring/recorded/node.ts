/** A cell's recorded output as a node of its page, and the imports of its pictures. */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { CellModel } from "../cell-model.ts";
import { element, type NewNode } from "../nodes.ts";
import type { PageModel } from "../page-model.ts";
import { checkMarkup } from "./markup.ts";
import { type RecordFile, readRecord, recordable, recordFolder, recordFor, sampleUsed } from "./record.ts";

interface Picture {
	/** Its file in the record's folder. */
	file: string;
	/** The name under which the page imports its address. */
	name: string;
}

/** The recorded outputs of one page. */
export class RecordedOutputs {
	readonly #page: PageModel;
	readonly #folder: string;
	readonly #file: RecordFile | undefined;

	/** `lesson` is the address of the page's file. @throws Error where its record cannot be read */
	constructor(page: PageModel, lesson: URL | undefined) {
		this.#page = page;
		this.#folder = lesson ? recordFolder(fileURLToPath(lesson)) : "";
		this.#file = lesson && readRecord(this.#folder);
	}

	/** Cells that should have a record and have none that came from the code they have now. */
	get missing(): string[] {
		return recordable(this.#page)
			.filter((cell) => !recordFor(cell, this.#page, this.#file))
			.map(({ id }) => id);
	}

	get hasFigures(): boolean {
		return this.#shown().some(({ html }) => isFigure(html));
	}

	get hasOutputs(): boolean {
		return this.#shown().some(({ html }) => !isFigure(html));
	}

	/** `import ChunkwisePicture0 from "./chunks.recorded/slice-1.webp?url&no-inline";` for each picture that is shown. */
	get imports(): string[] {
		return this.#pictures().map(
			({ file, name }) =>
				`import ${name} from ${JSON.stringify(`./${basename(this.#folder)}/${file}?url&no-inline`)};`,
		);
	}

	/** What stands under a cell before it has run; undefined where nothing that fits is recorded. */
	node(cell: CellModel): NewNode | undefined {
		const found = recordFor(cell, this.#page, this.#file);
		if (!found) return undefined;
		const { html, recorded, uses } = found;
		const used = sampleUsed(cell.id, uses, this.#page.cells);
		const sample = used === "public" ? "synthetic stand-in" : used ? this.#file?.sample : undefined;
		const own = new Set(checkMarkup(html));
		const pictures = this.#pictures().filter(({ file }) => own.has(file));
		const node = element(
			isFigure(html) ? "recordedFigure" : "recorded",
			{ title: cell.title, recorded, sample, uses, html },
			[],
			"recorded",
		);
		const addresses = pictures.map(({ file, name }) => `${JSON.stringify(file)}: ${name}`);
		node.attributes.push({
			type: "mdxJsxAttribute",
			name: "pictures",
			value: { type: "mdxJsxAttributeValueExpression", value: `({ ${addresses.join(", ")} })` },
		});
		return node;
	}

	#shown() {
		return this.#page.cells.flatMap((cell) => recordFor(cell, this.#page, this.#file) ?? []);
	}

	#pictures(): Picture[] {
		const files = new Set(this.#shown().flatMap(({ html }) => checkMarkup(html)));
		return [...files].map((file, i) => ({ file, name: `ChunkwisePicture${i}` }));
	}
}

/** One of the course's figures, which needs their styles. */
function isFigure(html: string): boolean {
	return html.includes(' data-figure="');
}
