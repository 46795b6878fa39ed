/** The bin diagram in words: how a translation comes about, and the figure's twin. */
import { formatCount } from "../format.ts";
import {
	type BinDiagramProps,
	type BinLevel,
	type BinSetting,
	binLevels,
	binSetting,
} from "./bin-diagram.ts";
import { counted, type TextTwin } from "./figure.ts";

/** A position or a distance: `1.5`, `0.325`, no more than six digits. */
export function formatPlace(value: number): string {
	return String(Number(value.toPrecision(6)));
}

function withUnit(value: number, unit: string): string {
	return unit === "" ? formatPlace(value) : `${formatPlace(value)} ${unit}`;
}

/** How a level's first position follows from the level before: `0 + 1 × (1 + 0.5) = 1.5`. */
export function startFormula(before: BinLevel, level: BinLevel, unit = ""): string {
	const { droppedAtStart, middle, start } = level;
	return (
		`${formatPlace(before.start)} + ${formatPlace(before.spacing)} × ` +
		`(${droppedAtStart} + ${formatPlace(middle)}) = ${withUnit(start, unit)}`
	);
}

/** Which elements no bin holds: `1 at the start`, `none`. */
export function droppedWords({ droppedAtStart, droppedAtEnd }: BinLevel): string {
	if (droppedAtStart > 0) return `${formatCount(droppedAtStart)} at the start`;
	return droppedAtEnd > 0 ? `${formatCount(droppedAtEnd)} at the end` : "none";
}

/** What the figure shows, in a sentence for each level. */
export function describeBins(setting: BinSetting): string {
	const levels = binLevels(setting);
	const coarse = levels.slice(1).map((level, i) => {
		const dropped = level.droppedAtStart + level.droppedAtEnd;
		const where = level.droppedAtStart > 0 ? "start" : "end";
		const why = dropped === 0 ? "nothing is dropped" : `${dropped} dropped at the ${where}`;
		return (
			`scale${level.level} starts at ${withUnit(level.start, setting.unit)} ` +
			`(${why}; ${levels[i].length} in bins of ${level.factor} make ${level.length})`
		);
	});
	return `${setting.name}, ${counted(setting.length, "element")}, ${setting.method}: ${coarse.join(", ")}.`;
}

/** The levels of the axis as a table. */
export function binTwin(props: BinDiagramProps, setting: BinSetting = binSetting(props)): TextTwin {
	const levels = binLevels(setting);
	return {
		summary:
			"Each bin of a level becomes one element of the next. Its place is the middle of the bin, and elements that fill no bin " +
			"are dropped: at the start of the axis by the mean of this course, at its end by the others. " +
			"Both move the first element; the translation in the metadata says where it is.",
		status: describeBins(setting),
		caption: "Where the levels of the axis begin",
		columns: [
			{ name: "Level" },
			{ name: "Elements", align: "right" },
			{ name: "Bin", align: "right" },
			{ name: "Dropped" },
			{ name: "Spacing", align: "right" },
			{ name: "First element at", align: "right" },
			{ name: "Because" },
		],
		rows: levels.map((level, i) => [
			`scale${level.level}`,
			formatCount(level.length),
			i === 0 ? "" : String(level.factor),
			i === 0 ? "" : droppedWords(level),
			withUnit(level.spacing, setting.unit),
			withUnit(level.start, setting.unit),
			i === 0 ? "" : startFormula(levels[i - 1], level, setting.unit),
		]),
	};
}
