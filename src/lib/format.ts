/** How the library writes sizes and numbers for people. */

const binaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/**
 * A size in binary units with two decimals, as Dask writes it: `18.93 MiB`, `36.56 KiB`. Below 1 KiB the
 * bytes are counted: `512 B`.
 */
export function formatBytes(bytes: number): string {
	if (!Number.isFinite(bytes)) return String(bytes);
	let value = bytes;
	let unit = 0;
	// 1023.995 would print as 1024.00: go on to the next unit instead.
	while (Math.abs(value) >= 1023.995 && unit < binaryUnits.length - 1) {
		value /= 1024;
		unit++;
	}
	return unit === 0 ? `${bytes} B` : `${value.toFixed(2)} ${binaryUnits[unit]}`;
}

/** A count with narrow spaces between thousands, at which no line breaks: `9 927 324`. */
export function formatCount(value: number | bigint): string {
	return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** A number as numpy prints a float64 scalar, at most six significant digits: `0.0`, `127.0`, `1.5`, `0.333333`. */
export function formatFloat(value: number): string {
	if (Number.isNaN(value)) return "nan";
	if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
	const magnitude = Math.abs(value);
	if (value !== 0 && (magnitude >= 1e7 || magnitude < 1e-4)) {
		return value.toExponential(5).replace(/\.?0+e/, "e");
	}
	const text = magnitude >= 1e6 ? value.toFixed(0) : String(Number(value.toPrecision(6)));
	return /[.e]/.test(text) ? text : `${text}.0`;
}

/** An element of an array: integers whole, floats as {@link formatFloat}. */
export function formatElement(value: number | bigint, float: boolean): string {
	return typeof value === "bigint" || !float ? String(value) : formatFloat(value);
}

/**
 * The first and last elements of a sequence, as numpy and xarray shorten one: `95 96 84 … 89 93 97`.
 * Whole where it has at most `front + back` elements.
 */
export function summarize(
	length: number,
	at: (index: number) => number | bigint,
	float: boolean,
	front = 3,
	back = 3,
): string {
	const text = (index: number) => formatElement(at(index), float);
	const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => text(from + i));
	if (length <= front + back) return range(0, length).join(" ");
	return [...range(0, front), "…", ...range(length - back, length)].join(" ");
}

/**
 * The corners of an n-dimensional C-order array, row by row in nested brackets as numpy prints a long one: three
 * elements at both ends of a row, the first and last index of every other axis.
 */
export function formatCorners(
	shape: readonly number[],
	at: (index: number) => number | bigint,
	float: boolean,
): string {
	if (shape.length === 0) return formatElement(at(0), float);
	const lines = (axis: number, offset: number): string[] => {
		const size = shape[axis];
		if (axis === shape.length - 1) return [`[${summarize(size, (i) => at(offset + i), float)}]`];
		const step = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
		const shown = size <= 2 ? Array.from({ length: size }, (_, i) => i) : [0, size - 1];
		const blocks = shown.map((index) => lines(axis + 1, offset + index * step));
		const inside = blocks.flatMap((block, i) => (i > 0 && size > 2 ? ["…", ...block] : block));
		if (inside.length === 0) return ["[]"];
		// A bracket opens on the first line and closes on the last; the lines between are moved in by its width.
		return inside.map((line, i) => `${i === 0 ? "[" : " "}${line}${i === inside.length - 1 ? "]" : ""}`);
	};
	return lines(0, 0).join("\n");
}

/** Durations as a reader wants them: `0.4 ms`, `43 ms`, `1.2 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
	if (milliseconds > 0 && milliseconds < 0.95) return `${Number(milliseconds.toPrecision(1))} ms`;
	if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
	const seconds = milliseconds / 1000;
	if (seconds < 60) return `${seconds.toFixed(1)} s`;
	const whole = Math.round(seconds);
	return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
