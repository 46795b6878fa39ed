/** Addresses of objects in buckets, with what the environment says of the service, as Amazon's own tools read it. */
import type { ByteSource } from "../lib/bytes.ts";
import { httpSource } from "../lib/bytes-http.ts";
import { ChunkwiseError } from "../lib/errors.ts";
import {
	objectUrl,
	parseS3Url,
	type S3Credentials,
	type S3Location,
	s3Address,
} from "../lib/stores/s3-address.ts";
import type { Web } from "./web.ts";

type Environment = Record<string, string | undefined>;

/** `s3://`, `gs://`, and `s3+https://HOST/BUCKET/KEY` for any other service. */
export function isS3Url(url: string): boolean {
	return /^(s3|gs|s3\+https?):\/\//.test(url);
}

/**
 * `s3://bucket/path` with AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, AWS_REGION or AWS_DEFAULT_REGION, and AWS_ACCESS_KEY_ID
 * with AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. AWS_NO_SIGN_REQUEST=yes leaves the credentials out. An address that
 * names its service itself is signed only where the environment's endpoint is the same service: keys are not shown to
 * others.
 * @throws ChunkwiseError bad-address
 */
export function environmentS3(url: string, environment: Environment = process.env): S3Location {
	const location = parseS3Url(url);
	const ours = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || undefined;
	const isOurs = location.endpoint === undefined || originOf(location.endpoint) === originOf(ours);
	return {
		...location,
		endpoint: location.endpoint ?? ours,
		region: location.region ?? (environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined),
		credentials: isOurs ? credentialsOf(environment) : undefined,
	};
}

function originOf(address: string | undefined): string | undefined {
	return address !== undefined && URL.canParse(address) ? new URL(address).origin : undefined;
}

function credentialsOf(environment: Environment): S3Credentials | undefined {
	const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_NO_SIGN_REQUEST } = environment;
	if (/^(yes|true|1)$/i.test(AWS_NO_SIGN_REQUEST ?? "")) return undefined;
	if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
	return {
		accessKeyId: AWS_ACCESS_KEY_ID,
		secretAccessKey: AWS_SECRET_ACCESS_KEY,
		sessionToken: AWS_SESSION_TOKEN || undefined,
	};
}

/**
 * A single object (a zip, a TIFF) by ranges.
 * @throws ChunkwiseError as {@link httpSource}
 */
export async function s3Source(url: string, web: Web, fromEnd = false): Promise<ByteSource> {
	const { address, fetch } = await s3Object(url, web.fetch);
	return httpSource(address, { fetch, fromEnd });
}

/**
 * The address of an object, and a fetch that signs where there are credentials.
 * @throws ChunkwiseError bad-address
 */
export async function s3Object(
	url: string,
	fetcher: typeof fetch,
): Promise<{ address: string; fetch: typeof fetch }> {
	const { credentials, ...location } = environmentS3(url);
	const bucket = s3Address({ ...location, prefix: "" });
	const key = location.prefix?.replace(/^\/+/, "") ?? "";
	if (key === "") {
		throw new ChunkwiseError("bad-address", "This names a bucket and no object in it.", {
			where: url,
			remedy: "Name the object, too: s3://bucket/path/image.ozx.",
		});
	}
	return {
		address: objectUrl(bucket, `/${key}`),
		fetch: credentials ? await signing(fetcher, credentials, bucket.region) : fetcher,
	};
}

async function signing(fetcher: typeof fetch, credentials: S3Credentials, region: string) {
	const { AwsV4Signer } = await import("aws4fetch");
	const signed: typeof fetch = async (input, init) => {
		const signer = new AwsV4Signer({
			...credentials,
			method: init?.method ?? "GET",
			url: String(input),
			headers: new Headers(init?.headers),
			service: "s3",
			region,
		});
		const { headers } = await signer.sign();
		// A host header is the platform's to set.
		headers.delete("host");
		return fetcher(input, { ...init, headers });
	};
	return signed;
}
