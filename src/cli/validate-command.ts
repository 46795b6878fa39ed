/** `chunkwise validate PATH…`: OME-NGFF metadata, and the arrays behind it, against the version's rules. */
import type { ByteSource } from "../lib/bytes.ts";
import { httpSource } from "../lib/bytes-http.ts";
import { ChunkwiseError } from "../lib/errors.ts";
import { type Validation, validate } from "../lib/ngff/validate/document.ts";
import type { Finding } from "../lib/ngff/validate/findings.ts";
import { validateStore } from "../lib/ngff/validate/store.ts";
import { memoryStore } from "../lib/stores/memory.ts";
import { readJson } from "../lib/zarr/json.ts";
import { isUrl, splitPath } from "./target.ts";
import { withTarget } from "./with-target.ts";

export interface ValidateResult extends Validation {
	path: string;
}

export interface ValidateTask {
	strict?: boolean;
	signal?: AbortSignal;
}

/** Metadata documents are small; what is larger is something else. */
const largestDocument = 64 << 20;
const documentName = /(^|[\\/])(\.zattrs|[^\\/]*\.json)$/i;

/**
 * Checks a JSON document by itself, and anything else as a store.
 * @throws ChunkwiseError as {@link validate}, {@link validateStore} and {@link openTarget}
 */
export async function validatePath(
	path: string,
	{ strict, signal }: ValidateTask = {},
): Promise<ValidateResult> {
	const { outer } = await splitPath(path);
	if (isUrl(outer) && URL.canParse(outer) && documentName.test(new URL(outer).pathname)) {
		const source = await httpSource(outer, { signal });
		return { path, ...validate(await parseDocument(source, signal), { strict }) };
	}
	return withTarget(
		path,
		async (target): Promise<ValidateResult> => {
			if (target.kind === "store") {
				return { path, ...(await validateStore(target.store, { path: target.inner, strict, signal })) };
			}
			const { source } = target;
			if (!documentName.test(outer) && !(await beginsAsObject(source))) {
				throw new ChunkwiseError("unsupported-format", "This file is neither OME-Zarr nor a JSON document.", {
					where: outer,
					remedy: "Give an OME-Zarr folder, or a .zattrs, zarr.json or other JSON file.",
				});
			}
			return { path, ...validate(await parseDocument(source, signal), { strict }) };
		},
		signal,
	);
}

async function beginsAsObject(source: ByteSource): Promise<boolean> {
	const start = await source.read(0, Math.min(64, source.size));
	return new TextDecoder().decode(start).trimStart().startsWith("{");
}

async function parseDocument(source: ByteSource, signal?: AbortSignal): Promise<unknown> {
	if (source.size > largestDocument) {
		throw new ChunkwiseError("bad-metadata", "The document is too large for metadata.", {
			where: source.name,
			remedy: "Give a .zattrs or a zarr.json.",
		});
	}
	const store = memoryStore();
	const name = source.name.split(/[\\/]/).at(-1) || "document";
	store.set(`/${name}`, await source.read(0, source.size, signal));
	return readJson(store, `/${name}`);
}

/** Places of one finding that are shown; the rest are counted. */
const shownPlaces = 4;

/** The same for people: each finding once, with the places where it is. */
export function validateText(result: ValidateResult): string {
	const count = (severity: Finding["severity"]) => {
		const n = result.findings.filter((finding) => finding.severity === severity).length;
		return `${n} ${severity}${n === 1 ? "" : "s"}`;
	};
	const version = result.version ? `OME-NGFF ${result.version}` : "no OME-NGFF";
	const summary = result.findings.length === 0 ? "" : ` (${count("error")}, ${count("warning")})`;
	const lines = [`${result.path}: ${version}, ${result.valid ? "valid" : "not valid"}${summary}`];
	for (const severity of ["error", "warning"] as const) {
		for (const group of grouped(result.findings.filter((finding) => finding.severity === severity))) {
			lines.push(...findingLines(group));
		}
	}
	return lines.join("\n");
}

/** Findings of one rule that say the same, in the order in which they were met. */
function grouped(findings: readonly Finding[]): Finding[][] {
	const groups = new Map<string, Finding[]>();
	for (const finding of findings) {
		const key = [finding.rule, finding.message, finding.remedy].join("\n");
		const group = groups.get(key);
		if (group) group.push(finding);
		else groups.set(key, [finding]);
	}
	return [...groups.values()];
}

function findingLines(group: readonly Finding[]): string[] {
	const [{ severity, rule, message, remedy, section }] = group;
	const places = group
		.slice(0, shownPlaces)
		.map(({ path, pointer }) => `${path ? `${path} ` : ""}${pointer || "/"}`);
	const more = group.length - places.length;
	return [
		"",
		`  ${severity}  ${message}`,
		...places.map((place, i) => `    ${i === 0 ? "at " : "   "}${place}`),
		...(more > 0 ? [`       and ${more} more`] : []),
		`    ${remedy}`,
		`    ${rule}: ${section.title}, ${section.url}`,
	];
}
