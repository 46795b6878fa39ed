/** What a call of `convert` came to, for people. */
import { formatBytes, formatDuration } from "../lib/format.ts";
import { isZipName } from "./convert-place.ts";
import type { ConvertResult } from "./convert-request.ts";

export function convertText(result: ConvertResult): string {
	const levels = result.levels.map(
		(level) =>
			`  ${level.path}  ${level.shape.join(" × ")} in ${level.chunkCount} ${level.chunkCount === 1 ? "chunk" : "chunks"} of ${level.chunks.join(" × ")}` +
			(level.shards ? `, shards of ${level.shards.join(" × ")}` : ""),
	);
	const { codec, bytes, stored } = result;
	const one = result.objects === 1;
	const things = isZipName(result.out) ? (one ? "entry" : "entries") : one ? "file" : "files";
	const files = `${result.objects} ${things}, ${formatDuration(result.milliseconds)}`;
	const sizes = codec
		? `${formatBytes(bytes)} stored in ${formatBytes(stored)} (${(bytes / stored).toFixed(2)} to 1, ${codec})`
		: `${formatBytes(stored)} of chunks copied as they are, metadata of ${result.format}`;
	const labels = result.labels.length > 0 ? [`  with the labels ${result.labels.join(", ")}`] : [];
	const resumed =
		result.resumed > 0
			? [`  ${result.resumed} of ${result.parts} parts were there from an interrupted call`]
			: [];
	const images = result.images ? [`  ${result.images.length} images`] : [];
	return [
		`${result.path} → ${result.out}`,
		...levels,
		...images,
		...labels,
		`  ${sizes}, ${files}`,
		...resumed,
	].join("\n");
}
