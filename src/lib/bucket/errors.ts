/** What a bucket refuses, named as Amazon S3 names it ("Error responses" of the S3 API reference). */
import { element, xmlDocument } from "./xml-write.ts";

const statuses = {
	AccessDenied: 403,
	BadDigest: 400,
	BucketAlreadyOwnedByYou: 409,
	BucketNotEmpty: 409,
	EntityTooSmall: 400,
	InternalError: 500,
	InvalidArgument: 400,
	InvalidBucketName: 400,
	InvalidPart: 400,
	InvalidPartOrder: 400,
	InvalidRange: 416,
	InvalidRequest: 400,
	KeyTooLongError: 400,
	MalformedXML: 400,
	MethodNotAllowed: 405,
	NoSuchBucket: 404,
	NoSuchKey: 404,
	NoSuchUpload: 404,
	NoSuchVersion: 404,
	NotImplemented: 501,
	PreconditionFailed: 412,
	SlowDown: 503,
} as const;

export type BucketErrorCode = keyof typeof statuses;

/** Ends a request with an answer that says why. */
export class BucketError extends Error {
	override readonly name = "BucketError";
	readonly code: BucketErrorCode;
	readonly status: number;
	/** Further elements of the answer's body, such as the key or the size. */
	readonly details: Record<string, string>;
	readonly headers: Record<string, string>;

	constructor(
		code: BucketErrorCode,
		message: string,
		details: Record<string, string> = {},
		headers: Record<string, string> = {},
	) {
		super(message);
		this.code = code;
		this.status = statuses[code];
		this.details = details;
		this.headers = headers;
	}

	/** The body of the answer. */
	document(resource: string, requestId: string): string {
		return xmlDocument(
			element("Error", [
				element("Code", this.code),
				element("Message", this.message),
				...Object.entries(this.details).map(([name, value]) => element(name, value)),
				element("Resource", resource),
				element("RequestId", requestId),
			]),
		);
	}
}

export function noSuchKey(key: string, headers: Record<string, string> = {}): BucketError {
	return new BucketError("NoSuchKey", "The specified key does not exist.", { Key: key }, headers);
}

export function noSuchBucket(name: string): BucketError {
	return new BucketError("NoSuchBucket", "The specified bucket does not exist", { BucketName: name });
}

export function methodNotAllowed(method: string): BucketError {
	return new BucketError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
		Method: method,
	});
}

export function preconditionFailed(condition: string): BucketError {
	return new BucketError(
		"PreconditionFailed",
		"At least one of the pre-conditions you specified did not hold",
		{ Condition: condition },
	);
}
