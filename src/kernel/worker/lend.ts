/** Lends the page's names to an exercise's answer, so that what it does to them can be taken back. */
import { keepContents } from "./contents.ts";
import type { Accessor, Namespace } from "./namespace.ts";

export interface Lent {
	/** Names that the answer assigns to, for its code to read and write in place of the page's own. */
	scope: Record<string, unknown>;
	/**
	 * Gives the page back what all its names held, with the contents of those that were used. The answer goes on with
	 * values of its own, however late its callbacks come.
	 */
	end(): void;
}

/**
 * Until `end`, what the answer assigns is the page's, so that the page's own functions see it.
 * @param assigned names that the answer assigns to
 * @param used names that the answer and its check use
 */
export function lend(names: Namespace, assigned: Iterable<string>, used: Iterable<string>): Lent {
	const restore = keepValues(names);
	const restoreContents = keepContents(
		[...used].map((name) => {
			const accessor = names.accessor(name);
			return accessor && accessor.kind !== "import" ? heldBy(accessor) : undefined;
		}),
	);
	const scope: Record<string, unknown> = Object.create(null);
	const own = new Map<string, unknown>();
	let ended = false;
	for (const name of assigned) {
		const accessor = names.accessor(name);
		if (!accessor?.set) continue;
		const { get, set } = accessor;
		Object.defineProperty(scope, name, {
			enumerable: true,
			get: () => (ended ? own.get(name) : get()),
			set: (value) => {
				if (ended) own.set(name, value);
				else set(value);
			},
		});
	}
	return {
		scope,
		end: () => {
			for (const name of Object.keys(scope)) own.set(name, heldBy({ get: () => scope[name] }));
			ended = true;
			restore();
			restoreContents();
		},
	};
}

/** Remembers what shared names hold that can be assigned to; the function given back puts it there again. */
function keepValues(names: Namespace): () => void {
	const kept: [set: (value: unknown) => void, value: unknown][] = [];
	for (const name of names.all()) {
		const accessor = names.accessor(name);
		if (!accessor?.set) continue;
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

/** What a name holds; undefined where it has no value yet. */
function heldBy({ get }: Pick<Accessor, "get">): unknown {
	try {
		return get();
	} catch {
		return undefined;
	}
}
