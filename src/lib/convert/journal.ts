/**
 * What a conversion has finished, kept beside what it writes: a call that was killed is gone on with from there. The
 * journal is one small document, replaced as a whole after each unit of work, so that it is never half written; a unit
 * that was written and not noted is written again, with the same bytes.
 */
import { ChunkwiseError } from "../errors.ts";
import { keyOf, type WritableStore } from "../stores/store.ts";
import { encodeJson } from "../zarr/metadata.ts";

/** What makes two calls the same conversion: by a name for people, a value that must be equal. */
export type ConversionIdentity = Readonly<Record<string, unknown>>;

/** What has been written of one array. */
export interface LevelTally {
	stored: number;
	objects: number;
}

interface JournalDocument {
	journal: 1;
	identity: ConversionIdentity;
	/** Half-open ranges of the numbers of the units that are done. */
	done: [start: number, stop: number][];
	levels: LevelTally[];
	/** All is written; what remains is to put it in its place. */
	complete: boolean;
}

const key = keyOf("", "journal.json");

export class Journal {
	readonly #store: WritableStore;
	readonly #identity: ConversionIdentity;
	readonly #done = new Set<number>();
	readonly levels: LevelTally[];
	complete = false;
	/** Units that a call before this one had finished. */
	resumed = 0;
	#saving?: Promise<void>;
	#again = false;

	private constructor(store: WritableStore, identity: ConversionIdentity, levels: number) {
		this.#store = store;
		this.#identity = identity;
		this.levels = Array.from({ length: levels }, () => ({ stored: 0, objects: 0 }));
	}

	/**
	 * Opens the journal of a conversion, or begins one.
	 * @throws ChunkwiseError resume-differs, where the journal is that of another conversion; resume-damaged
	 */
	static async open(store: WritableStore, identity: ConversionIdentity, levels: number): Promise<Journal> {
		const journal = new Journal(store, JSON.parse(JSON.stringify(identity)), levels);
		const bytes = await store.get(key);
		if (!bytes) return journal;
		let document: JournalDocument;
		try {
			document = JSON.parse(new TextDecoder().decode(bytes)) as JournalDocument;
			if (document.journal !== 1) throw new Error("another kind of journal");
			for (const [start, stop] of document.done) for (let i = start; i < stop; i++) journal.#done.add(i);
		} catch (cause) {
			throw new ChunkwiseError(
				"resume-damaged",
				"What an interrupted call left here cannot be gone on with.",
				{
					where: String(store),
					remedy: "Begin anew: remove it, or give --restart.",
					cause,
				},
			);
		}
		checkSame(document.identity, journal.#identity, String(store));
		for (const [i, tally] of document.levels.entries()) Object.assign(journal.levels[i], tally);
		journal.complete = document.complete;
		journal.resumed = journal.#done.size;
		return journal;
	}

	has(unit: number): boolean {
		return this.#done.has(unit);
	}

	/** Notes a unit as done; the promise settles when that is stored. */
	async add(unit: number, level: number, tally: LevelTally): Promise<void> {
		this.#done.add(unit);
		this.levels[level].stored += tally.stored;
		this.levels[level].objects += tally.objects;
		await this.save();
	}

	/** Stores the journal. Calls that come while it is being stored share the next storing. */
	async save(): Promise<void> {
		if (this.#saving) {
			this.#again = true;
			return this.#saving;
		}
		this.#saving = (async () => {
			do {
				this.#again = false;
				await this.#store.set(key, encodeJson(this.#document()));
			} while (this.#again);
		})();
		try {
			await this.#saving;
		} finally {
			this.#saving = undefined;
		}
	}

	#document(): JournalDocument {
		const done: [number, number][] = [];
		for (const unit of [...this.#done].sort((a, b) => a - b)) {
			const last = done[done.length - 1];
			if (last?.[1] === unit) last[1]++;
			else done.push([unit, unit + 1]);
		}
		return { journal: 1, identity: this.#identity, done, levels: this.levels, complete: this.complete };
	}
}

function checkSame(before: ConversionIdentity, now: ConversionIdentity, where: string): void {
	const names = new Set([...Object.keys(before), ...Object.keys(now)]);
	const differing = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
	if (differing.length === 0) return;
	const [name] = differing;
	const told = (value: unknown) => (value === undefined ? "none" : JSON.stringify(value));
	const long = told(before[name]).length + told(now[name]).length > 120;
	throw new ChunkwiseError(
		"resume-differs",
		name === "input"
			? "The input has changed since an interrupted call left its part here."
			: `An interrupted call left its part here, and it had ${long ? `another ${name}` : `${name} ${told(before[name])} where this one has ${told(now[name])}`}.`,
		{
			where,
			remedy:
				"To go on, give the same call with the same input. To begin anew, give --restart (it is removed then).",
		},
	);
}
