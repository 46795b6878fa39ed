/** A hash of what files say: what is made of them is made again when it changes. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Changes when a file at or below one of the places is added, removed or says something else. */
export function stampOf(places: readonly string[]): string {
	const hash = createHash("sha256");
	const visit = (path: string) => {
		if (statSync(path).isDirectory()) {
			for (const name of readdirSync(path).sort()) visit(join(path, name));
		} else hash.update(`${path}\0`).update(readFileSync(path));
	};
	for (const place of places) visit(place);
	return hash.digest("hex");
}
