/** The cheat sheet's rows, and the places that stand for its addresses when they are run. */
import { type MarkdownNode, textOf } from "../../src/authoring/markdown.ts";
import { nodesOf, treeOf } from "./handbook.ts";

/** One task: its heading, and its code by language, where it has one. */
export interface CheatSheetRow {
	task: string;
	python?: string;
	ts?: string;
	sh?: string;
}

/** Addresses of the cheat sheet, without what follows in it. */
export const sheetAddresses = {
	image: "https://livingobjects.ebi.ac.uk/idr/zarr/v0.1/6001240.zarr",
	service: "https://s3.example.org",
	bucket: "my-bucket",
};

export async function cheatSheet(): Promise<CheatSheetRow[]> {
	const tree = await treeOf("handbook/cheat-sheet");
	const rows: CheatSheetRow[] = [];
	for (const node of tree.children ?? []) {
		if (node.type === "heading") rows.push({ task: textOf(node) });
		else if (node.name === "Ways") addCode(rows.at(-1), node);
	}
	return rows.filter((row) => Object.keys(row).length > 1);
}

function addCode(row: CheatSheetRow | undefined, ways: MarkdownNode): void {
	for (const { lang, value } of nodesOf(ways, "code")) {
		if (!row) throw new Error("The cheat sheet has code before its first task.");
		if (lang !== "python" && lang !== "ts" && lang !== "sh")
			throw new Error(`“${row.task}” has code in ${lang}.`);
		if (row[lang] !== undefined) throw new Error(`“${row.task}” has two blocks of ${lang}.`);
		row[lang] = value ?? "";
	}
}

/** The same code with places on this machine. */
export function withPlaces(code: string, places: { image: string; service: string }): string {
	return code
		.replaceAll(sheetAddresses.image, places.image)
		.replaceAll(sheetAddresses.service, places.service);
}

/** One call of the command: what stands before it in the environment, and its arguments. */
export interface CommandLine {
	env: Record<string, string>;
	args: string[];
}

/** The calls of a block for a shell, of which only what the sheet uses is understood. */
export function commandLines(block: string): CommandLine[] {
	const lines = block.replace(/\\\n\s*/g, "").split("\n");
	return lines
		.filter((line) => line.trim() !== "" && !line.startsWith("#"))
		.map((line) => {
			const words = line.trim().split(/\s+/);
			const start = words.indexOf("npx");
			if (start < 0 || words[start + 1] !== "chunkwise")
				throw new Error(`“${line}” does not call chunkwise.`);
			const env = words.slice(0, start).map((word) => word.split("=", 2) as [string, string]);
			return { env: Object.fromEntries(env), args: words.slice(start + 2) };
		});
}
