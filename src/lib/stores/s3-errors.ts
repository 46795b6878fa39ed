/** What an S3 service refuses, in words that a reader can act on. */
import { ChunkwiseError } from "../errors.ts";
import { statusError } from "../http-answer.ts";
import { childText, parseXml } from "./s3-xml.ts";

export interface S3Failure {
	response: Response;
	status: number;
	/** As S3 names it ("NoSuchKey"); "" where the answer says nothing, as to HEAD. */
	code: string;
	message: string;
}

/** Of reading a key. Without the right to list, S3 says AccessDenied where there is nothing. */
export const absentCodes: ReadonlySet<string> = new Set(["NoSuchKey", "NoSuchVersion", "AccessDenied"]);

/** Reads what a refusal says. */
export async function errorOf(response: Response): Promise<S3Failure> {
	const text = await response.text().catch(() => "");
	const root = parseXml(text);
	const said = root?.name === "Error" ? root : undefined;
	return {
		response,
		status: response.status,
		code: (said && childText(said, "Code")) ?? "",
		message: (said && childText(said, "Message")) ?? "",
	};
}

export function s3Error(failure: S3Failure, where: string, signed: boolean): ChunkwiseError {
	const { code, message, response, status } = failure;
	const error = (ours: string, text: string, remedy: string) =>
		new ChunkwiseError(ours, message === "" ? text : `${text} The service says: ${message}`, {
			where,
			remedy,
		});
	if (status === 412 || code === "ConditionalRequestConflict") {
		return error(
			"precondition-failed",
			"The value was not written: it is not what the condition asks for.",
			"Read the value again, and decide anew.",
		);
	}
	if (code === "NoSuchBucket") {
		return error("s3-no-bucket", "There is no such bucket.", "Check the bucket's name and the endpoint.");
	}
	const region = response.headers.get("x-amz-bucket-region");
	if (code === "PermanentRedirect" || code === "AuthorizationHeaderMalformed" || status === 301) {
		return error(
			"s3-wrong-region",
			"The bucket is in another region.",
			region ? `Give { region: "${region}" }.` : "Give the bucket's region as { region }.",
		);
	}
	if (code === "NoSuchKey" || (status === 404 && code === "")) {
		return error("s3-absent", "There is nothing at this key.", "Check the key.");
	}
	if (status === 401 || status === 403) {
		return error(
			"s3-denied",
			"The service does not allow this.",
			signed
				? "Check the credentials, their rights to this bucket, the region, and this machine's clock."
				: "A public bucket can often be read and not listed or written: open a path that you know, or give credentials.",
		);
	}
	return code === ""
		? statusError(response, where)
		: error("s3-error", `The service refused: ${code}.`, "Check the request.");
}
