/** The colours of a blue nuclear stain under the microscope: from the dark of the room to white. */

export const stain: readonly string[] = [
	"#05070b",
	"#081233",
	"#112a78",
	"#2458cf",
	"#5b93ff",
	"#b9d4ff",
	"#ffffff",
];

/**
 * 256 colours as RGBA bytes, along a uniform cubic B-spline through red, green and blue: what d3-interpolate's
 * `interpolateRgbBasis` gives, which alone would be a fifth of the landing page's script.
 */
export function lookup(): Uint8ClampedArray {
	const points = stain.map((color) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)));
	const table = new Uint8ClampedArray(256 * 4);
	for (let i = 0; i < 256; i++) {
		const at = (i / 255) * (points.length - 1);
		const from = Math.min(points.length - 2, Math.floor(at));
		for (let part = 0; part < 3; part++) {
			table[4 * i + part] = spline(
				points.map((point) => point[part]),
				from,
				at - from,
			);
		}
		table[4 * i + 3] = 255;
	}
	return table;
}

/** The curve between two points, 0 ≤ t ≤ 1; beyond the ends the points are mirrored, so that it reaches them. */
function spline(values: readonly number[], from: number, t: number): number {
	const [b, c] = [values[from], values[from + 1]];
	const a = values[from - 1] ?? 2 * b - c;
	const d = values[from + 2] ?? 2 * c - b;
	const [t2, t3] = [t * t, t * t * t];
	return (
		((1 - 3 * t + 3 * t2 - t3) * a + (4 - 6 * t2 + 3 * t3) * b + (1 + 3 * t + 3 * t2 - 3 * t3) * c + t3 * d) /
		6
	);
}
