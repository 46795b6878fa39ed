/** `chunkwise download URL OUT`: an image from an address to this machine, as it is. */
import { type DownloadReport, download } from "../lib/download/download.ts";
import { ChunkwiseError } from "../lib/errors.ts";
import { formatBytes, formatCount, formatDuration } from "../lib/format.ts";
import type { LongTask } from "../lib/progress.ts";
import { folderStore } from "../lib/stores/node-folder.ts";
import { explainAbsence, isAbsence } from "./absence.ts";
import { downloadOneFile } from "./download-file.ts";
import { fileAddress, isZipName, openTarget, type StoreTarget, splitPath } from "./target.ts";
import { fileJournal, openUnfinished, type Unfinished } from "./unfinished.ts";
import { openWeb } from "./web.ts";
import { isFileAt } from "./with-target.ts";

export interface DownloadCall extends LongTask {
	levels?: number[];
	overwrite?: boolean;
}

export interface DownloadResult extends DownloadReport {
	path: string;
	out: string;
	kind: "file" | "store";
	/** An earlier run had left something. */
	resumed: boolean;
	milliseconds: number;
}

/** @throws ChunkwiseError out-exists, no-such-node, and as opening and downloading */
export async function downloadTo(path: string, out: string, call: DownloadCall): Promise<DownloadResult> {
	const started = performance.now();
	const { outer, inner } = await splitPath(path);
	const file = await fileAddress(outer);
	if (file && !(inner !== "" && isZipName(outer))) {
		checkWholeFile(path, inner, call);
		const unfinished = await openUnfinished(out, call.overwrite ?? false);
		const report = await oneFile(file, path, unfinished, call);
		return result(path, out, "file", unfinished, report, started);
	}
	const target = await openTarget(path);
	try {
		if (target.kind !== "store") {
			throw new ChunkwiseError("no-such-node", "This is a file on this machine already.", {
				where: path,
				remedy: "Give an http(s):// or s3:// address; cp copies a file.",
			});
		}
		const unfinished = await openUnfinished(out, call.overwrite ?? false);
		const [kind, report] = await hierarchyOrFile(path, target, unfinished, call);
		return result(path, out, kind, unfinished, report, started);
	} finally {
		await target.close();
	}
}

async function result(
	path: string,
	out: string,
	kind: DownloadResult["kind"],
	unfinished: Unfinished,
	report: DownloadReport,
	started: number,
): Promise<DownloadResult> {
	await unfinished.finish();
	const milliseconds = Math.round(performance.now() - started);
	return { path, out, kind, ...report, resumed: unfinished.resumed, milliseconds };
}

function checkWholeFile(path: string, inner: string, { levels }: DownloadCall): void {
	if (inner === "" && levels === undefined) return;
	throw new ChunkwiseError("no-such-node", "A single file is downloaded whole.", {
		where: path,
		remedy:
			inner === ""
				? "Leave --levels out; chunkwise convert PATH#LEVEL takes a level of it."
				: "Leave out what follows the #; chunkwise convert takes a page of it.",
	});
}

async function hierarchyOrFile(
	path: string,
	target: StoreTarget,
	unfinished: Unfinished,
	call: DownloadCall,
): Promise<[DownloadResult["kind"], DownloadReport]> {
	try {
		const into = folderStore(unfinished.data);
		if (unfinished.resumed) await into.removeUnfinished();
		const report = await download(target.store, into, {
			path: target.inner,
			levels: call.levels,
			journal: fileJournal(unfinished.journal),
			name: target.name,
			signal: call.signal,
			onProgress: call.onProgress,
		});
		return ["store", report];
	} catch (error) {
		if (!isAbsence(error)) throw error;
		const isFile = target.web && target.inner === "" && (await isFileAt(target.name, call.signal));
		await unfinished.discard();
		if (!isFile || call.levels) throw await explainAbsence(error, target, call.signal);
		await unfinished.renew();
		return ["file", await oneFile({ address: target.name, fetch: openWeb().fetch }, path, unfinished, call)];
	}
}

async function oneFile(
	{ address, fetch }: { address: string; fetch: typeof globalThis.fetch },
	path: string,
	{ data, journal }: Unfinished,
	{ signal, onProgress }: DownloadCall,
): Promise<DownloadReport> {
	const name = path.split("/").at(-1) || path;
	const report = await downloadOneFile(address, data, journal, { fetch, name, signal, onProgress });
	if (report.changed) {
		process.stderr.write(`chunkwise: ${path}: the file has changed since it was begun; begun anew\n`);
	}
	return { written: 1, bytes: report.bytes, kept: report.kept > 0 ? 1 : 0, absent: 0 };
}

/** The same for people. */
export function downloadText(result: DownloadResult): string {
	const values = (n: number) => `${formatCount(n)} ${n === 1 ? "value" : "values"}`;
	const parts = [
		`${result.kind === "file" ? "" : `${values(result.written)}, `}${formatBytes(result.bytes)} in ${formatDuration(result.milliseconds)}`,
		...(result.kept > 0
			? [`${result.kind === "file" ? "gone on" : values(result.kept)} from an earlier run`]
			: []),
		...(result.absent > 0
			? [`${formatCount(result.absent)} chunks are not stored and stand for the fill value`]
			: []),
	];
	return `${result.path} → ${result.out}\n  ${parts.join("; ")}`;
}
