/** The syllabus: sums, clocks and timetables; and that the real lessons have what it shows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
	classroomMinutes,
	clock,
	hours,
	lessonsOf,
	type Plan,
	plans,
	type SyllabusLesson,
	sums,
	timetables,
} from "../../src/components/site/syllabus.ts";
import { outlineOf } from "../../src/components/work/outline.ts";
import { docsFolder, lessonNames } from "../support/handbook.ts";
import { lessons as readLessons } from "../support/lessons.ts";

const lesson = (name: string, minutes?: number, more: Partial<SyllabusLesson> = {}): SyllabusLesson => ({
	name,
	title: name.toUpperCase(),
	objectives: [],
	minutes,
	requires: [],
	exercises: 0,
	questions: 0,
	...more,
});
const oneDay: Plan = { title: "A day", why: "", days: 1, lunch: true, own: 0 };

describe("sums and times", () => {
	it("adds what lessons take, and counts those that do not say", () => {
		const course = [
			lesson("a", 30, { exercises: 2, questions: 1 }),
			lesson("b", 25, { exercises: 1, questions: 4 }),
			lesson("c"),
		];
		expect(sums(course)).toEqual({ lessons: 3, minutes: 55, exercises: 3, questions: 5, untimed: 1 });
		expect(sums([])).toEqual({ lessons: 0, minutes: 0, exercises: 0, questions: 0, untimed: 0 });
	});

	it("says hours and minutes", () => {
		const said = [0, 5, 59, 60, 61, 255, 600].map((minutes) => hours(minutes).replaceAll("\u00a0", " "));
		expect(said).toEqual(["0 min", "5 min", "59 min", "1 h", "1 h 1 min", "4 h 15 min", "10 h"]);
		expect([0, 545, 720, 1439].map(clock)).toEqual(["00:00", "09:05", "12:00", "23:59"]);
	});

	it("gives a classroom a quarter more, in whole five minutes", () => {
		expect([10, 20, 25, 30].map((minutes) => classroomMinutes(lesson("a", minutes)))).toEqual([
			15, 25, 35, 40,
		]);
	});
});

describe("timetables", () => {
	const said = (plan: Plan, course: SyllabusLesson[]) =>
		timetables(plan, course).map((day) =>
			day.map(({ title, from, to }) => `${clock(from)}–${clock(to)} ${title}`),
		);

	it("pauses before 90 minutes are over, and at noon for longer", () => {
		const course = ["a", "b", "c", "d", "e", "f"].map((name) => lesson(name, 30));
		expect(said(oneDay, course)).toEqual([
			[
				"09:00–09:40 A",
				"09:40–10:20 B",
				"10:20–10:35 Break",
				"10:35–11:15 C",
				"11:15–11:55 D",
				"11:55–12:55 Lunch",
				"12:55–13:35 E",
				"13:35–14:15 F",
			],
		]);
		expect(said({ ...oneDay, lunch: false }, course)[0]).toContain("11:55–12:10 Break");
	});

	it("ends with no pause, gives a long lesson no pause inside, and ends a day with the learners' own", () => {
		expect(said(oneDay, [lesson("a", 120)])).toEqual([["09:00–11:30 A"]]);
		expect(said({ ...oneDay, own: 60 }, [lesson("a", 30)])).toEqual([
			["09:00–09:40 A", "09:40–09:55 Break", "09:55–10:55 Your own images"],
		]);
	});

	it("shares lessons among days so that the longest day is short, in their order", () => {
		const course = [lesson("a", 50), lesson("b", 20), lesson("c", 20), lesson("d", 20), lesson("e", 20)];
		const days = timetables({ ...oneDay, days: 2 }, course);
		expect(days.map((day) => day.flatMap(({ name }) => name ?? []).join(""))).toEqual(["ab", "cde"]);
	});

	it("takes the lessons that are named, or all but those, and none without a time", () => {
		const course = [lesson("a", 10), lesson("b", 10), lesson("c")];
		const names = (plan: Partial<Plan>) => lessonsOf({ ...oneDay, ...plan }, course).map(({ name }) => name);
		expect(names({})).toEqual(["a", "b"]);
		expect(names({ only: ["b", "c"] })).toEqual(["b"]);
		expect(names({ without: ["b"] })).toEqual(["a"]);
	});
});

describe("the course", async () => {
	const course = lessonNames()
		.map((name) => {
			const text = readFileSync(join(docsFolder, `lessons/${name}.mdx`), "utf8");
			const head = text.split(/^---$/m)[1];
			const requires = /^requires: \[(.*)\]$/m.exec(head)?.[1].split(", ") ?? [];
			return {
				...lesson(name, Number(/^duration: (\d+)$/m.exec(head)?.[1] ?? Number.NaN)),
				order: Number(/^ {2}order: (\d+)$/m.exec(head)?.[1] ?? Number.NaN),
				requires,
				kinds: outlineOf(text).map(({ kind }) => kind),
				objectives: head.includes("\nobjectives:") ? ["some"] : [],
			};
		})
		.sort((a, b) => a.order - b.order);
	const pages = await readLessons();

	it.each(course)("$name says how long it takes, where it stands and what it teaches", (one) => {
		expect(one.minutes).toBeGreaterThanOrEqual(10);
		expect(one.minutes).toBeLessThanOrEqual(30);
		expect(one.order).toBeGreaterThan(0);
		expect(one.objectives).not.toEqual([]);
	});

	it.each(course)("$name requires only lessons that come before it", ({ name, requires }) => {
		const before = course.slice(
			0,
			course.findIndex((one) => one.name === name),
		);
		expect(before.map((one) => one.name)).toEqual(expect.arrayContaining([...requires]));
	});

	it.each(course)(
		"exercises and questions of $name are counted as the build reads them",
		({ name, kinds }) => {
			const page = pages.find((one) => one.name === `lessons/${name}.mdx`);
			expect(kinds.filter((kind) => kind === "quiz")).toHaveLength(page?.quizzes.length ?? 0);
			const exercises = page?.cells.filter(({ check }) => check !== undefined);
			expect(kinds.filter((kind) => kind === "exercise")).toHaveLength(exercises?.length ?? 0);
		},
	);

	it.each(plans)("the plan “$title” names lessons that exist, each behind what it requires", (plan) => {
		const names = course.map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining([...(plan.only ?? []), ...(plan.without ?? [])]));
		const taught = lessonsOf(plan, course);
		for (const [i, { requires }] of taught.entries())
			expect(taught.slice(0, i).map(({ name }) => name)).toEqual(expect.arrayContaining([...requires]));
	});

	it.each(plans)("the plan “$title” fits its days", (plan) => {
		const days = timetables(plan, course);
		expect(days).toHaveLength(plan.days);
		for (const day of days) {
			const end = day.at(-1)?.to ?? 0;
			expect(end).toBeGreaterThan(10 * 60);
			expect(end).toBeLessThanOrEqual(plan.lunch ? 17 * 60 : 13 * 60);
		}
	});
});
