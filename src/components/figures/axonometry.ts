/** Orthographic views of axis-aligned boxes. Axes are z (away from the viewer), y (down), x (to the right). */

export type Point3 = readonly [z: number, y: number, x: number];
export type Point2 = readonly [x: number, y: number];

/** Angles in degrees. 0, 0 looks along z: the flat drawing of a 2-D array. */
export interface View {
	/** Turn about the vertical axis; the right-hand side shows. */
	yaw: number;
	/** Look down; the top shows. */
	pitch: number;
}

export type Project = (z: number, y: number, x: number) => Point2;

/** The projection of a view: parallel, so that equal lengths along an axis stay equal. */
export function projection({ yaw, pitch }: View): Project {
	const rad = Math.PI / 180;
	const cosYaw = Math.cos(yaw * rad);
	const sinYaw = Math.sin(yaw * rad);
	const cosPitch = Math.cos(pitch * rad);
	const sinPitch = Math.sin(pitch * rad);
	return (z, y, x) => [x * cosYaw + z * sinYaw, y * cosPitch + (x * sinYaw - z * cosYaw) * sinPitch];
}

export function bounds(points: readonly Point2[]): { x: number; y: number; width: number; height: number } {
	let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const [x, y] of points) {
		left = Math.min(left, x);
		right = Math.max(right, x);
		top = Math.min(top, y);
		bottom = Math.max(bottom, y);
	}
	return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The eight corners of a box. */
export function corners(from: Point3, to: Point3): Point3[] {
	const list: Point3[] = [];
	for (const z of [from[0], to[0]]) {
		for (const y of [from[1], to[1]]) for (const x of [from[2], to[2]]) list.push([z, y, x]);
	}
	return list;
}

/** The three faces of a box that a view can show. */
export type FaceName = "front" | "top" | "side";

/** Two opposite corners of a face: it is the rectangle between them. */
export interface Face {
	name: FaceName;
	from: Point3;
	to: Point3;
}

/** A face of a box between `from` and `to`: front at low z, top at low y, side at high x. */
export function faceOf(name: FaceName, from: Point3, to: Point3): Face {
	if (name === "front") return { name, from, to: [from[0], to[1], to[2]] };
	if (name === "top") return { name, from, to: [to[0], from[1], to[2]] };
	return { name, from: [from[0], from[1], to[2]], to };
}

/** The corners of a face in order round it. */
export function faceCorners({ name, from: [z0, y0, x0], to: [z1, y1, x1] }: Face): Point3[] {
	if (name === "front")
		return [
			[z0, y0, x0],
			[z0, y0, x1],
			[z0, y1, x1],
			[z0, y1, x0],
		];
	if (name === "top")
		return [
			[z0, y0, x0],
			[z0, y0, x1],
			[z1, y0, x1],
			[z1, y0, x0],
		];
	return [
		[z0, y0, x1],
		[z0, y1, x1],
		[z1, y1, x1],
		[z1, y0, x1],
	];
}

/** The rectangles of a face that lie outside the box from the origin to `limit`. */
export function outsideParts(face: Face, limit: Point3): Face[] {
	const { name, from, to } = face;
	// The axis that the face is perpendicular to has one coordinate on it.
	const flat = name === "front" ? 0 : name === "top" ? 1 : 2;
	// A front or top face begins its box, a side face ends it: at the limit only the former is outside.
	const beyond = flat === 2 ? to[2] > limit[2] : from[flat] >= limit[flat];
	if (beyond) return [face];
	const parts: Face[] = [];
	let inner: Point3 = to;
	for (const axis of [0, 1, 2]) {
		if (axis === flat || inner[axis] <= limit[axis]) continue;
		const cut = Math.max(from[axis], limit[axis]);
		const low = [...from] as [number, number, number];
		low[axis] = cut;
		parts.push({ name, from: low, to: inner });
		const high = [...inner] as [number, number, number];
		high[axis] = cut;
		inner = high;
		if (cut === from[axis]) break;
	}
	return parts;
}

const round = (n: number) => Math.round(n * 10) / 10;

/** SVG path data of closed polygons. */
export function polygons(list: readonly (readonly Point2[])[]): string {
	return list.map((points) => `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}Z`).join("");
}

/** SVG path data of separate lines. */
export function segments(list: readonly (readonly [Point2, Point2])[]): string {
	return list.map(([a, b]) => `M${round(a[0])} ${round(a[1])}L${round(b[0])} ${round(b[1])}`).join("");
}
