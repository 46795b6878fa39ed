/** Buttons that make a file of the lesson: a script for Node, a notebook for Jupyter. */
import { element } from "../cell/displays/element.ts";
import { kernelSettings, siteRoot } from "../cell/settings.ts";
import { smallButton } from "./choice-bar.ts";
import { thisLesson } from "./keys.ts";
import { mayFail, type Surroundings } from "./outside.ts";
import type { CodeBlock, LessonBlock } from "./page-text.ts";
import { hasPython, pythonNotebookOf } from "./python-download.ts";
import { saveFile } from "./save-file.ts";
import { workOfPage } from "./work-part.ts";

export function downloadControls(): HTMLElement {
	const status = element("p", { class: "cw-work-status", role: "status" });
	const name = thisLesson().split("/").at(-1) ?? "lesson";
	const button = (label: string, make: () => Promise<string>) => {
		const made = smallButton(label);
		made.addEventListener("click", async () => {
			try {
				status.textContent = await make();
			} catch (error) {
				console.error(error);
				status.textContent = "The file could not be made. Check the connection and press again.";
			}
		});
		return made;
	};
	const script = button("TypeScript file", async () => {
		const { scriptFile } = await import("./script-file.ts");
		const file = `${name}.ts`;
		saveFile(file, scriptFile(await blocksOfPage(), { ...(await surroundings()), file }), "text/typescript");
		return `Saved as ${file}. Node 22.18 or later runs it; its first lines say how.`;
	});
	const jupyter = button("Jupyter notebook", async () => {
		const { notebook } = await import("./notebook.ts");
		const file = `${name}.ipynb`;
		const text = JSON.stringify(notebook(await blocksOfPage(), await surroundings()), undefined, " ");
		saveFile(file, `${text}\n`, "application/x-ipynb+json");
		return `Saved as ${file}. It needs Deno’s kernel for Jupyter; its first cell says how to get it.`;
	});
	const python = button("Python notebook", async () => {
		const file = `${name}-python.ipynb`;
		saveFile(file, await pythonNotebookOf(name), "application/x-ipynb+json");
		return `Saved as ${file}: the lesson’s steps in Python, for Jupyter. Its first cells bring what it needs.`;
	});
	const row = element("div", { class: "cw-bar-buttons" });
	row.append(script, jupyter, ...(hasPython() ? [python] : []));
	return element(
		"div",
		{},
		element(
			"p",
			{},
			document.querySelector("chunkwise-playground")
				? "Your cells, in their order."
				: `Text and cells, with your code in them${hasPython() ? "; or the Python that stands beside them" : ""}.`,
		),
		row,
		status,
	);
}

const address = () => location.origin + location.pathname;

async function surroundings(): Promise<Surroundings> {
	const { samples } = await kernelSettings();
	const { prefer, dataUrl, hl60Url, own } = samples;
	return {
		title: document.querySelector("h1")?.textContent?.trim() ?? document.title,
		address: address(),
		package: `${siteRoot}data/chunkwise.tgz`,
		samples: document.querySelector("chunkwise-sample")
			? { prefer, dataUrl, hl60Url, own: own?.name }
			: undefined,
	};
}

async function blocksOfPage(): Promise<LessonBlock[]> {
	const { lessonBlocks } = await import("./page-text.ts");
	// Of the playground only what the reader wrote: its own words are no text of theirs.
	const root =
		document.querySelector("chunkwise-playground") ??
		document.querySelector(".sl-markdown-content") ??
		document.body;
	return lessonBlocks(root, cellOnPage, address());
}

/** The reader's code; of a cell that cannot be edited, the author's. */
function cellOnPage(id: string): Omit<CodeBlock, "kind" | "id"> | undefined {
	const found = workOfPage.get(id)?.cell;
	const spec = document.querySelector(`chunkwise-cell[data-cell="${CSS.escape(id)}"] [data-part=spec]`);
	if (!spec?.textContent) return undefined;
	const data = JSON.parse(spec.textContent) as { title: string; source: string; check?: string };
	return {
		title: data.title,
		source: found?.source ?? data.source,
		exercise: data.check !== undefined,
		...(mayFail(data.check) ? { mayFail: true } : {}),
	};
}
