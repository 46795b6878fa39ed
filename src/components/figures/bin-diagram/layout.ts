/** Where the elements and bins of an axis are drawn: its beginning and its end, with a gap between where it is long. */
import type { BinLevel } from "../../../lib/plan/bin-diagram.ts";

/** Lengths are in elements of the image as drawn: one is one wide. */
export interface Strip {
	/** Elements of the axis. */
	length: number;
	/** Drawn from the start. */
	head: number;
	/** Drawn at the end; 0 where all are drawn. */
	tail: number;
	/** Width of the whole drawing. */
	width: number;
}

const gap = 1.6;
const tail = 5;
/** Axes up to this long are drawn whole. */
const whole = 24;
const leastHead = 16;

/** The strip shows the whole first bin of every level, and one bin more of the second. */
export function stripOf(levels: readonly BinLevel[]): Strip {
	const { length } = levels[0];
	const last = levels[levels.length - 1];
	const head = Math.max(leastHead, last.first + last.size + 1);
	if (length <= whole || length <= head + tail + 2) return { length, head: length, tail: 0, width: length };
	return { length, head, tail, width: head + gap + tail };
}

/** Where the border before an element of the image is drawn, in elements. */
export function placeOf(strip: Strip, border: number): number {
	const behind = strip.length - strip.tail;
	if (border <= strip.head) return border;
	if (border >= behind) return border - behind + strip.head + gap;
	return strip.head + (gap * (border - strip.head)) / (behind - strip.head);
}

/** Whether something is drawn of the elements from `start` up to, not including, `stop`. */
function isShown(strip: Strip, start: number, stop: number): boolean {
	return start < strip.head || stop > strip.length - strip.tail;
}

/** A box of a row: an element of the image, or a bin of a level. */
export interface Box {
	/** Its number in its level. */
	index: number;
	/** Where it is drawn. */
	from: number;
	to: number;
	/** Its ends lie in the gap. */
	openStart: boolean;
	openEnd: boolean;
	/** It fills no bin of the next level. */
	dropped: boolean;
	/** Where its value lies, as drawn; absent in the gap. */
	dot?: number;
	/** Position of its value on the axis. */
	place: number;
}

/** The boxes of a level that are drawn, in order. */
export function boxesOf(strip: Strip, levels: readonly BinLevel[], at: number): Box[] {
	const level = levels[at];
	const next = levels[at + 1];
	const [image] = levels;
	const behind = strip.length - strip.tail;
	const boxes: Box[] = [];
	// The last box of the head, and the first of the tail: between them nothing is drawn.
	const headStop = Math.ceil((strip.head - level.first) / level.size);
	const tailStart = Math.max(headStop, Math.floor((behind - level.first) / level.size));
	for (let index = 0; index < level.length; index++) {
		if (index === headStop) index = Math.min(level.length - 1, tailStart);
		const start = level.first + index * level.size;
		const stop = start + level.size;
		if (!isShown(strip, start, stop)) continue;
		const openStart = start > strip.head && start < behind;
		const openEnd = stop > strip.head && stop < behind;
		const place = level.start + index * level.spacing;
		const middle = (place - image.start) / image.spacing + 0.5;
		// A bin that reaches across the gap is drawn shorter than it is: its middle has no true place.
		const across = strip.tail > 0 && start <= strip.head && stop >= behind;
		const inGap = across || (middle > strip.head && middle < behind);
		boxes.push({
			index,
			// What goes into the gap ends there, so that two bins that do so keep apart.
			from: openStart ? placeOf(strip, behind) - gap / 3 : placeOf(strip, start),
			to: openEnd ? strip.head + gap / 3 : placeOf(strip, stop),
			openStart,
			openEnd,
			dropped:
				next !== undefined && (index < next.droppedAtStart || index >= level.length - next.droppedAtEnd),
			...(inGap ? {} : { dot: placeOf(strip, middle) }),
			place,
		});
	}
	return boxes;
}
