/** What is set for a bucket as a whole. Read anew at each use: another engine may share the records. */
import type { WritableStore } from "../stores/store.ts";
import { readJson, writeJson } from "./records.ts";
import type { Simulation } from "./simulate.ts";

export interface BucketSettings {
	/** Milliseconds since 1970. */
	created?: number;
	/** Absent where versions were never asked for. */
	versioning?: "Enabled" | "Suspended";
	simulation?: Simulation;
}

const at = "/settings.json";

export class Settings {
	readonly #records: WritableStore;

	constructor(records: WritableStore) {
		this.#records = records;
	}

	async read(): Promise<BucketSettings> {
		return (await readJson<BucketSettings>(this.#records, at)) ?? {};
	}

	/** Sets some of the settings, and leaves the others. */
	async write(changes: BucketSettings): Promise<void> {
		await writeJson(this.#records, at, { ...(await this.read()), ...changes });
	}
}
