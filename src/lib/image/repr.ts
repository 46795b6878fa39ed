/** A spatial image in the words of xarray: header, corner values, coordinates, attributes. */
import type { ReprDisplay } from "../display.ts";
import { formatCorners, formatFloat, summarize } from "../format.ts";
import type { SpatialImage } from "./spatial-image.ts";

/** Text longer than this is cut in an attribute's row. */
const attributeWidth = 78;

export function describeSpatialImage(image: SpatialImage): ReprDisplay {
	const extent = image.dims.map((dim, axis) => `${dim}: ${image.shape[axis]}`).join(", ");
	const title = `<SpatialImage '${image.name}'${extent ? ` (${extent})` : ""}> ${image.dtype}`;
	const values = formatCorners(image.shape, (i) => image.data[i], image.dtype.startsWith("float"));
	const coordinates = [
		...image.dims.map((dim, axis) => [
			`* ${dim}`,
			`(${dim})`,
			"float64",
			summarize(image.shape[axis], (i) => image.translation[dim] + i * image.scale[dim], true, 3, 2),
			image.units[dim] ?? "",
		]),
		...Object.entries(image.fixed).map(([dim, at]) => [
			`  ${dim}`,
			"",
			"float64",
			formatFloat(at),
			image.units[dim] ?? "",
		]),
	];
	const attributes = Object.entries(image.attrs).map(([key, value]) => [key, attributeText(value)]);
	const sections = [
		{ title: "Coordinates", rows: coordinates, open: true },
		{ title: "Attributes", rows: attributes, open: attributes.length > 0 && attributes.length <= 8 },
	];
	return { kind: "repr", title, values, sections, text: wholeText(title, values, sections) };
}

function wholeText(title: string, values: string, sections: ReprDisplay["sections"]): string {
	const lines = [title, values];
	for (const section of sections) {
		if (section.rows.length === 0) continue;
		lines.push(`${section.title}:`);
		const widths = section.rows[0].map((_, column) =>
			Math.max(...section.rows.map((row) => row[column].length)),
		);
		for (const row of section.rows) {
			lines.push(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join("  ")}`.trimEnd());
		}
	}
	return lines.join("\n");
}

function attributeText(value: unknown): string {
	const text =
		typeof value === "string"
			? value
			: (JSON.stringify(value, (_, v) => (typeof v === "bigint" ? Number(v) : v)) ?? String(value));
	const line = text.replace(/\s+/g, " ").trim();
	return line.length > attributeWidth ? `${line.slice(0, attributeWidth - 1)}…` : line;
}
