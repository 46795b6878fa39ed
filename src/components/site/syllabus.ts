/** What a course of lessons takes: sums for the syllabus, and timetables for classrooms. No page, no files. */

/** What the syllabus knows of a lesson, from its front matter and its text. */
export interface SyllabusLesson {
	/** Its address below `lessons/`. */
	name: string;
	title: string;
	description?: string;
	objectives: readonly string[];
	/** Of a learner alone. Undefined where the lesson does not say. */
	minutes?: number;
	/** Names of lessons to read first. */
	requires: readonly string[];
	exercises: number;
	questions: number;
}

export interface SyllabusSums {
	lessons: number;
	minutes: number;
	exercises: number;
	questions: number;
	/** Lessons whose minutes are not known. */
	untimed: number;
}

export function sums(lessons: readonly SyllabusLesson[]): SyllabusSums {
	const all = { lessons: lessons.length, minutes: 0, exercises: 0, questions: 0, untimed: 0 };
	for (const { minutes, exercises, questions } of lessons) {
		if (minutes === undefined) all.untimed++;
		all.minutes += minutes ?? 0;
		all.exercises += exercises;
		all.questions += questions;
	}
	return all;
}

/** `255` → "4 h 15 min", with spaces that do not break. */
export function hours(minutes: number): string {
	const [h, min] = [Math.floor(minutes / 60), minutes % 60];
	const parts = [h > 0 && `${h}\u00a0h`, (min > 0 || h === 0) && `${min}\u00a0min`];
	return parts.filter(Boolean).join(" ");
}

/** `585` minutes after midnight → "09:45". */
export function clock(minutes: number): string {
	const two = (n: number) => String(n).padStart(2, "0");
	return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A suggestion for a classroom: which lessons, over how many days. */
export interface Plan {
	title: string;
	/** For whom it is, in a sentence. */
	why: string;
	/** Names of the lessons, or those to leave out of all. */
	only?: readonly string[];
	without?: readonly string[];
	days: number;
	/** Whether a day has a pause at noon. */
	lunch: boolean;
	/** Minutes at the end of each day for what learners brought. */
	own: number;
}

export const plans: readonly Plan[] = [
	{
		title: "Half a day",
		why: "For people who want to know what an OME-Zarr is, why it has chunks, and how to look at one that somebody else has published.",
		only: ["cloud-storage", "tiff-to-ome-zarr", "chunks-and-compression", "visualization", "public-image"],
		days: 1,
		lunch: false,
		own: 0,
	},
	{
		title: "One day",
		why: "For people who will write such images themselves. N5 and parallel processing are left for those who need them.",
		without: ["n5", "parallel-processing"],
		days: 1,
		lunch: true,
		own: 0,
	},
	{
		title: "Two days",
		why: "The whole course, with time at the end of each day for images that the learners brought.",
		days: 2,
		lunch: true,
		own: 90,
	},
];

/** One line of a timetable, in minutes after midnight. */
export interface Slot {
	kind: "lesson" | "pause" | "own";
	title: string;
	/** Of a lesson. */
	name?: string;
	from: number;
	to: number;
}

/** In a classroom a lesson takes longer than alone: questions, waiting for each other. */
export const classroomPace = 1.25;
/** A pause comes before teaching would go on for longer than this. */
const longestStretch = 90;
const dayBegins = 9 * 60;
const noon = 11 * 60 + 45;

/** What a lesson takes in a classroom, in whole five minutes. */
export function classroomMinutes({ minutes = 0 }: SyllabusLesson): number {
	return Math.ceil((minutes * classroomPace) / 5) * 5;
}

export function lessonsOf(plan: Plan, lessons: readonly SyllabusLesson[]): SyllabusLesson[] {
	return lessons.filter(
		({ name, minutes }) =>
			minutes !== undefined && (plan.only?.includes(name) ?? true) && !plan.without?.includes(name),
	);
}

/** A plan's days, each with its lessons in the order of the course, with pauses. */
export function timetables(plan: Plan, lessons: readonly SyllabusLesson[]): Slot[][] {
	return split(lessonsOf(plan, lessons), plan.days).map((day) => timetable(day, plan));
}

function timetable(lessons: readonly SyllabusLesson[], { lunch, own }: Plan): Slot[] {
	const slots: Slot[] = [];
	let now = dayBegins;
	let stretch = 0;
	let eaten = !lunch;
	const add = (kind: Slot["kind"], title: string, minutes: number, name?: string): void => {
		if (kind !== "pause" && stretch > 0 && stretch + minutes > longestStretch) {
			const midday = !eaten && now >= noon;
			eaten ||= midday;
			add("pause", midday ? "Lunch" : "Break", midday ? 60 : 15);
		}
		slots.push({ kind, title, name, from: now, to: now + minutes });
		now += minutes;
		stretch = kind === "pause" ? 0 : stretch + minutes;
	};
	for (const lesson of lessons) add("lesson", lesson.title, classroomMinutes(lesson), lesson.name);
	if (own > 0) add("own", "Your own images", own);
	return slots;
}

/** Lessons in order, shared among days so that the longest day is as short as can be. */
function split(lessons: readonly SyllabusLesson[], days: number): SyllabusLesson[][] {
	if (days <= 1) return [[...lessons]];
	const length = (part: readonly SyllabusLesson[]) =>
		part.reduce((total, lesson) => total + classroomMinutes(lesson), 0);
	let best: SyllabusLesson[][] = [];
	let longest = Number.POSITIVE_INFINITY;
	for (let first = 1; first <= lessons.length - days + 1; first++) {
		const tried = [lessons.slice(0, first), ...split(lessons.slice(first), days - 1)];
		const worst = Math.max(...tried.map(length));
		if (worst < longest) [best, longest] = [tried, worst];
	}
	return best;
}
