/** Whether an answer is right, and in words what is missing. Pure. */

export interface Judgement {
	isRight: boolean;
	/** A sentence for the learner. */
	said: string;
	/** Which answers' feedback to show. */
	show: number[];
}

/** @param right for each answer 1 or 0. @param chosen indices of the chosen ones. */
export function judgeChoice(
	right: readonly number[],
	chosen: readonly number[],
	several: boolean,
): Judgement {
	const wrong = chosen.filter((i) => !right[i]).length;
	const missing = right.filter((is, i) => is && !chosen.includes(i)).length;
	const isRight = wrong === 0 && missing === 0;
	const show = [...chosen];
	if (isRight) return { isRight, said: "Right.", show };
	if (!several) return { isRight, said: "Not yet. Choose again.", show };
	const parts = [
		wrong > 0 ? `${wrong} of those you chose ${wrong === 1 ? "is" : "are"} not right` : "",
		missing > 0 ? `${missing === 1 ? "one that is right is" : `${missing} that are right are`} missing` : "",
	].filter(Boolean);
	const text = parts.join(", and ");
	return { isRight, said: `Not yet: ${text}.`, show };
}

/** @param places the right place of each step, in the learner's order; `at(i)` the answer's index there. */
export function judgeOrder(
	places: readonly number[],
	labels: readonly string[],
	indices: readonly number[],
): Judgement {
	const first = places.findIndex((place, i) => place !== i);
	if (first < 0) return { isRight: true, said: "Right.", show: [...indices] };
	const inPlace = places.filter((place, i) => place === i).length;
	return {
		isRight: false,
		said: `Not yet: ${inPlace} of ${places.length} ${inPlace === 1 ? "is in its place" : "are in their places"}. Look at step ${first + 1}, “${labels[first]}”.`,
		show: [indices[first]],
	};
}

/**
 * The numbers that a text may mean: `24`, `1 024`, `1,024` (a thousand and more, or a little above one), `2^10`,
 * `5e3`, with or without the unit. None where it is no number.
 */
export function readNumbers(text: string, unit = ""): number[] {
	let bare = text.trim();
	if (unit && bare.toLowerCase().endsWith(unit.toLowerCase())) bare = bare.slice(0, -unit.length).trim();
	bare = bare.replace(/[\s_\u202f\u2009']/g, "").replace(/^[−–]/, "-");
	const power = /^(\d+(?:\.\d+)?)(?:\^|\*\*)(\d+)$/.exec(bare);
	if (power) return [Number(power[1]) ** Number(power[2])];
	const readings = new Set<number>();
	for (const reading of [bare, bare.replaceAll(",", ""), bare.replace(",", ".")]) {
		if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(reading)) readings.add(Number(reading));
	}
	return [...readings];
}

export interface NumberQuestion {
	answer: number;
	within: number;
	unit?: string;
	/** What the author has a reply to; null: any other. */
	replies: (number | null)[];
}

export function judgeNumber({ answer, within, unit, replies }: NumberQuestion, text: string): Judgement {
	const readings = readNumbers(text, unit);
	if (readings.length === 0) {
		return {
			isRight: false,
			said: `“${text.trim()}” is not a number. Write digits, as in 24 or 0.5.`,
			show: [],
		};
	}
	// A little beyond the tolerance, so that 0.1 + 0.2 is within 0 of 0.3.
	const slack = Math.abs(answer) * 1e-12;
	const isRight = readings.some((value) => Math.abs(value - answer) <= within + slack);
	const meant = isRight ? answer : undefined;
	let reply = replies.findIndex((value) => value !== null && (meant ?? Number.NaN) === value);
	if (!isRight) {
		reply = replies.findIndex((value) => value !== null && value !== answer && readings.includes(value));
		if (reply < 0) reply = replies.indexOf(null);
	}
	return { isRight, said: isRight ? "Right." : "Not yet. Try again.", show: reply < 0 ? [] : [reply] };
}
