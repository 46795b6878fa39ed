/** Which call of the API a request is. */
import {
	deleteObjects,
	getLocation,
	getSimulation,
	getVersioning,
	putSimulation,
	putVersioning,
} from "./bucket-calls.ts";
import type { Answer, Call } from "./call.ts";
import { BucketError, methodNotAllowed } from "./errors.ts";
import { listObjectsV1, listObjectsV2 } from "./list-objects.ts";
import { listVersions } from "./list-versions.ts";
import { copy, put, read, remove } from "./object-calls.ts";
import {
	abortUpload,
	completeUpload,
	createUpload,
	listParts,
	listUploads,
	uploadPart,
} from "./upload-calls.ts";

/** Parts of the S3 API that are told apart by a query parameter and are not here. */
const absent = (
	"acl accelerate analytics attributes cors encryption intelligent-tiering inventory legal-hold lifecycle logging " +
	"metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock replication requestPayment " +
	"restore retention select tagging torrent website"
).split(" ");

/** Whether a request is about the bucket's weather, and stands above it. */
export function isAboutWeather(key: string, query: URLSearchParams): boolean {
	return key === "" && query.has("simulation");
}

export async function respond(call: Call): Promise<Answer> {
	const { request, key, query, objects } = call;
	const part = absent.find((name) => query.has(name));
	if (part !== undefined) {
		throw new BucketError("NotImplemented", `This bucket has no part of the S3 API called "${part}".`);
	}
	const { method } = request;
	const reads = method === "GET" || method === "HEAD";
	if (key === "") return aboutBucket(call);
	if (!reads && !objects.writable) throw methodNotAllowed(method);
	const isUpload = query.has("uploadId");
	if (reads) return isUpload && method === "GET" ? listParts(call) : aboutObject(call);
	if (method === "DELETE") return isUpload ? abortUpload(call) : remove(call);
	if (method === "POST") {
		if (query.has("uploads")) return createUpload(call);
		if (isUpload) return completeUpload(call);
	}
	if (method !== "PUT") throw methodNotAllowed(method);
	if (isUpload) return uploadPart(call);
	return request.headers.has("x-amz-copy-source") ? copy(call) : put(call);
}

async function aboutObject(call: Call): Promise<Answer> {
	if (call.query.has("partNumber")) {
		throw new BucketError(
			"NotImplemented",
			"A part of an object is not read by its number: ask for a range.",
		);
	}
	return read(call);
}

async function aboutBucket(call: Call): Promise<Answer> {
	const { request, query, objects } = call;
	const has = (name: string) => query.has(name);
	switch (request.method) {
		case "HEAD":
			return { status: 200 };
		case "GET":
			if (has("simulation")) return getSimulation(call);
			if (has("versioning")) return getVersioning(call);
			if (has("location")) return getLocation();
			if (has("uploads")) return listUploads(call);
			if (has("versions")) return listVersions(call);
			return query.get("list-type") === "2" ? listObjectsV2(call) : listObjectsV1(call);
		case "PUT":
			if (has("simulation")) return putSimulation(call);
			if (has("versioning")) {
				if (!objects.writable) throw methodNotAllowed("PUT");
				return putVersioning(call);
			}
			throw new BucketError(
				"BucketAlreadyOwnedByYou",
				"The bucket that you tried to create already exists, and you own it.",
			);
		case "POST":
			if (has("delete") && objects.writable) return deleteObjects(call);
	}
	throw methodNotAllowed(request.method);
}
