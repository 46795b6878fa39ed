/** `chunkwise info PATH…`: what it is, and what it took to find that out. */
import { isChunkwiseError } from "../lib/errors.ts";
import { type N5Info, n5Info } from "../lib/n5/info.ts";
import { type Info, info } from "../lib/ngff/info.ts";
import { countRequests } from "../lib/stores/observe.ts";
import { stoppable } from "../lib/stores/stoppable.ts";
import type { ReadableStore } from "../lib/stores/store.ts";
import { readableCodecs } from "../lib/zarr/codecs.ts";
import { unsupportedType, valueType } from "../lib/zarr/dtypes.ts";
import { sparingStore } from "../lib/zarr/sparing-store.ts";
import { type InfoResult, type LevelResult, statedAxes } from "./info-result.ts";
import { tiffInfo } from "./info-tiff.ts";
import { lenientStore, type Unsupported } from "./lenient-store.ts";
import { orN5 } from "./n5.ts";
import type { StoreTarget } from "./target.ts";
import { withTarget } from "./with-target.ts";

export async function infoOf(path: string, signal?: AbortSignal): Promise<InfoResult> {
	return withTarget(
		path,
		async (target) => {
			if (target.kind === "tiff") return tiffInfo(path, target, signal);
			const { store, counts } = counted(target);
			const found = await describe({ ...target, store: stoppable(store, signal) }, signal);
			return { path, ...found, ...counts() };
		},
		signal,
	);
}

const unsupportedCodes = new Set(["bad-metadata", "unsupported-dtype", "unknown-codec"]);

/** Arrays of a kind that is not read are told by their documents, with what is not supported. */
async function describe(target: StoreTarget, signal?: AbortSignal): Promise<Omit<InfoResult, "path">> {
	const look = (store: ReadableStore) =>
		orN5<Info | N5Info>(
			{ ...target, store },
			() => info(store, target.inner),
			() => n5Info(store, target.inner, { signal }),
		);
	try {
		return withProblems(await look(target.store), new Map());
	} catch (error) {
		if (!isChunkwiseError(error) || !unsupportedCodes.has(error.code)) throw error;
		const { store, unsupported } = lenientStore(target.store);
		const found = await look(store).catch(() => undefined);
		signal?.throwIfAborted();
		// What the documents say makes no sense at all.
		if (!found || unsupported.size === 0) throw error;
		return withProblems(found, unsupported);
	}
}

function withProblems(
	found: Info | N5Info,
	unsupported: ReadonlyMap<string, Unsupported>,
): Omit<InfoResult, "path"> {
	const images = found.images.map((image) => ({
		...image,
		axes: statedAxes(image.axes),
		levels: image.levels.map((level): LevelResult => {
			const known = unsupported.get(level.path);
			const dtype = known?.dtype ?? level.dtype;
			const problem = known
				? { code: known.code, message: known.messages.join(" ") }
				: problemOf({ ...level, dtype }, found.format);
			return {
				...level,
				dtype,
				...(known?.unequalChunks ? { chunks: null, chunkCount: null } : {}),
				...(problem ? { problem } : {}),
			};
		}),
	}));
	return { ...found, images };
}

const codecsOfN5 = ["raw", "gzip", "bzip2", "lz4", "xz", "blosc", "zstd"];

/** Why an array that can be opened cannot be read, where its metadata tell. */
function problemOf({ path, dtype, codecs }: LevelResult, format: string): LevelResult["problem"] {
	if (dtype !== null && valueType(dtype) === undefined) {
		const { code, message } = unsupportedType(dtype, path);
		return { code, message };
	}
	const readable = new Set(format === "n5" ? codecsOfN5 : readableCodecs());
	const unknown = codecs.find(
		({ name }) => !readable.has(name) && !readable.has(name.replace(/^numcodecs\./, "")),
	);
	return (
		unknown && {
			code: "unknown-codec",
			message: `The codec ${JSON.stringify(unknown.name)} is not known here.`,
		}
	);
}

/** What is far away is asked as little as possible, and every HTTP request counts; on a disk, what is read. */
function counted({ store, web }: StoreTarget) {
	if (!web) return countRequests(store);
	const counts = () => ({ requests: web.requests, bytes: web.bytes });
	return { store: sparingStore(store), counts };
}
