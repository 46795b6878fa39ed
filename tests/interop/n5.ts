/** N5: what we write is read by z5py and tensorstore, and what they write by us. */
import { join } from "node:path";
import {
	type DataType,
	type N5CodecName,
	n5CodecNames,
	openN5,
	toMultiscale,
	toN5,
} from "../../src/lib/index.ts";
import { folderStore } from "../../src/lib/node.ts";
import { dataTypes } from "../../src/lib/types.ts";
import { askPeers } from "./python.ts";
import type { Report } from "./report.ts";
import { type Answer, differences, sha256, sha256Of, type Values, waves } from "./values.ts";

export interface OurN5 {
	path: string;
	codec: N5CodecName;
	levels: Values[];
}

/** Every codec with every type, with cropped blocks at the far edges. */
export async function ourN5(folder: string): Promise<OurN5[]> {
	const made: OurN5[] = [];
	for (const dtype of dataTypes) {
		// Types of 16 bits and less than N5 has: float16 is none of them.
		if (dtype === ("float16" as DataType)) continue;
		const multiscale = await toMultiscale(waves(dtype, [13, 20, 17]), [2], { chunks: { z: 5, y: 8, x: 6 } });
		for (const codec of n5CodecNames) {
			const path = join(folder, `${dtype} ${codec}.n5`);
			await toN5(folderStore(path), multiscale, { codec });
			const levels = multiscale.levels.map((level) => ({
				shape: [...level.shape],
				dtype,
				sha256: sha256Of(level.data),
			}));
			made.push({ path, codec, levels });
		}
	}
	return made;
}

interface N5Answer {
	versions: Record<string, string>;
	read: Record<string, Answer>[];
	written: (Values & { path: string; inner: string; writer: string; codec: string })[];
}

export async function checkN5(report: Report, python: string, folder: string): Promise<OurN5[]> {
	const ours = await ourN5(join(folder, "ours"));
	const asked = ours.flatMap(({ path, levels }) => levels.map((_, i) => ({ path, inner: `s${i}` })));
	const answer = askPeers<N5Answer>(python, "n5", { read: asked, folder: join(folder, "theirs") });
	for (const [name, version] of Object.entries(answer.versions)) report.versions.set(name, version);
	let at = 0;
	for (const { path, codec, levels } of ours) {
		for (const wanted of levels) {
			for (const [reader, seen] of Object.entries(answer.read[at])) {
				// What a reader does not have is not asked of it.
				if (seen === null) continue;
				report.check(`${path} in ${reader}`, differences(wanted, seen), {
					writer: "chunkwise",
					reader,
					format: "N5",
					codec,
					dtype: wanted.dtype as DataType,
				});
			}
			at++;
		}
	}
	for (const { path, inner, ...wanted } of answer.written) {
		await checkOurN5Reading(report, join(folder, "theirs", path), inner, wanted);
	}
	return ours;
}

/** What we read of an N5 array that somebody else wrote. */
export async function checkOurN5Reading(
	report: Report,
	container: string,
	inner: string,
	wanted: Values & { writer: string; codec: string },
): Promise<void> {
	const problems: string[] = [];
	try {
		const node = await openN5(folderStore(container), inner);
		if (node.kind !== "array") throw new Error(`${inner} is no array`);
		const values = await node.read();
		problems.push(
			...differences(wanted, {
				shape: [...values.shape],
				dtype: node.dtype,
				sha256: sha256(values.toBytes()),
			}),
		);
	} catch (error) {
		problems.push(String(error));
	}
	const { writer, codec } = wanted;
	const dtype = wanted.dtype as DataType;
	report.check(`${container}#${inner} by ${writer}, read by us`, problems, {
		writer,
		reader: "chunkwise",
		format: "N5",
		codec,
		dtype,
	});
}
