/** Shows which names a cell defines and which it uses from where: why one cell makes another run or out of date. */
import type { CellNames } from "../../kernel/session/names.ts";
import type { CellPart } from "./cell-parts.ts";
import { element } from "./displays/element.ts";
import "./names.css";

export const namesTool: CellPart = (cell) => {
	const tools = cell.element.querySelector("[data-part=tools]") as HTMLElement;
	const panel = element("p", { class: "cw-names", id: `names-${cell.data.id}`, hidden: "" });
	const toggle = element(
		"button",
		{
			type: "button",
			class: "cw-small-button",
			hidden: "",
			"aria-expanded": "false",
			"aria-controls": panel.id,
		},
		"Names",
	);
	const show = async () => {
		if (!panel.hasChildNodes()) panel.textContent = "Known when the kernel is free …";
		try {
			const names = await cell.session.names(cell.data.id);
			if (names) panel.replaceChildren(...sentences(names));
		} catch (error) {
			panel.textContent = (error as Error).message;
		}
	};
	toggle.addEventListener("click", () => {
		panel.hidden = !panel.hidden;
		toggle.setAttribute("aria-expanded", String(!panel.hidden));
		if (!panel.hidden) void show();
	});
	// There from the first run or edit on: before, a reader has no use for it.
	cell.on("state", (state) => {
		if (state.name !== "idle") toggle.hidden = false;
	});
	cell.on("edit", () => {
		toggle.hidden = false;
	});
	const renew = () => {
		if (!panel.hidden) void show();
	};
	cell.session.on("names", renew);
	cell.session.on("cells", renew);
	tools.after(panel);
	cell.addTool(toggle);
};

type Part = Node | string;

function sentences({ defines, uses, needs, imports, error }: CellNames): Part[] {
	if (error) return [`The code cannot be read yet: ${error}.`];
	const parts: Part[] = [];
	const say = (word: string, ...what: Part[]) => {
		if (parts.length > 0) parts.push(" · ");
		parts.push(`${parts.length > 0 ? word : word[0].toUpperCase() + word.slice(1)} `, ...what);
	};
	if (defines.length > 0) say("defines", ...list(defines.map((name) => [code(name)])));
	const byCell = new Map<string, { title: string; names: string[] }>();
	for (const { name, cell, title } of uses) {
		const origin = byCell.get(cell) ?? { title, names: [] };
		byCell.set(cell, origin);
		origin.names.push(name);
	}
	for (const [cell, { title, names }] of byCell) {
		say("uses", ...list(names.map((name) => [code(name)])), " from ", link(cell, title));
	}
	const others = needs.filter(({ cell }) => !byCell.has(cell));
	if (others.length > 0) say("needs", ...list(others.map(({ cell, title }) => [link(cell, title)])));
	if (imports.length > 0) say("imports", ...list(imports.map((name) => [code(name)])));
	return parts.length > 0 ? [...parts, "."] : ["Defines no names and uses none of other cells."];
}

function list(items: Part[][]): Part[] {
	return items.flatMap((item, i) => (i === 0 ? item : [", ", ...item]));
}

const code = (name: string) => element("code", {}, name);
const link = (cell: string, title: string) => element("a", { href: `#cell-${cell}` }, `“${title}”`);
