/** The metadata explorer in words: what the metadata describes, whether it is right, and its levels as a table. */
import { counted, type TextTwin } from "./figure.ts";
import type { DescribedAxis, DescribedImage, DescribedLevel, NgffExploration } from "./ngff-explorer.ts";
import { formatSize } from "./ngff-fields.ts";

const symbols: Record<string, string> = {
	micrometer: "µm",
	nanometer: "nm",
	millimeter: "mm",
	second: "s",
	millisecond: "ms",
};

/** A unit as it is written beside a number: `µm`; "" where there is none. */
export function unitText(unit: string | undefined): string {
	return unit === undefined ? "" : (symbols[unit] ?? unit);
}

/** Whether the metadata is right, and the first thing that is not. */
export function describeFindings({ problem, validation }: NgffExploration): string {
	if (problem) return `${problem.message} ${problem.remedy}`;
	if (!validation) return "";
	const { findings, version } = validation;
	const by = version ? `OME-NGFF ${version}` : "OME-NGFF";
	if (findings.length === 0) return `Valid by ${by}: nothing was found.`;
	const errors = findings.filter(({ severity }) => severity === "error").length;
	const warnings = findings.length - errors;
	const parts = [
		errors > 0 ? counted(errors, "error") : "",
		warnings > 0 ? counted(warnings, "warning") : "",
	];
	const verdict = errors > 0 ? `Not valid by ${by}` : `Valid by ${by}, with something to mend`;
	const [first] = [...findings].sort(
		(a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"),
	);
	return `${verdict}: ${parts.filter(Boolean).join(", ")}. Line ${first.line + 1}: ${first.message} ${first.remedy}`;
}

function describeImage({ name, axes, levels, channels }: DescribedImage): string {
	const called = axes.map(
		({ name: axis, type, unit }) => `${axis} (${[type, unit].filter(Boolean).join(", ") || "not described"})`,
	);
	const shown = channels.map(
		({ label, color }, i) => `${label ?? `channel ${i}`}${color ? ` in #${color.replace(/^#/, "")}` : ""}`,
	);
	return (
		`${name ? `The image “${name}”` : "An image without a name"} has the axes ${called.join(", ")}, slowest first, ` +
		`at ${counted(levels.length, "scale level")}` +
		(shown.length > 0 ? `, and the channels ${shown.join(", ")}.` : ".")
	);
}

/** One number an axis, where it is known. */
export function alongAxes(values: readonly number[] | undefined, axes: readonly DescribedAxis[]): string {
	if (!values) return "not said";
	return axes
		.map(
			({ name, unit }, i) =>
				`${name} ${formatSize(values[i] ?? Number.NaN)}${unit ? ` ${unitText(unit)}` : ""}`,
		)
		.join(", ");
}

/** How far a level reaches along each axis: elements times their size. */
export function extentOf(level: DescribedLevel): number[] | undefined {
	const { scale, shape } = level;
	return scale && shape ? scale.map((step, i) => step * shape[i]) : undefined;
}

/** The metadata in words. */
export function explorerTwin(seen: NgffExploration): TextTwin {
	const { image } = seen;
	return {
		summary: image ? describeImage(image) : "There is no image in this text.",
		status: describeFindings(seen),
		caption:
			"Scale levels: the size of an element, the centre of the first one, and how far the level reaches",
		columns: [{ name: "Level" }, { name: "Element" }, { name: "First at" }, { name: "Reaches over" }],
		rows: (image?.levels ?? []).map((level) => [
			level.path || "(no path)",
			alongAxes(level.scale, image?.axes ?? []),
			alongAxes(level.translation, image?.axes ?? []),
			level.shape ? alongAxes(extentOf(level), image?.axes ?? []) : "the arrays tell",
		]),
	};
}
