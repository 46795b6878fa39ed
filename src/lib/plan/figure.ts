/** What every figure of the course has: a display model, and a twin in words. */
import { type Displayable, displaySymbol, type FigureDisplay } from "../display.ts";
import { formatCount } from "../format.ts";

/** The figure said in words and a table. */
export interface TextTwin {
	/** What is shown, whatever the reader chooses. */
	summary: string;
	/** What is chosen now. */
	status: string;
	caption: string;
	columns: { name: string; align?: "left" | "right" }[];
	rows: string[][];
}

/** A figure that a cell can end with or pass to `display`. The symbol does not cross to the page; the data does. */
export function figure(name: string, props: object): FigureDisplay & Displayable {
	const model: FigureDisplay = { kind: "figure", figure: name, props: props as Record<string, unknown> };
	return Object.defineProperty(model, displaySymbol, { value: () => ({ ...model }) }) as FigureDisplay &
		Displayable;
}

/** A count with its noun: `1 chunk`, `72 chunks`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
	return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** `81.8×`, `1×`: how many times as much. */
export function formatFactor(factor: number): string {
	return `${factor >= 100 ? formatCount(Math.round(factor)) : Number(factor.toPrecision(3))}×`;
}

/** A share of a whole: `48 %`, and near either end with a decimal (`99.7 %`), so that almost all is not all. */
export function formatShare(part: number, whole: number): string {
	if (whole === 0) return "0 %";
	const percent = (100 * part) / whole;
	const near = (percent > 99 && percent < 100) || (percent > 0 && percent < 1);
	return `${near ? Math.min(99.9, Math.max(0.1, percent)).toFixed(1) : Math.round(percent)} %`;
}
