/**
 * What a reader wrote in a cell, as it is kept: by lesson and cell, with a hash of the author's code it was made from.
 * Several tabs may write at once; what one would overwrite of another is kept beside it until the reader decides.
 */
import { fingerprint } from "./fingerprint.ts";
import { nameOf, workKey, workPrefix } from "./keys.ts";
import { type KeyValues, store } from "./storage.ts";

export interface SavedVersion {
	source: string;
	/** ISO 8601. */
	at: string;
	/** Which page wrote it: a random name made when a page opens, or `file`, or `link`. */
	by: string;
}

export interface SavedCell extends SavedVersion {
	v: 1;
	/** Hash of the author's code that the reader started from. */
	of: string;
	/** Versions from other tabs or files that the reader has not decided about, oldest first. */
	others?: SavedVersion[];
	/** Taken from a link and not yet edited or run: nothing runs it by itself. */
	held?: true;
}

/** No cell needs more; a larger one would crowd out the rest of the reader's work. */
export const longestSource = 1_000_000;

export function readCell(lesson: string, cell: string, from: KeyValues = store): SavedCell | undefined {
	const text = from.get(workKey(lesson, cell));
	if (text === undefined) return undefined;
	try {
		return savedFrom(JSON.parse(text));
	} catch {
		return undefined;
	}
}

export function writeCell(lesson: string, cell: string, saved: SavedCell, to: KeyValues = store): boolean {
	return to.set(workKey(lesson, cell), JSON.stringify(saved));
}

/** Everything saved in a lesson, by cell. */
export function savedCells(lesson: string, from: KeyValues = store): Map<string, SavedCell> {
	const start = workPrefix(lesson);
	const found = new Map<string, SavedCell>();
	for (const key of from.keys()) {
		if (!key.startsWith(start)) continue;
		const cell = key.slice(start.length);
		const saved = readCell(lesson, cell, from);
		if (saved) found.set(cell, saved);
	}
	return found;
}

/** Every lesson with saved work. */
export function savedLessons(from: KeyValues = store): Set<string> {
	const lessons = new Set<string>();
	for (const key of from.keys()) {
		const name = nameOf(key);
		if (name?.kind === "work") lessons.add(name.lesson);
	}
	return lessons;
}

/** Saved work from data of unknown origin; undefined if it is none. */
export function savedFrom(data: unknown): SavedCell | undefined {
	const given = data as Partial<SavedCell> | null;
	const version = versionFrom(given);
	if (!given || !version || given.v !== 1) return undefined;
	const saved: SavedCell = {
		v: 1,
		...version,
		of: typeof given.of === "string" ? given.of.slice(0, 64) : "",
	};
	const others = Array.isArray(given.others) ? given.others.map(versionFrom).filter((other) => !!other) : [];
	if (others.length > 0) saved.others = others;
	if (given.held === true) saved.held = true;
	return saved;
}

function versionFrom(data: unknown): SavedVersion | undefined {
	const given = data as Partial<SavedVersion> | null;
	if (typeof given !== "object" || given === null) return undefined;
	if (typeof given.source !== "string" || given.source.length > longestSource) return undefined;
	const time = typeof given.at === "string" ? Date.parse(given.at) : Number.NaN;
	return {
		source: given.source,
		at: new Date(Number.isNaN(time) ? 0 : time).toISOString(),
		by: typeof given.by === "string" ? given.by.slice(0, 64) : "",
	};
}

/** One cell's saved work as one page sees it. */
export class CellWork {
	readonly #lesson: string;
	readonly #cell: string;
	readonly #author: string;
	readonly #tab: string;
	readonly #store: KeyValues;
	/** What was stored when this page last looked or wrote. */
	#seen?: SavedCell;

	constructor(lesson: string, cell: string, author: string, tab: string, values: KeyValues = store) {
		this.#lesson = lesson;
		this.#cell = cell;
		this.#author = author;
		this.#tab = tab;
		this.#store = values;
		this.#seen = this.stored();
	}

	/** What is kept now, whoever wrote it. */
	stored(): SavedCell | undefined {
		return readCell(this.#lesson, this.#cell, this.#store);
	}

	/** Takes what is stored now for what this page goes on with. */
	look(): void {
		this.#seen = this.stored();
	}

	/** The reader's code, or the author's where there is none. */
	get source(): string {
		return this.#seen?.source ?? this.#author;
	}

	get held(): boolean {
		return this.#seen?.held === true;
	}

	/** The lesson's code changed after the reader began with it. */
	get lessonChanged(): boolean {
		const seen = this.#seen;
		return !!seen && seen.source !== this.#author && seen.of !== fingerprint(this.#author);
	}

	/** Keeps what the reader typed. A version that another tab stored meanwhile goes beside it. */
	save(source: string): void {
		if (source === this.source) return;
		this.#write(source, this.#besides(source), this.#seen?.of ?? fingerprint(this.#author));
	}

	/** Takes code from elsewhere: another tab, a file, a link, a newer lesson. What is decided is no longer beside it. */
	take(source: string, options: { held?: boolean; decided?: SavedVersion } = {}): void {
		const { held, decided } = options;
		const others = this.#besides(source).filter(
			(other) => other.source !== decided?.source || other.by !== decided.by,
		);
		this.#write(source, others, fingerprint(this.#author), held);
	}

	/** The reader stays with the code of this page, whatever else there was. */
	settle(source: string): void {
		this.#write(source, [], fingerprint(this.#author));
	}

	/** A version that the reader has not decided about: another tab's, or one kept beside. */
	rival(source: string): SavedVersion | undefined {
		return this.#besides(source).at(-1);
	}

	/** Another tab put the cell back to the author's code while this page still has something else. */
	get removedElsewhere(): boolean {
		return this.#seen !== undefined && this.stored() === undefined;
	}

	#besides(source: string): SavedVersion[] {
		const stored = this.stored();
		if (!stored) return [];
		const { others = [] } = stored;
		const theirs = stored.by !== this.#tab && stored.source !== this.#seen?.source ? [stored] : [];
		const all = [...others, ...theirs.map(({ source, at, by }) => ({ source, at, by }))];
		// Of one tab the latest counts: it replaced the ones before on purpose.
		return all.filter(
			(version, i) =>
				version.source !== source &&
				version.by !== this.#tab &&
				!all.slice(i + 1).some((later) => later.by === version.by && later.by !== ""),
		);
	}

	#write(source: string, others: SavedVersion[], of: string, held = false): void {
		if (source === this.#author && others.length === 0) {
			this.#store.remove(workKey(this.#lesson, this.#cell));
			this.#seen = undefined;
			return;
		}
		const saved: SavedCell = { v: 1, source, at: new Date().toISOString(), by: this.#tab, of };
		if (others.length > 0) saved.others = others;
		if (held) saved.held = true;
		writeCell(this.#lesson, this.#cell, saved, this.#store);
		this.#seen = saved;
	}
}
