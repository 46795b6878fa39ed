/** Why there is no image at an address: what its server answered, and what to try. */
import { ChunkwiseError, isChunkwiseError } from "../lib/errors.ts";
import { hostOf } from "../lib/http-unreachable.ts";
import type { StoreTarget } from "./target.ts";
import { type Answer, permanentMove, type Web } from "./web.ts";

const absent = new Set(["not-zarr", "not-n5"]);
/** Documents by which a node is known, the likeliest first. */
const documents = ["zarr.json", ".zattrs", ".zgroup", "attributes.json"];
/** Folders above an address that are looked at. */
const parentsTried = 3;

export function isAbsence(error: unknown): error is ChunkwiseError {
	return isChunkwiseError(error) && absent.has(error.code);
}

/**
 * The error that says what happened at an HTTP address where no Zarr and no N5 was found: other folders near it are
 * looked at for the remedy.
 */
export async function explainAbsence(
	error: ChunkwiseError,
	target: StoreTarget,
	signal?: AbortSignal,
): Promise<ChunkwiseError> {
	const { web, name } = target;
	if (!web || !/^https?:/i.test(name)) return error;
	const answers = web.answers.filter(({ address }) => sameServer(address, name, web));
	const found = await nearby(name, target.inner, signal);
	const said = (code: string, message: string, remedy: string) =>
		new ChunkwiseError(code, message + moved(web), { where: name, remedy: found ?? remedy, cause: error });

	const s3 = answers.find((answer) => answer.s3)?.s3;
	if (s3?.code === "PermanentRedirect" || s3?.code === "TemporaryRedirect") {
		return said(
			"s3-wrong-region",
			`The bucket is not at this address (${s3.code}).`,
			s3.endpoint ? `Its endpoint is ${s3.endpoint}: use that.` : "Use the endpoint of the bucket's region.",
		);
	}
	if (s3?.code === "NoSuchBucket") {
		return said("s3-no-bucket", "The service has no such bucket.", "Check the bucket's name in the address.");
	}
	const status = commonStatus(answers);
	if (answers.length > 0 && answers.every(({ page, status: s }) => page && s < 400)) {
		return said(
			"http-page",
			"The server answers with a web page where the metadata of an image should be.",
			"This is the address of a page, or of a site that answers everything with one. Use the address of the data itself: a viewer's page often has it behind ?source= or ?url=.",
		);
	}
	if (status === 403 || status === 401) {
		return said(
			"http-forbidden",
			s3
				? `The object store answers ${status} ${s3.code}: nothing is here, or it may not be read.`
				: `The server refuses to show this (${status}).`,
			"Object stores answer so for what does not exist, too. Check the address; if it is right, it is not public.",
		);
	}
	if (status === 410) {
		return said(
			"http-not-found",
			"What was here has been taken away for good (410).",
			`${where(name)} Look for its new address.`,
		);
	}
	if (status === 404) {
		return said(
			"http-not-found",
			`${hostOf(name)} answers, but has no Zarr, N5 or TIFF at this address (404).`,
			`Check the path; the image may have moved. ${where(name)}`.trim(),
		);
	}
	return new ChunkwiseError(error.code, error.message, {
		where: name,
		remedy: found ?? error.remedy,
		cause: error,
	});
}

/** Redirects lead to other servers, whose answers count as well. */
function sameServer(address: string, name: string, web: Web): boolean {
	return hostOf(address) === hostOf(name) || web.moves.some(({ to }) => hostOf(to) === hostOf(address));
}

function commonStatus(answers: readonly Answer[]): number | undefined {
	const refused = answers.filter(({ status, page }) => status >= 400 || !page).map(({ status }) => status);
	const [first] = refused;
	return refused.every((status) => status === first) ? first : refused.find((status) => status === 403);
}

function moved(web: Web): string {
	const move = permanentMove(web);
	return move ? ` The server sends this address on to ${move.to} for good.` : "";
}

/** Where archives that have moved their images list them. */
function where(address: string): string {
	return /(^|\.)embassy\.ebi\.ac\.uk$|(^|\.)openmicroscopy\.org$/.test(new URL(address).hostname)
		? "The IDR lists its OME-Zarr images at https://idr.github.io/ome-ngff-samples/."
		: "";
}

/** A remedy that names a place near the address where something is. */
async function nearby(name: string, inner: string, signal?: AbortSignal): Promise<string | undefined> {
	const url = new URL(name);
	const parts = url.pathname.split("/").filter(Boolean);
	const at = (path: readonly string[]) => new URL(`/${path.join("/")}`, url).href;
	if (inner !== "" && (await holdsNode(name, signal))) {
		return `There is something at ${name}, but nothing named ${inner} in it: chunkwise tree shows what it holds.`;
	}
	const versions = otherVersions(parts).map(at);
	for (const address of versions) {
		if (await holdsNode(address, signal)) return `${address} answers: it may be the same image.`;
	}
	for (let up = 1; up <= Math.min(parentsTried, parts.length); up++) {
		const address = at(parts.slice(0, parts.length - up));
		if (!(await holdsNode(address, signal))) continue;
		return `${address} is there, but holds nothing named ${parts.slice(-up).join("/")}: try it without, or see chunkwise tree ${address}.`;
	}
	return undefined;
}

/** The same path below the folders of other versions of OME-NGFF, newest first, where a folder is named after one. */
function otherVersions(parts: readonly string[]): string[][] {
	const at = parts.findIndex((part) => /^v?0\.[1-5]$/.test(part));
	if (at < 0) return [];
	const prefix = parts[at].startsWith("v") ? "v" : "";
	return ["0.5", "0.4", "0.3", "0.2", "0.1"]
		.map((version) => `${prefix}${version}`)
		.filter((version) => version !== parts[at])
		.map((version) => parts.with(at, version));
}

async function holdsNode(address: string, signal?: AbortSignal): Promise<boolean> {
	const found = await Promise.all(
		documents.map(async (name) => {
			try {
				const response = await fetch(`${address.replace(/\/$/, "")}/${name}`, { signal });
				if (!response.ok || /html/i.test(response.headers.get("content-type") ?? "")) {
					await response.body?.cancel();
					return false;
				}
				return (await response.text()).trimStart().startsWith("{");
			} catch {
				signal?.throwIfAborted();
				return false;
			}
		}),
	);
	return found.some(Boolean);
}
