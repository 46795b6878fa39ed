/** For instructors: files that learners exported, as a table on the page and as CSV. */
import { element } from "../cell/displays/element.ts";
import { smallButton } from "./choice-bar.ts";
import { type CollectedTable, collect, csv, type LearnerFile } from "./collect.ts";
import { filePicker } from "./file-picker.ts";
import { saveFile } from "./save-file.ts";
import { inWords, readFile } from "./transfer.ts";

export function collectControls(): HTMLElement {
	const status = element("p", { class: "cw-work-status", role: "status" });
	const download = smallButton("Download as CSV");
	download.hidden = true;
	const place = element("div", { class: "cw-collected" });
	const read = async (chosen: File[]) => {
		const files: LearnerFile[] = [];
		const problems: string[] = [];
		for (const file of chosen) {
			try {
				files.push({ name: file.name, work: await readFile(file) });
			} catch (error) {
				problems.push(`${file.name}: ${inWords(error)}`);
			}
		}
		const table = collect(files);
		place.replaceChildren(...(files.length > 0 ? [collectedTable(table)] : []));
		download.hidden = files.length === 0;
		download.onclick = () => saveFile("chunkwise-exercises.csv", csv(table), "text/csv");
		status.textContent = [`${files.length} ${files.length === 1 ? "file" : "files"} read.`, ...problems].join(
			" ",
		);
	};
	const row = element("div", { class: "cw-bar-buttons" });
	row.append(
		...filePicker("Choose files", { name: "Files of exported work", several: true }, read),
		download,
	);
	return element("div", { class: "cw-work-transfer" }, row, status, place);
}

function collectedTable({ items, rows }: CollectedTable): HTMLElement {
	const head = element("tr", {}, element("th", { scope: "col" }, "Learner"));
	for (const { lesson, title } of items) {
		const name = lesson.split("/").at(-1) ?? lesson;
		head.append(
			element("th", { scope: "col" }, title, element("span", { class: "cw-collected-lesson" }, name)),
		);
	}
	const body = element("tbody");
	for (const { file, learner, items: found } of rows) {
		const who = element("th", { scope: "row" }, learner === "" ? file : learner);
		if (learner !== "") who.append(element("span", { class: "cw-collected-lesson" }, file));
		const row = element("tr", {}, who);
		for (const item of found) row.append(collectedCell(item));
		body.append(row);
	}
	const table = element(
		"table",
		{},
		element("caption", {}, "Exercises by learner"),
		element("thead", {}, head),
		body,
	);
	return element(
		"div",
		{ class: "cw-collected-scroll", role: "region", tabindex: "0", "aria-label": "Exercises by learner" },
		table,
	);
}

function collectedCell(item: CollectedTable["rows"][number]["items"][number]): HTMLElement {
	const cell = element("td", { "data-state": item?.state ?? "none" });
	if (!item) {
		cell.append("not tried");
		return cell;
	}
	const text = `${item.state === "solved" ? "✓ solved" : "◐ tried"}, ${item.attempts} ${item.attempts === 1 ? "try" : "tries"}`;
	if (item.code === null) cell.append(text);
	else {
		const code = element("pre", {}, element("code", {}, item.code));
		cell.append(element("details", {}, element("summary", {}, text), code));
	}
	return cell;
}
