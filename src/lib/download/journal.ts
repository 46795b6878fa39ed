/** What a download has learnt so far, kept so that another run goes on from there. */
import { crc32 } from "../stores/crc32.ts";

/** Lines that outlive the process: a file, or a value of a store. */
export interface Journal {
	/** All lines, oldest first; none where there is no journal yet. */
	read(): Promise<string[]>;
	/** Adds lines at the end; they are kept when it resolves. */
	append(lines: string[]): Promise<void>;
}

/** A journal that ends with the process. */
export function memoryJournal(): Journal {
	const lines: string[] = [];
	return {
		read: async () => [...lines],
		append: async (more) => {
			lines.push(...more);
		},
	};
}

export interface JournalState {
	/** What is downloaded, as the first run said it. */
	wish?: string;
	/** Checksums of metadata documents by key. */
	documents: Map<string, number>;
	/** Keys that the source does not have. */
	absent: Set<string>;
}

/** The last line of a run that was killed may be cut short: it is passed over. */
export function parseJournal(lines: readonly string[]): JournalState {
	const state: JournalState = { documents: new Map(), absent: new Set() };
	for (const line of lines) {
		let entry: { wish?: unknown; document?: unknown; crc32?: unknown; absent?: unknown };
		try {
			entry = JSON.parse(line) as typeof entry;
		} catch {
			continue;
		}
		if (typeof entry.wish === "string") state.wish = entry.wish;
		if (typeof entry.absent === "string") state.absent.add(entry.absent);
		if (typeof entry.document === "string" && typeof entry.crc32 === "number") {
			state.documents.set(entry.document, entry.crc32);
		}
	}
	return state;
}

export const journalLine = {
	wish: (wish: string) => JSON.stringify({ wish }),
	document: (key: string, bytes: Uint8Array) => JSON.stringify({ document: key, crc32: crc32(bytes) }),
	absent: (key: string) => JSON.stringify({ absent: key }),
};
