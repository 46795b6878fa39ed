/**
 * The names that cells share. Each is a property of the worker's global object, so that later cells use it as it
 * stands and a missing one is an ordinary ReferenceError. A name that is also a built-in's (`const URL = …`) is kept
 * beside the global object instead, since libraries in the same worker rely on the built-in.
 */
import type { DeclarationKind } from "../compile/scope.ts";

export interface Accessor {
	kind: DeclarationKind;
	get: () => unknown;
	set?: (value: unknown) => void;
}
export type Accessors = Record<string, Accessor>;

export class Namespace {
	/** Shared names that are also built-ins', for compiled code to go through. */
	readonly names: Record<string, unknown> = Object.create(null);
	readonly #owners = new Map<string, { cell: string; accessor: Accessor }>();
	/** What each cell defined when it last ran, in the order of their runs. */
	readonly #defined = new Map<string, Accessors>();
	readonly #global: object;
	readonly #builtIn: ReadonlySet<string>;

	constructor(global: object = globalThis) {
		this.#global = global;
		const found = new Set<string>();
		for (let at: object | null = global; at; at = Object.getPrototypeOf(at)) {
			for (const name of Object.getOwnPropertyNames(at)) found.add(name);
		}
		this.#builtIn = found;
	}

	/** Names that compiled code must reach through {@link names}. */
	get aliases(): Set<string> {
		return new Set(Object.keys(this.names));
	}

	/** Makes a cell's names visible, and takes away those it defined when it last ran. */
	define(cell: string, accessors: Accessors): void {
		this.forget(cell);
		this.#defined.set(cell, accessors);
		for (const name of Object.keys(accessors)) this.#show(name, cell);
	}

	/**
	 * Shows each name as the cell given for it defined it. Where several cells define a name, the one above the cell
	 * that runs is meant, whichever of them ran last.
	 */
	use(from: Readonly<Record<string, string>>): void {
		for (const [name, cell] of Object.entries(from)) {
			if (this.#owners.get(name)?.cell !== cell && this.#defined.get(cell)?.[name]) this.#show(name, cell);
		}
	}

	/** When a cell has ended, its constants become plain values, which compiled loops read much faster. */
	settle(cell: string): void {
		for (const [name, owner] of this.#owners) if (owner.cell === cell) this.#settle(name, owner.accessor);
	}

	/** Takes a cell's names away; a name that another cell defines, too, is that cell's again. */
	forget(cell: string): void {
		this.#defined.delete(cell);
		for (const [name, owner] of this.#owners) {
			if (owner.cell !== cell) continue;
			this.#owners.delete(name);
			delete (this.#home(name) as Record<string, unknown>)[name];
			const other = [...this.#defined].reverse().find(([, accessors]) => Object.hasOwn(accessors, name));
			if (other) this.#show(name, other[0]);
		}
	}

	/** How a name is read and written, as the page shows it now. */
	accessor(name: string): Accessor | undefined {
		return this.#owners.get(name)?.accessor;
	}

	/** Who defined a name, and how. */
	owner(name: string): { cell: string; kind: DeclarationKind } | undefined {
		const owner = this.#owners.get(name);
		return owner && { cell: owner.cell, kind: owner.accessor.kind };
	}

	/** All shared names. */
	all(): string[] {
		return [...this.#owners.keys()];
	}

	#show(name: string, cell: string): void {
		const accessor = this.#defined.get(cell)?.[name];
		if (!accessor) return;
		this.#owners.set(name, { cell, accessor });
		Object.defineProperty(this.#home(name), name, {
			configurable: true,
			enumerable: true,
			get: accessor.get,
			...(accessor.set ? { set: accessor.set } : {}),
		});
	}

	#settle(name: string, accessor: Accessor): void {
		if (accessor.kind !== "const" && accessor.kind !== "import") return;
		try {
			const value = accessor.get();
			Object.defineProperty(this.#home(name), name, {
				configurable: true,
				enumerable: true,
				writable: false,
				value,
			});
		} catch {
			// Never initialised, since the cell failed first: the accessor goes on saying so.
		}
	}

	#home(name: string): object {
		return this.#builtIn.has(name) ? this.names : this.#global;
	}
}
