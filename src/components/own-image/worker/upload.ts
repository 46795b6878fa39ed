/** Putting the result into a bucket, and why a browser could not. */
import { ChunkwiseError, isChunkwiseError } from "../../../lib/errors.ts";
import { formatCount } from "../../../lib/format.ts";
import { type S3Store, s3Store } from "../../../lib/stores/s3.ts";
import type { S3Location } from "../../../lib/stores/s3-address.ts";
import type { ReadableStore } from "../../../lib/stores/store.ts";
import type { BucketRequest, CopyProgress, KeptConversion } from "../messages.ts";
import { folderName } from "./places.ts";
import { copy, type Running } from "./saving.ts";

/** Keys that were put into which place, so that a broken line costs only what was on it. */
const uploaded = new Map<string, Set<string>>();

/**
 * @throws ChunkwiseError s3-keys, s3-insecure, out-exists, s3-denied, s3-no-bucket, http-unreachable with what CORS is,
 *   and as copyStore
 */
export async function upload(
	store: ReadableStore,
	kept: KeptConversion,
	request: BucketRequest,
	running: Running,
): Promise<CopyProgress & { address: string }> {
	const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey, sessionToken } = request;
	checkKeys(request);
	checkSecure(endpoint);
	const credentials = accessKeyId
		? { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
		: undefined;
	const path = [prefix.replace(/^\/+|\/+$/g, ""), folderName(kept.name)].filter(Boolean).join("/");
	const location = {
		bucket,
		prefix: path,
		...(endpoint ? { endpoint } : {}),
		...(region ? { region } : {}),
		credentials,
	};
	const target = storeAt(location);
	const base = endpoint ? endpoint.replace(/\/+$/, "") : `https://s3.${region || "us-east-1"}.amazonaws.com`;
	const address = `${base}/${bucket}/${path}`;
	const id = `${address} ${kept.id}`;
	const done = uploaded.get(id) ?? new Set<string>();
	let read = false;
	try {
		if (done.size === 0) {
			const key = kept.choice.format === "ome-zarr-0.5" ? "/zarr.json" : "/.zgroup";
			const there = await target.get(key, { signal: running.signal });
			read = true;
			if (there) {
				throw new ChunkwiseError("out-exists", `There is an image at ${address} already.`, {
					remedy: "Choose another prefix, or remove that one first. Nothing was written.",
				});
			}
		}
		uploaded.set(id, done);
		const report = await copy(store, target, running, done);
		uploaded.delete(id);
		return { ...report, address };
	} catch (error) {
		if (!isChunkwiseError(error) || error.code !== "http-unreachable") throw error;
		const { message, remedy } = await whyUnseen(base, read, done.size);
		throw new ChunkwiseError("http-unreachable", message, { remedy, cause: error });
	}
}

function storeAt(location: S3Location): S3Store {
	try {
		// In one piece, a shard of 32 MiB too: parts would need POST, DELETE and ETag in the bucket's CORS rule.
		return s3Store(location, { multipartAbove: Number.POSITIVE_INFINITY });
	} catch (cause) {
		if (!isChunkwiseError(cause) || cause.code !== "bad-address") throw cause;
		throw new ChunkwiseError(
			"bad-address",
			`“${location.bucket}” cannot be a bucket’s name, or the endpoint is no address.`,
			{
				remedy: "A name has 3 to 63 letters, digits, dots and hyphens. An endpoint begins with https://.",
				cause,
			},
		);
	}
}

/** A key without its secret signs nothing, and what a service says to that a browser keeps to itself. */
function checkKeys({ accessKeyId, secretAccessKey, sessionToken }: BucketRequest): void {
	const [lacking] = [...(accessKeyId ? [] : ["access key"]), ...(secretAccessKey ? [] : ["secret key"])];
	if (!lacking || !(accessKeyId || secretAccessKey || sessionToken)) return;
	throw new ChunkwiseError("s3-keys", `The ${lacking} is missing.`, {
		remedy: "Give both keys; or neither, where anyone may write to the bucket.",
	});
}

/** Browsers let a page that came by https send by https alone, this computer excepted. */
function checkSecure(endpoint: string): void {
	if (!endpoint || globalThis.location?.protocol !== "https:") return;
	const { protocol, hostname } = new URL(endpoint);
	if (protocol === "https:" || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return;
	throw new ChunkwiseError(
		"s3-insecure",
		`Browsers do not let this page send to ${endpoint}: it is no https address.`,
		{
			remedy:
				"Give the service’s https address. Without one, save a folder and copy it with the service’s own tool.",
		},
	);
}

/**
 * A browser tells a page nothing of an answer that the page may not see, not even that there was one. What can be found
 * out: whether the host answers at all, and what went well before.
 */
async function whyUnseen(
	base: string,
	read: boolean,
	done: number,
): Promise<{ message: string; remedy: string }> {
	if (done > 0) {
		return {
			message: `The connection to ${base} broke off after ${formatCount(done)} objects.`,
			remedy: "They are kept: press the button again to go on.",
		};
	}
	const answers = await fetch(base, {
		mode: "no-cors",
		cache: "no-store",
		signal: AbortSignal.timeout(10_000),
	})
		.then(() => true)
		.catch(() => false);
	if (!answers) {
		return {
			message: `Nothing answers at ${base}.`,
			remedy:
				"Check the endpoint and the network. Open the address in a tab of its own: there the browser says what is wrong, a certificate that it does not trust for example.",
		};
	}
	const rule = `a CORS rule that allows the origin ${globalThis.location?.origin ?? "of this site"}, the methods GET, HEAD and PUT, and all headers (AllowedHeaders “*”)`;
	const without = "Without such a rule, save a folder and copy it with the service’s own tool.";
	if (read) {
		return {
			message: `The bucket lets this page read and not write: its CORS rule does not allow PUT.`,
			remedy: `Give the bucket ${rule}. ${without}`,
		};
	}
	return {
		message: `${base} answers, and the browser does not let this page see the answer. Either the bucket does not allow pages of other sites to write to it (CORS), or the service refuses the bucket’s name, the keys or the region in an answer that it lets no page see.`,
		remedy: `Check bucket, keys and region first. Then give the bucket ${rule}. ${without}`,
	};
}
