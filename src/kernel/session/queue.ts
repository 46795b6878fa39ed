/** Cells that wait for the kernel, first in, first out; those that were asked for together make a group. */
import type { Cell } from "./cell.ts";

interface Waiting {
	cell: Cell;
	group: number;
}

export class RunQueue {
	#waiting: Waiting[] = [];
	#groups = 0;
	/** The group of what was taken out last. */
	#running = 0;

	newGroup(): number {
		return ++this.#groups;
	}

	get last(): Cell | undefined {
		return this.#waiting.at(-1)?.cell;
	}

	has(cell: Cell): boolean {
		return this.#waiting.some((waiting) => waiting.cell === cell);
	}

	push(cell: Cell, group: number): void {
		this.#waiting.push({ cell, group });
	}

	shift(): Waiting | undefined {
		const next = this.#waiting.shift();
		if (next) this.#running = next.group;
		return next;
	}

	remove(cell: Cell): void {
		this.#waiting = this.#waiting.filter((waiting) => waiting.cell !== cell);
	}

	/** Takes out what was asked for together with the cell that ran last, and what `alsoNot` names. */
	drop(alsoNot: (cell: Cell) => boolean): Cell[] {
		const dropped = this.#waiting.filter(({ cell, group }) => group === this.#running || alsoNot(cell));
		this.#waiting = this.#waiting.filter((waiting) => !dropped.includes(waiting));
		return dropped.map(({ cell }) => cell);
	}

	clear(): Cell[] {
		const cells = this.#waiting.map(({ cell }) => cell);
		this.#waiting = [];
		return cells;
	}
}
