/** The notebook on the page: cells made from the page's own template, and their order, kept as it is. */
import { element } from "../cell/displays/element.ts";
import { page } from "../cell/lazy.ts";
import { notebookEvent, playground, workKey } from "../work/keys.ts";
import { listCell, type NotebookCell, titleFrom } from "../work/notebook-list.ts";
import { cellBar } from "./cell-bar.ts";
import { newId, newWork, putWork, readNotebook, takeWork, writeNotebook } from "./stored.ts";

export class Notebook {
	readonly #root: HTMLElement;
	readonly #cells: HTMLElement;
	readonly #template: HTMLTemplateElement;
	/** Every cell that this tab has had, so that none it deleted comes back from what another tab kept. */
	readonly #seen = new Set<string>();

	constructor(root: HTMLElement) {
		this.#root = root;
		this.#cells = root.querySelector("[data-part=cells]") as HTMLElement;
		this.#template = root.querySelector("[data-part=template]") as HTMLTemplateElement;
	}

	/** Shows what is kept, or one empty cell. */
	open(): void {
		const kept = readNotebook();
		for (const cell of kept ?? [blank()]) this.place(cell);
		document.addEventListener(notebookEvent, () => void this.#match(readNotebook() ?? [blank()]));
		addEventListener("storage", ({ key }) => {
			if (key === workKey(playground, listCell)) void this.#hear();
		});
	}

	/** Makes the cells those that are kept now: after an import, or when all was forgotten or brought back. */
	async #match(kept: readonly NotebookCell[]): Promise<void> {
		const [{ joinCell, leaveCell, session }, { workOfPage }] = await Promise.all([page(), work()]);
		const wanted = new Set(kept.map(({ id }) => id));
		for (const cell of this.#elements()) {
			const id = cell.dataset.cell ?? "";
			if (wanted.has(id)) continue;
			workOfPage.delete(id);
			leaveCell(cell);
			cell.remove();
		}
		for (const [index, cell] of kept.entries()) {
			const here = this.#elements().find(({ dataset }) => dataset.cell === cell.id);
			if (!here) joinCell(this.place(cell, index), index);
			else if (this.#elements()[index] !== here) {
				this.#cells.insertBefore(here, this.#elements()[index]);
				session.move(cell.id, index);
			}
		}
	}

	/** Cells that another tab added come at the end; what it removed stays until this page is left. */
	async #hear(): Promise<void> {
		const fresh = (readNotebook() ?? []).filter(({ id }) => !this.#seen.has(id));
		if (fresh.length === 0) return;
		const { joinCell } = await page();
		for (const cell of fresh) if (!this.#seen.has(cell.id)) joinCell(this.place(cell));
		this.#say(
			fresh.length === 1 ? "A cell came from another tab." : `${fresh.length} cells came from another tab.`,
		);
	}

	has(id: string): boolean {
		return this.#elements().some((cell) => cell.dataset.cell === id);
	}

	/** Adds cells at the end, or at an index, and puts the focus on the first one's code. */
	async add(
		cells: readonly { title: string; source: string }[],
		index = this.#elements().length,
	): Promise<void> {
		// The one empty cell of a new notebook gives way.
		const only = this.#elements();
		const isFresh =
			cells.some(({ source }) => source !== "") && only.length === 1 && (await isEmpty(only[0]));
		const { joinCell, leaveCell } = await page();
		if (isFresh) {
			leaveCell(only[0]);
			only[0].remove();
			index = 0;
		}
		const made = cells.map(({ title, source }, i) => {
			const id = newId();
			newWork(id, source);
			const cell = this.place({ id, title }, index + i);
			joinCell(cell, index + i);
			return cell;
		});
		this.keep();
		made[0]?.querySelector<HTMLElement>("[data-part=code]")?.focus();
		made[0]?.scrollIntoView({ block: "nearest" });
		this.#say(made.length === 1 ? "A cell was added." : `${made.length} cells were added.`);
	}

