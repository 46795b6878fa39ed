/** Code that a downloaded lesson brings along, so that it does outside of a page what it does in one. */

/** Prints a value as the lesson shows it. */
export const displayHelper = `/** Prints a value as the lesson shows it. */
function display(value: unknown): void {
	if (value === undefined) return;
	const shown = chunkwiseShows(value) ? value[chunkwiseDisplay]() : undefined;
	const markup = (value as { outerHTML?: unknown } | null)?.outerHTML;
	if (typeof value === "string") console.log(value);
	else if (typeof markup === "string") console.log(\`[drawing of \${markup.length} characters]\`);
	else if (shown === undefined) console.dir(value, { depth: 6, maxArrayLength: 20 });
	else if (shown.kind === "text" || shown.kind === "repr") console.log(shown.text);
	else if (shown.kind === "picture") console.log(\`[picture] \${shown.alt}\`);
	else if (shown.kind === "table") {
		if (shown.caption) console.log(shown.caption);
		console.table(shown.rows.map((row) => Object.fromEntries(row.map((cell, i) => [shown.columns[i].name, cell]))));
	} else if (shown.kind === "json") console.dir(shown.value, { depth: 6 });
	else console.log(\`[\${shown.kind} on the lesson's page]\`);
}`;

/** D3 and Plot draw into a document, which Node has not. */
export const drawingHelper = `// D3 and Plot draw into a document, which Node has not: this is one without a screen.
const drawing = parseHTML("<!doctype html><html><body></body></html>");
Object.assign(globalThis, { window: drawing.window, document: drawing.document });`;

/** What the library has in browsers only, and what does the same here. */
export const browserOnly = [
	{
		name: "opfsStore",
		imports: ['import { folderStore as chunkwiseFolder } from "chunkwise/node";'],
		code: `/** A folder here stands for the browser's own file system. */
async function opfsStore(name: string) {
	return chunkwiseFolder(name);
}`,
	},
	{
		name: "removeOpfsStore",
		imports: ['import { rm as removeFolder } from "node:fs/promises";'],
		code: `async function removeOpfsStore(name: string): Promise<void> {
	await removeFolder(name, { recursive: true, force: true });
}`,
	},
];
