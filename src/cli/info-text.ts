/** What `chunkwise info` found, for people. */
import { formatBytes } from "../lib/format.ts";
import type { Channel } from "../lib/ngff/channels.ts";
import type { PlateInfo } from "../lib/ngff/info.ts";
import { product } from "../lib/types.ts";
import type { ImageResult, InfoResult, LevelResult } from "./info-result.ts";
import { textTable } from "./output.ts";

export function infoText(result: InfoResult): string {
	const formats = { "ome-zarr": "OME-Zarr", zarr: "Zarr", n5: "N5", tiff: "TIFF" };
	const version = [result.version, result.zarrFormat ? `Zarr format ${result.zarrFormat}` : ""].filter(
		Boolean,
	);
	const format = result.version === null && result.zarrFormat !== null ? "" : formats[result.format];
	const lines = [`${result.path}: ${format} ${version.join(", ")}`.replace(":  ", ": ").trimEnd()];
	if (result.plate) {
		const { name, rows, columns, wells, fieldsShown, acquisitions } = plateText(result.plate, result.images);
		lines.push(`  plate${name}  ${rows} rows × ${columns} columns, ${wells}, ${fieldsShown}${acquisitions}`);
	}
	if (result.scene) {
		const { coordinateSystems, transformations } = result.scene;
		if (coordinateSystems.length > 0)
			lines.push(`  scene in the coordinate systems ${coordinateSystems.join(", ")}`);
		for (const { type, input, output } of transformations)
			lines.push(`    ${type} from ${input} to ${output}`);
	}
	for (const found of result.images) {
		const axes = found.axes.map(({ name, unit }) => (unit ? `${name} (${unit})` : name)).join(", ");
		const called = /^series\//.test(found.path) ? ` ${found.name}` : "";
		lines.push(`  image ${found.path || found.name || "/"}${called}${axes ? `  axes ${axes}` : ""}`);
		const rows = found.levels.map((level) => [
			level.path || "/",
			level.shape.join(" × ") || "scalar",
			level.dtype ?? "?",
			level.chunks?.join(" × ") ?? "?",
			level.shards?.join(" × ") ?? "-",
			level.chunkCount === null ? "?" : String(level.chunkCount),
			level.codecs.map((codec) => codec.name).join(" → ") || "none",
			level.scale?.map(short).join(", ") ?? "-",
			level.translation?.map(short).join(", ") ?? "-",
		]);
		const head = ["path", "shape", "type", "chunks", "shards", "count", "codecs", "scale", "translation"];
		if (rows.length > 0) lines.push(...textTable([head, ...rows], [5]).map((line) => `    ${line}`));
		if (found.problem) lines.push(`    ! ${found.problem.message}`);
		if (found.otherFiles && !found.problem) {
			const files = found.otherFiles.slice(0, 5).join(", ");
			const more = found.otherFiles.length > 5 ? `, and ${found.otherFiles.length - 5} more` : "";
			lines.push(`    ! this file holds a part of the image; the rest is in ${files}${more}`);
		}
		if (found.layoutProblem) lines.push(`    ! ${found.layoutProblem}`);
		lines.push(...smallerText(found));
		for (const { path, problem } of found.levels) {
			if (problem) lines.push(`    ! ${found.levels.length > 1 ? `${path}: ` : ""}${problem.message}`);
		}
		if (found.channels && found.channels.length > 0) {
			lines.push(`    channels ${found.channels.map(channelText).join(", ")}`);
		}
		if (found.otherSystems && found.otherSystems.length > 0) {
			lines.push(`    also in the coordinate systems ${found.otherSystems.join(", ")}`);
		}
		for (const level of found.levels.slice(0, 1)) {
			const size = bytesOf(level);
			if (size !== undefined) lines.push(`    ${formatBytes(size)} at full resolution`);
		}
	}
	if (result.pages) {
		const { count, read, basis } = result.pages;
		const by = basis === "distance between directories" ? `the ${basis}` : basis;
		lines.push(`  ${count} pages by ${by}; ${read} were looked at`);
	}
	if (result.strayPages) {
		const { length } = result.strayPages;
		const some = result.strayPages.slice(0, 8).join(", ");
		lines.push(
			`  in none of the images: ${length === 1 ? "page" : "pages"} ${some}${length > 8 ? ", …" : ""}`,
		);
	}
	if (result.labels.length > 0) lines.push(`  labels ${result.labels.join(", ")}`);
	lines.push(
		`  found out with ${result.requests} ${result.requests === 1 ? "request" : "requests"}, ${formatBytes(result.bytes)}`,
	);
	return lines.join("\n");
}

function smallerText({ path, levels, smallerCopies = 0, smallerPages }: ImageResult): string[] {
	if (smallerCopies === 0) return [];
	const copies = smallerCopies === 1 ? "1 smaller copy" : `${smallerCopies} smaller copies`;
	const below = path === "" ? "the first page" : "the page";
	if (!smallerPages) return [`    ${copies} below ${below} (SubIFDs), named as #${path || "page/0"}/sub/0`];
	// Those that are levels of the image are shown with it.
	const shown = new Set(
		levels.slice(1).map(({ shape }) => shape.slice(-smallerPages[0]?.shape.length).join()),
	);
	const others = smallerPages.filter(({ shape }) => !shown.has(shape.join()));
	if (others.length === 0) return [];
	const rows = others.map((page) => [
		`#${page.path}`,
		page.shape.join(" × "),
		page.dtype ?? "?",
		page.chunks?.join(" × ") ?? "?",
		page.codecs.map((codec) => codec.name).join(" → ") || "none",
		page.problem ? `! ${page.problem.message}` : "",
	]);
	return [
		`    ${copies} below ${below} (SubIFDs)`,
		...textTable([["path", "shape", "type", "chunks", "codecs", ""], ...rows], []).map(
			(line) => `      ${line}`,
		),
	];
}

function channelText({ label, color }: Channel, index: number): string {
	return `${label || index}${color ? ` (#${color.replace(/^#/, "")})` : ""}`;
}

function plateText(plate: PlateInfo, images: readonly ImageResult[]) {
	const { name, rows, columns, wells, acquisitions } = plate;
	const many = (n: number, one: string) => `${n} ${one}${n === 1 ? "" : "s"}`;
	return {
		name: name ? ` ${name}` : "",
		rows: rows.length,
		columns: columns.length,
		wells: many(wells.length, "well"),
		fieldsShown: many(images.length, "field"),
		acquisitions: acquisitions > 0 ? `, ${many(acquisitions, "acquisition")}` : "",
	};
}

function bytesOf(level: LevelResult): number | undefined {
	const bits =
		level.dtype === "bool" ? 8 : Number(/^(?:u?int|float|complex)(\d+)$/.exec(level.dtype ?? "")?.[1]);
	return Number.isNaN(bits) ? undefined : (product(level.shape) * bits) / 8;
}

function short(value: number): string {
	return String(Number(value.toPrecision(6)));
}
