/** Jupyter notebooks (nbformat 4.5, https://nbformat.readthedocs.io/en/latest/format_description.html): the form of their cells. */

export interface NotebookCell {
	cell_type: "markdown" | "code";
	id: string;
	metadata: Record<string, unknown>;
	source: string[];
	execution_count?: null;
	outputs?: never[];
}

export interface Notebook {
	nbformat: 4;
	nbformat_minor: 5;
	metadata: Record<string, unknown>;
	cells: NotebookCell[];
}

/** Makes the cells of one notebook: no two have the same id, whatever ids are asked for. */
export function notebookCells(): {
	markdown(text: string, id: string): NotebookCell;
	code(source: string, id: string, metadata?: Record<string, unknown>): NotebookCell;
} {
	const ids = new Set<string>();
	const idOf = (wanted: string) => {
		const plain = wanted.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, 56) || "cell";
		let id = plain;
		for (let n = 2; ids.has(id); n++) id = `${plain}-${n}`;
		ids.add(id);
		return id;
	};
	return {
		markdown: (text, id) => ({
			cell_type: "markdown",
			id: idOf(id),
			metadata: {},
			source: linesOf(text),
		}),
		code: (source, id, metadata = {}) => ({
			cell_type: "code",
			id: idOf(id),
			metadata,
			source: linesOf(source),
			execution_count: null,
			outputs: [],
		}),
	};
}

/** Lines with their line breaks, as notebooks keep text. */
function linesOf(text: string): string[] {
	return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
