/**
 * The browser's storage, or memory where it is blocked: nothing here ever throws, and what went wrong is told to
 * whoever listens, so that the page can say once that nothing is kept.
 */

/** As much of the Web Storage interface as is used. */
export interface KeyValues {
	get(key: string): string | undefined;
	/** False where the value is only kept in memory. */
	set(key: string, value: string): boolean;
	remove(key: string): void;
	keys(): string[];
}

/** `blocked`: the browser gives no storage to this site. `full`: there is no room for more. */
export type StorageTrouble = "blocked" | "full";

/** Storage over a `Storage` object, which is asked for each time: getting it may throw by itself. */
export function guarded(
	storage: () => Storage | undefined,
	onTrouble: (trouble: StorageTrouble | undefined) => void,
): KeyValues {
	/** What could not be kept, so that this page at least goes on with it. */
	const memory = new Map<string, string | undefined>();
	const attempt = <T>(action: (storage: Storage) => T): { value: T } | undefined => {
		try {
			const found = storage();
			if (found) return { value: action(found) };
		} catch {}
		onTrouble("blocked");
		return undefined;
	};
	return {
		get(key) {
			if (memory.has(key)) return memory.get(key);
			return attempt((kept) => kept.getItem(key))?.value ?? undefined;
		},
		set(key, value) {
			try {
				const found = storage();
				if (!found) throw new Error("no storage");
				found.setItem(key, value);
				memory.delete(key);
				if (memory.size === 0) onTrouble(undefined);
				return true;
			} catch (error) {
				memory.set(key, value);
				onTrouble(isQuota(error) ? "full" : "blocked");
				return false;
			}
		},
		remove(key) {
			memory.delete(key);
			if (!attempt((kept) => kept.removeItem(key))) memory.set(key, undefined);
		},
		keys() {
			const kept = attempt((found) => Object.keys(found))?.value ?? [];
			const all = new Set(kept);
			for (const [key, value] of memory) {
				if (value === undefined) all.delete(key);
				else all.add(key);
			}
			return [...all];
		},
	};
}

function isQuota(error: unknown): boolean {
	const name = (error as { name?: string } | undefined)?.name ?? "";
	return name === "QuotaExceededError" || name === "NS_ERROR_DOM_QUOTA_REACHED";
}

const listeners = new Set<(trouble: StorageTrouble | undefined) => void>();
let current: StorageTrouble | undefined;

function tell(trouble: StorageTrouble | undefined): void {
	if (trouble === current) return;
	current = trouble;
	for (const listener of listeners) listener(trouble);
}

/** Calls back when storage begins to fail, at once if it already does, and with undefined when it works again. */
export function onStorageTrouble(listener: (trouble: StorageTrouble | undefined) => void): void {
	listeners.add(listener);
	if (current) listener(current);
}

export function storageTrouble(): StorageTrouble | undefined {
	return current;
}

/** This site's storage. */
export const store: KeyValues = guarded(() => globalThis.localStorage, tell);

/** In words for the reader. */
export function troubleText(trouble: StorageTrouble): string {
	return trouble === "full"
		? "This browser’s storage for the site is full, so what you write now is not kept. Export your work to a file, or make room on the progress page."
		: "This browser does not let the site keep anything, so your work is gone when you close or reload the page. Export it to a file to keep it.";
}
