/**
 * Keeps what is inside values, so that it can be put back: of lists, plain objects, maps and sets, of what they hold,
 * and of the numbers of typed arrays and images. Objects of other classes keep parts that nobody outside can see, and
 * stay as they are.
 */

/** Elements, properties and entries that are kept; a container that would go beyond them is left out. */
const mostEntries = 20_000;
/** Of typed arrays together. */
const mostBytes = 32 * 2 ** 20;

/** Looks into the values now; the function given back puts the contents there again. */
export function keepContents(values: Iterable<unknown>): () => void {
	const restores: (() => void)[] = [];
	const seen = new Set<unknown>();
	const waiting = [...values];
	let entries = 0;
	let bytes = 0;
	const hasRoom = (size: number) => {
		const fits = entries + size <= mostEntries;
		if (fits) entries += size;
		return fits;
	};
	for (let at = 0; at < waiting.length; at++) {
		const value = waiting[at];
		if (typeof value !== "object" || value === null || seen.has(value)) continue;
		seen.add(value);
		if (ArrayBuffer.isView(value)) {
			bytes += value.byteLength;
			if (bytes <= mostBytes) restores.push(keepBytes(value));
			else bytes -= value.byteLength;
		} else if (value instanceof Map) {
			if (!hasRoom(value.size)) continue;
			const kept = [...value];
			for (const pair of kept) waiting.push(...pair);
			restores.push(() => {
				value.clear();
				for (const [key, item] of kept) value.set(key, item);
			});
		} else if (value instanceof Set) {
			if (!hasRoom(value.size)) continue;
			const kept = [...value];
			for (const item of kept) waiting.push(item);
			restores.push(() => {
				value.clear();
				for (const item of kept) value.add(item);
			});
		} else if (Array.isArray(value) || isPlain(value)) {
			const keys = Object.keys(value);
			if (!hasRoom(keys.length)) continue;
			if (Array.isArray(value) && isDense(value, keys)) {
				const kept = value.slice();
				for (const item of kept) if (typeof item === "object") waiting.push(item);
				restores.push(() => restoreList(value, kept));
				continue;
			}
			const kept = Object.getOwnPropertyDescriptors(value);
			for (const key of Reflect.ownKeys(kept)) waiting.push(kept[key as keyof typeof kept].value);
			restores.push(() => restoreProperties(value, kept));
		} else {
			// An image of ours, or one like it.
			const data = Object.getOwnPropertyDescriptor(value, "data")?.value;
			if (ArrayBuffer.isView(data)) waiting.push(data);
		}
	}
	return () => {
		for (const restore of restores) {
			try {
				restore();
			} catch {
				// Frozen meanwhile: it can no longer be changed by anybody.
			}
		}
	};
}

function isPlain(value: object): boolean {
	const prototype = Object.getPrototypeOf(value);
	// An imported module has no prototype either.
	return prototype === Object.prototype || (prototype === null && !(Symbol.toStringTag in value));
}

function keepBytes(view: ArrayBufferView): () => void {
	const kept = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
	return () => {
		// Its memory may have been moved to a worker meanwhile.
		if (view.byteLength !== kept.length) return;
		new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(kept);
	};
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
	return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/** True of a list without holes and without properties that are no elements, which stand behind the elements. */
function isDense(list: unknown[], keys: string[]): boolean {
	return keys.length === list.length && (list.length === 0 || keys[list.length - 1] === `${list.length - 1}`);
}

function restoreList(list: unknown[], kept: unknown[]): void {
	if (!isSame(list, kept)) {
		list.length = 0;
		for (const item of kept) list.push(item);
	}
	for (const key of Object.keys(list).slice(kept.length)) Reflect.deleteProperty(list, key);
}

function restoreProperties(value: object, kept: Record<PropertyKey, PropertyDescriptor>): void {
	const keys = Reflect.ownKeys(kept);
	const now = Reflect.ownKeys(value);
	// Keys in another order, more or fewer: all of them anew, the length of a list apart, which cannot be deleted.
	if (!isSame(now, keys)) {
		for (const key of now) Reflect.deleteProperty(value, key);
		if (Array.isArray(value)) value.length = 0;
	}
	for (const key of keys) {
		const before = kept[key];
		const at = Object.getOwnPropertyDescriptor(value, key);
		if (at && Object.is(at.value, before.value) && at.get === before.get && at.set === before.set) continue;
		Reflect.defineProperty(value, key, before);
	}
}