	/** Makes a cell's element and puts it in its place. */
	place({ id, title }: NotebookCell, index = this.#elements().length): HTMLElement {
		this.#seen.add(id);
		const clone = this.#template.content.cloneNode(true) as DocumentFragment;
		const cell = clone.querySelector("chunkwise-cell") as HTMLElement;
		cell.id = `cell-${id}`;
		cell.dataset.cell = id;
		name(cell, title);
		cell.querySelector(".cw-cell-title")?.replaceWith(cellBar(title, this.#actions(cell)));
		cell
			.querySelector("[data-part=code]")
			?.addEventListener("keydown", (event) => this.#key(cell, event as KeyboardEvent));
		this.#cells.insertBefore(cell, this.#elements()[index] ?? null);
		return cell;
	}

	/** Keeps which cells there are, in which order. */
	keep(): void {
		const cells = this.#elements().map((cell) => ({ id: cell.dataset.cell ?? "", title: titleOf(cell) }));
		writeNotebook(cells, this.#seen);
	}

	#elements(): HTMLElement[] {
		return [...this.#cells.querySelectorAll<HTMLElement>(":scope > chunkwise-cell")];
	}

	#actions(cell: HTMLElement) {
		return {
			rename: (title: string) => this.#rename(cell, title),
			above: () => this.add([{ title: "Untitled", source: "" }], this.#elements().indexOf(cell)),
			below: () => this.add([{ title: "Untitled", source: "" }], this.#elements().indexOf(cell) + 1),
			up: () => this.#move(cell, -1),
			down: () => this.#move(cell, 1),
			remove: () => this.#remove(cell),
		};
	}

	/** Where the code has the focus and is not being edited. */
	#key(cell: HTMLElement, event: KeyboardEvent): void {
		if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.shiftKey) return;
		const actions = this.#actions(cell);
		const action = event.altKey
			? { ArrowUp: actions.up, ArrowDown: actions.down }[event.key]
			: { a: actions.above, b: actions.below, Delete: actions.remove }[event.key];
		if (!action) return;
		event.preventDefault();
		void action();
	}

	async #rename(cell: HTMLElement, given: string): Promise<string> {
		const title = titleFrom(given);
		name(cell, title);
		this.keep();
		const { controllerOf, session } = await page();
		controllerOf(cell).data.title = title;
		session.rename(cell.dataset.cell ?? "", title);
		return title;
	}

	async #move(cell: HTMLElement, by: 1 | -1): Promise<void> {
		const before = this.#elements();
		const from = before.indexOf(cell);
		const to = from + by;
		if (to < 0 || to >= before.length) {
			this.#say(by < 0 ? "It is the first cell." : "It is the last cell.");
			return;
		}
		const { session } = await page();
		const focused = document.activeElement as HTMLElement | null;
		// The neighbour goes round: what has the focus stays in its place in the document.
		if (by < 0) cell.after(before[to]);
		else cell.before(before[to]);
		session.move(cell.dataset.cell ?? "", to);
		this.keep();
		focused?.focus();
		cell.scrollIntoView({ block: "nearest" });
		this.#say(`Moved ${by < 0 ? "up" : "down"}: cell ${to + 1} of ${before.length}.`);
	}

	/** Takes a cell away and leaves a way to bring it back. */
	async #remove(cell: HTMLElement): Promise<void> {
		const id = cell.dataset.cell ?? "";
		const title = titleOf(cell);
		const [{ leaveCell }, { workOfPage }] = await Promise.all([page(), work()]);
		workOfPage.get(id)?.keeper.flush();
		const saved = takeWork(id);
		workOfPage.delete(id);
		leaveCell(cell);
		const undo = element("button", { type: "button", class: "cw-small-button" }, "Undo");
		const bar = element(
			"div",
			{ class: "cw-playground-deleted", role: "group", "aria-label": "Deleted cell" },
			element("span", {}, `“${title}” was deleted.`),
			undo,
		);
		cell.replaceWith(bar);
		this.keep();
		undo.focus();
		this.#say(`“${title}” was deleted. Undo brings it back.`);
		undo.addEventListener("click", async () => {
			const index = this.#indexAt(bar);
			if (saved) putWork(id, saved);
			bar.remove();
			const back = this.place({ id, title }, index);
			(await page()).joinCell(back, index);
			this.keep();
			back.querySelector<HTMLElement>("[data-part=code]")?.focus();
			this.#say(`“${title}” is back.`);
		});
	}

	/** How many cells stand before a node. */
	#indexAt(node: Node): number {
		return this.#elements().filter(
			(cell) => cell.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING,
		).length;
	}

	#say(text: string): void {
		const said = this.#root.querySelector("[data-part=said]");
		if (said) said.textContent = text;
	}
}

const work = () => import("../work/work-part.ts");
const blank = (): NotebookCell => ({ id: newId(), title: "Untitled" });

function titleOf(cell: HTMLElement): string {
	return cell.dataset.title ?? "Untitled";
}

/** Says a cell's title where its markup does. */
function name(cell: HTMLElement, title: string): void {
	cell.dataset.title = title;
	const spec = cell.querySelector("[data-part=spec]") as HTMLElement;
	spec.textContent = JSON.stringify({ ...JSON.parse(spec.textContent ?? ""), id: cell.dataset.cell, title });
	cell.setAttribute("aria-label", `Cell: ${title}`);
	const spoken = cell.querySelector("[data-part=run] .cw-visually-hidden");
	if (spoken) spoken.textContent = title;
}

async function isEmpty(cell: HTMLElement): Promise<boolean> {
	const { controllerOf } = await page();
	return controllerOf(cell).source.trim() === "" && cell.dataset.title === "Untitled";
}
