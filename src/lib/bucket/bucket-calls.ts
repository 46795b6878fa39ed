/** Calls about a bucket as a whole that are no listings: DeleteObjects, its versioning, its location, its weather. */
import {
	type Answer,
	broughtBytes,
	broughtXml,
	type Call,
	childrenOf,
	childText,
	invalid,
	malformed,
	xmlType,
} from "./call.ts";
import { BucketError } from "./errors.ts";
import { removeOne } from "./object-calls.ts";
import { type Simulation, simulationFields } from "./simulate.ts";
import { element, xmlDocument } from "./xml-write.ts";

/** POST ?delete: up to a thousand keys, each answered by itself. */
export async function deleteObjects(call: Call): Promise<Answer> {
	const checked = [...call.request.headers.keys()].some(
		(name) => name === "content-md5" || /^x-amz-(sdk-)?checksum-/.test(name),
	);
	if (!checked) {
		throw new BucketError(
			"InvalidRequest",
			"Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
		);
	}
	const root = await broughtXml(call, "Delete");
	const wanted = childrenOf(root, "Object").map((object) => ({
		key: childText(object, "Key") ?? "",
		versionId: childText(object, "VersionId") || null,
	}));
	if (wanted.length === 0 || wanted.length > 1000 || wanted.some(({ key }) => key === "")) throw malformed();
	const quiet = childText(root, "Quiet")?.toLowerCase() === "true";
	const told: string[] = [];
	for (const { key, versionId } of wanted) {
		const named = [element("Key", key), ...(versionId === null ? [] : [element("VersionId", versionId)])];
		try {
			const removed = await call.objects.alone(key, () => removeOne(call, key, versionId));
			if (quiet) continue;
			const marker = removed.isMarker
				? [
						element("DeleteMarker", true),
						element("DeleteMarkerVersionId", versionId ?? removed.versionId ?? "null"),
					]
				: [];
			told.push(element("Deleted", [...named, ...marker]));
		} catch (error) {
			const code = error instanceof BucketError ? error.code : "InternalError";
			told.push(
				element("Error", [...named, element("Code", code), element("Message", (error as Error).message)]),
			);
		}
	}
	return { status: 200, headers: xmlType, body: xmlDocument(element("DeleteResult", told), true) };
}

export async function getVersioning({ settings }: Call): Promise<Answer> {
	const { versioning } = await settings.read();
	const status = versioning ? [element("Status", versioning)] : [];
	return {
		status: 200,
		headers: xmlType,
		body: xmlDocument(element("VersioningConfiguration", status), true),
	};
}

/** Once there are versions, they can be suspended and not switched off. */
export async function putVersioning(call: Call): Promise<Answer> {
	const root = await broughtXml(call, "VersioningConfiguration");
	const status = childText(root, "Status");
	if (status !== "Enabled" && status !== "Suspended") throw malformed();
	await call.settings.write({ versioning: status });
	return { status: 200 };
}

export function getLocation(): Answer {
	return { status: 200, headers: xmlType, body: xmlDocument(element("LocationConstraint", ""), true) };
}

/** Not of S3: the weather of this bucket as JSON, so that whoever can reach the bucket by URL can set it. */
export function getSimulation({ weather }: Call): Answer {
	return {
		status: 200,
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify(weather.simulation),
	};
}

/** @throws BucketError InvalidArgument */
export async function putSimulation(call: Call): Promise<Answer> {
	const text = new TextDecoder().decode(await broughtBytes(call));
	const simulation = parseSimulation(text);
	call.weather.set(simulation);
	await call.settings.write({ simulation });
	return { status: 200 };
}

function parseSimulation(text: string): Simulation {
	let given: unknown;
	try {
		given = JSON.parse(text);
	} catch {
		// Told below.
	}
	const fields: readonly string[] = simulationFields;
	const right =
		given !== null &&
		typeof given === "object" &&
		Object.entries(given).every(
			([name, value]) => fields.includes(name) && typeof value === "number" && value >= 0,
		);
	if (!right) {
		throw invalid(
			`The simulation is a JSON object of ${simulationFields.join(", ")}, each a number from 0 on`,
			"simulation",
			text.slice(0, 200),
		);
	}
	return given as Simulation;
}
