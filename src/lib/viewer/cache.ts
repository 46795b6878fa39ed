/** Values kept within a budget of bytes: what was asked for longest ago goes first. */
export class ByteCache<T> {
	readonly #budget: number;
	/** Map keeps the order in which keys were put in: the first is the one not asked for longest. */
	readonly #entries = new Map<string, { value: T; bytes: number }>();
	readonly #dropped: (key: string, value: T) => void;
	#bytes = 0;

	/**
	 * @param budget bytes
	 * @param dropped hears of every value that goes, for what must be freed by hand
	 */
	constructor(budget: number, dropped: (key: string, value: T) => void = () => {}) {
		this.#budget = budget;
		this.#dropped = dropped;
	}

	/** Of all values that are kept. */
	get bytes(): number {
		return this.#bytes;
	}

	get size(): number {
		return this.#entries.size;
	}

	keys(): IterableIterator<string> {
		return this.#entries.keys();
	}

	/** Whether it is there; this alone does not keep it longer. */
	has(key: string): boolean {
		return this.#entries.has(key);
	}

	get(key: string): T | undefined {
		const entry = this.#entries.get(key);
		if (!entry) return undefined;
		this.#entries.delete(key);
		this.#entries.set(key, entry);
		return entry.value;
	}

	/** Keeps a value; others go until the budget holds, those that `keep` names last. */
	set(key: string, value: T, bytes: number, keep?: ReadonlySet<string>): void {
		this.delete(key);
		this.#entries.set(key, { value, bytes });
		this.#bytes += bytes;
		if (this.#bytes <= this.#budget) return;
		for (const other of [...this.#entries.keys()]) {
			if (this.#bytes <= this.#budget) return;
			if (other !== key && !keep?.has(other)) this.delete(other);
		}
	}

	delete(key: string): void {
		const entry = this.#entries.get(key);
		if (!entry) return;
		this.#entries.delete(key);
		this.#bytes -= entry.bytes;
		this.#dropped(key, entry.value);
	}

	clear(): void {
		for (const key of [...this.#entries.keys()]) this.delete(key);
	}
}
