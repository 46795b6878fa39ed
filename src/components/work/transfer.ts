/** Export and import of all work and progress, as the lesson's dialog and the progress page both have them. */
import { isChunkwiseError } from "../../lib/errors.ts";
import { element } from "../cell/displays/element.ts";
import { smallButton } from "./choice-bar.ts";
import { filePicker } from "./file-picker.ts";
import { saveFile } from "./save-file.ts";
import {
	type Conflict,
	decide,
	largestFile,
	type Merged,
	makeWorkFile,
	mergeWorkFile,
	readWorkFile,
	type WorkFile,
	workFileName,
} from "./work-file.ts";
import "./work.css";

export interface TransferHost {
	/** Before anything is read from storage: what is still being typed goes in. */
	flush?(): void;
	/** After storage changed by an import. */
	changed?(): void;
}

/** Fields and buttons for export and import; what happened is said beside them. */
export function transferControls(host: TransferHost): HTMLElement {
	const status = element("p", { class: "cw-work-status", role: "status" });
	const conflicts = element("div", { class: "cw-work-conflicts" });
	const name = element("input", { type: "text", autocomplete: "name", maxlength: "200" });
	const label = element(
		"label",
		{ class: "cw-work-field" },
		"Your name, if the file is for an instructor",
		name,
	);
	const exporter = smallButton("Export all your work");
	exporter.addEventListener("click", () => {
		host.flush?.();
		const at = new Date().toISOString();
		const file = workFileName(at, name.value);
		saveFile(file, `${JSON.stringify(makeWorkFile(at, name.value), undefined, "\t")}\n`, "application/json");
		status.textContent = `Exported as ${file}.`;
	});
	const take = async ([file]: File[]) => {
		host.flush?.();
		conflicts.replaceChildren();
		try {
			const merged = mergeWorkFile(await readFile(file));
			status.textContent = `Imported ${file.name}. ${mergedText(merged)}`;
			conflicts.replaceChildren(...merged.conflicts.map((conflict) => question(conflict, host)));
			host.changed?.();
		} catch (error) {
			status.textContent = `${file.name} was not imported. ${inWords(error)}`;
		}
	};
	const row = element("div", { class: "cw-bar-buttons" });
	row.append(exporter, ...filePicker("Import a file", { name: "A file of exported work" }, take));
	return element("div", { class: "cw-work-transfer" }, label, row, status, conflicts);
}

/** Reads one exported file. */
export async function readFile(file: File): Promise<WorkFile> {
	return readWorkFile(file.size > largestFile ? " ".repeat(largestFile + 1) : await file.text(), file.name);
}

export function inWords(error: unknown): string {
	if (isChunkwiseError(error)) return `${error.message} ${error.remedy}`;
	console.error(error);
	return "It could not be read; choose it again.";
}

export function mergedText({ added, same, conflicts, progressed }: Merged): string {
	const cells = (n: number) => `${n} ${n === 1 ? "cell" : "cells"}`;
	const parts = [
		added > 0 ? `${cells(added)} brought in.` : "",
		same > 0 ? `${cells(same)} as here already.` : "",
		progressed > 0 ? `${progressed} more done.` : "",
		conflicts.length > 0
			? `${cells(conflicts.length)} with other code here: both are kept. Decide now, or later in the lesson.`
			: "",
	].filter(Boolean);
	return parts.length > 0 ? parts.join(" ") : "There was nothing in it that is not here.";
}

function question(conflict: Conflict, host: TransferHost): HTMLElement {
	const text = element("p", {}, `“${conflict.cell}” in ${conflict.lesson}`);
	const below = element("div", { class: "cw-bar-below", hidden: "" });
	const buttons = element("div", { class: "cw-bar-buttons" });
	const box = element("div", {
		class: "cw-bar",
		role: "group",
		"aria-label": `Two versions of ${conflict.cell}`,
	});
	box.append(text, buttons, below);
	const answer = (label: string, which: "mine" | "theirs", said: string) => {
		const button = smallButton(label);
		button.addEventListener("click", () => {
			decide(conflict, which);
			text.textContent = `“${conflict.cell}” in ${conflict.lesson}: ${said}`;
			text.tabIndex = -1;
			text.focus();
			buttons.remove();
			below.hidden = true;
			host.changed?.();
		});
		return button;
	};
	const compare = smallButton("Compare");
	compare.addEventListener("click", async () => {
		const { diffView } = await import("./diff-view.ts");
		below.replaceChildren(
			diffView(conflict.mine, conflict.theirs.source, { before: "Yours here", after: "The file’s" }),
		);
		below.hidden = false;
	});
	buttons.append(
		answer("Keep mine", "mine", "yours was kept."),
		answer("Take the file’s", "theirs", "the file’s was taken."),
		compare,
	);
	return box;
}
