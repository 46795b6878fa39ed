/** Names beside points, so that none lies over another, over a point or beyond the edge. */

export interface LabelledPoint {
	x: number;
	y: number;
	/** What may stand beside it: the first that finds room, so the fullest first. */
	names: readonly string[];
}

export interface PlacedLabel {
	/** Of the point. */
	index: number;
	text: string;
	/** Centre of the text, from the point. */
	dx: number;
	dy: number;
}

interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

const letter = 6.2;
const line = 13;
/** From a point's centre to a label's edge. */
const apart = 7;

/** Labels in pixels within a frame; a point whose names find no room has none. */
export function placeLabels(points: readonly LabelledPoint[], frame: Box): PlacedLabel[] {
	const taken: Box[] = points.map(({ x, y }) => ({ left: x - 5, top: y - 5, right: x + 5, bottom: y + 5 }));
	const placed: PlacedLabel[] = [];
	points.forEach(({ x, y, names }, index) => {
		for (const text of names) {
			const width = text.length * letter;
			const far = apart + width / 2;
			const near = apart + line / 2;
			const places = [
				[far, 0],
				[-far, 0],
				[0, -near],
				[0, near],
				[far - apart, -near],
				[far - apart, near],
				[apart - far, -near],
				[apart - far, near],
				[far - apart, -near - line],
				[far - apart, near + line],
				[apart - far, -near - line],
				[apart - far, near + line],
			];
			for (const [dx, dy] of places) {
				const box = {
					left: x + dx - width / 2,
					top: y + dy - line / 2,
					right: x + dx + width / 2,
					bottom: y + dy + line / 2,
				};
				const inside =
					box.left >= frame.left &&
					box.right <= frame.right &&
					box.top >= frame.top &&
					box.bottom <= frame.bottom;
				if (!inside || taken.some((other, i) => i !== index && overlaps(box, other))) continue;
				taken.push(box);
				placed.push({ index, text, dx, dy });
				return;
			}
		}
	});
	return placed;
}

function overlaps(a: Box, b: Box): boolean {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
