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
		for (const [name, accessor] of Object.entries(accessors)) {
			this.#owners.set(name, { cell, accessor });
			Object.defineProperty(this.#home(name), name, {
				configurable: true,
				enumerable: true,
				get: accessor.get,
				...(accessor.set ? { set: accessor.set } : {}),
			});
		}
	}

	/** When a cell has ended, its constants become plain values, which compiled loops read much faster. */
	settle(cell: string): void {
		for (const [name, owner] of this.#owners) {
			if (owner.cell !== cell || (owner.accessor.kind !== "const" && owner.accessor.kind !== "import"))
				continue;
			try {
				const value = owner.accessor.get();
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
	}

	forget(cell: string): void {
		for (const [name, owner] of this.#owners) {
			if (owner.cell !== cell) continue;
			this.#owners.delete(name);
			delete (this.#home(name) as Record<string, unknown>)[name];
		}
	}

	/** Remembers what shared names hold that can be assigned to; the function given back puts it there again. */
	keepValues(): () => void {
		const kept: [set: (value: unknown) => void, value: unknown][] = [];
		for (const { accessor } of this.#owners.values()) {
			if (!accessor.set) continue;
			try {
				kept.push([accessor.set, accessor.get()]);
			} catch {
				// Without a value yet: there is nothing to put back.
			}
		}
		return () => {
			for (const [set, value] of kept) set(value);
		};
	}

	/** Who defined a name, and how. */
	owner(name: string): { cell: string; kind: DeclarationKind } | undefined {
		const owner = this.#owners.get(name);
		return owner && { cell: owner.cell, kind: owner.accessor.kind };
	}

	/** All shared names, for "did you mean". */
	all(): string[] {
		return [...this.#owners.keys()];
	}

	#home(name: string): object {
		return this.#builtIn.has(name) ? this.names : this.#global;
	}
}
