import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { mdxToJs } from "satteri";
import { describe, expect, it } from "vitest";
import type { QuizModel } from "../../src/authoring/page-model.ts";
import { authoringPlugin, type Components } from "../../src/authoring/plugin.ts";
import { AuthoringProblem } from "../../src/authoring/problem.ts";
import { readPage } from "../../src/authoring/read-lessons.ts";
import { scriptJson } from "../../src/components/cell/script-json.ts";
import { checkedFigures, figureNames } from "../../src/lib/plan/figure-props.ts";
import { pythonOfLessons } from "../support/lessons.ts";

const components: Components = {
	lessonHead: "/head",
	cell: "/cell",
	recorded: "/recorded",
	recordedFigure: "/recorded-figure",
	exercise: "/exercise",
	hint: "/hint",
	solution: "/solution",
	python: "/python",
	quiz: "/quiz",
	answer: "/answer",
	instructor: "/instructor",
	instructorSwitch: "/switch",
	figures: "/figures",
};

async function compileLesson(source: string, fileURL?: URL): Promise<string> {
	const { code } = await mdxToJs(source, {
		fileURL,
		mdastPlugins: [authoringPlugin(components)],
		features: { directive: true, frontmatter: true },
		jsx: true,
	} as never);
	return code;
}

/** The first quiz of a page. */
async function modelOf(source: string): Promise<QuizModel> {
	return (await readPage(source)).quizzes[0];
}

const fence = (meta: string, code = "1", language = "ts") => `\`\`\`${language} ${meta}\n${code}\n\`\`\`\n`;
const exercise = (inside: string, head = "{#sum}") => `::::exercise${head}\n${inside}\n::::\n`;
const parts = `${fence("starter", "const a = ______;")}\n${fence("check", "expect(a).toBe(1);")}\n:::solution\n${fence("", "const a = 1;")}:::\n`;

describe("a lesson's cells", () => {
	it("carry their code, options and place, and keep the code block", async () => {
		const code = await compileLesson(
			`Text\n\n${fence('cell id=open title="Open a store" timeout=30 needs=first', 'const a: Array<number> = [1]; "{<b>}"')}\n${fence("cell id=first")}`,
		);
		expect(code).toContain('import ChunkwiseCell from "/cell"');
		expect(code).toMatch(/"?id"?: "open"/);
		expect(code).toMatch(/"?title"?: "Open a store"/);
		expect(code).toMatch(/"?timeout"?: 30/);
		expect(code).toMatch(/"?needs"?: \["first"\]/);
		expect(code).toContain("language-ts");
		expect(code).toMatch(/"?cells"?=\{2\}/);
	});

	it("say which sample a reader may choose", async () => {
		const of = async (code: string) =>
			(await compileLesson(fence("cell id=one", code))).match(/samples=\{(.*?)\}/)?.[1];
		expect(await of("await samples.hl60()")).toBe('"hl60"');
		expect(await of("const { hl60 } = samples;")).toBe('"hl60"');
		expect(await of("await samples.publicImage()")).toBe('"public"');
		expect(await of("await samples.publicImage(); await samples.hl60()")).toBe('"hl60"');
		expect(await of("1")).toBe("false");
	});

	it("leave other fences and asides alone", async () => {
		const code = await compileLesson(`${fence("title=x", "npm start", "sh")}\n:::note\nHello\n:::\n`);
		expect(code).not.toContain("ChunkwiseCell");
	});

	it("bring the figures that a lesson names, unless it imports its own", async () => {
		expect(await compileLesson("<ChunkGrid shape={[1]} chunks={[1]} />\n")).toContain(
			'import ChunkGrid from "/figures/ChunkGrid.astro"',
		);
		const own = await compileLesson('import ChunkGrid from "./mine.astro";\n\n<ChunkGrid />\n');
		expect(own).not.toContain("/figures/ChunkGrid.astro");
		// What another language imports is no import of the page.
		const python = fence("", "import numpy as np", "python");
		expect(await compileLesson(`${python}\n<ChunkGrid />\n`)).toContain("/figures/ChunkGrid.astro");
		// Each figure of the course, and once.
		for (const { component } of checkedFigures().map(figureNames)) {
			const code = await compileLesson(`<${component} />\n\n- one\n\n  <${component} title="b" />\n`);
			expect(code.split(`import ${component} from "/figures/${component}.astro"`)).toHaveLength(2);
		}
	});

	it("tell each figure where it stands, inside an exercise too", async () => {
		const file = pathToFileURL(resolve("src/content/docs/lessons/a b.mdx"));
		const source = `Text\n\n<Pyramid shape={[8]} factors={[2]} />\n\n${exercise(`<ChunkGrid title="x" shape={[1]} chunks={[1]} />\n\n${parts}`)}`;
		const code = await compileLesson(source, file);
		expect(code).toMatch(
			/<Pyramid shape=\{\[8\]\} factors=\{\[2\]\} at="src\/content\/docs\/lessons\/a b\.mdx:3:1"/,
		);
		expect(code).toMatch(/<ChunkGrid title="x".* at="src\/content\/docs\/lessons\/a b\.mdx:6:1"/);
	});

	it("make exercises of directives: starter, check, hints, solution", async () => {
		const code = await compileLesson(
			exercise(`Do it.\n\n${parts}\n:::hint\nThink.\n:::\n`, '{#sum title="A sum" needs=one}') +
				fence("cell id=one"),
		);
		expect(code).toContain("ChunkwiseExercise");
		expect(code).toMatch(/"?check"?: "expect\(a\)\.toBe\(1\);"/);
		expect(code).toMatch(/"?solution"?: "const a = 1;"/);
		expect(code).toMatch(/ChunkwiseHint number=\{1\} of=\{1\}/);
		// The check is data, not part of what the reader sees.
		expect(code.match(/expect\(a\)/g)).toHaveLength(1);
	});
});

const quiz = (inside: string, head = "{#q}") => `::::quiz${head}\n${inside}\n::::\n`;
const choices = "Which?\n\n- [ ] One\n  > Less.\n- [x] Two\n  > Just so.\n";

describe("a quiz", () => {
	it.each([
		["one right answer", choices, "{#q}", "one", [0, 1]],
		["several, as marked", choices.replace("[ ]", "[x]"), "{#q}", "several", [1, 1]],
		["several, as asked for", choices, "{#q choose=several}", "several", [0, 1]],
	])("%s", async (_, inside, head, kind, right) => {
		expect(await modelOf(quiz(inside, head))).toMatchObject({ kind, right });
	});

	it("of steps stands in another order than the right one, the same at each build", async () => {
		const steps = "1. a\n2. b\n3. c\n4. d\n";
		for (const id of ["a", "b", "c", "d", "e", "f", "g", "h"]) {
			const { right, kind } = await modelOf(quiz(steps, `{#${id}}`));
			expect(kind).toBe("order");
			expect([...right].sort()).toEqual([0, 1, 2, 3]);
			expect(right).not.toEqual([0, 1, 2, 3]);
			expect((await modelOf(quiz(steps, `{#${id}}`))).right).toEqual(right);
		}
	});

	it("asks for a number, with replies to some", async () => {
		const model = await modelOf(
			quiz(
				"How many?\n\n- 24: Just so.\n- 72: All.\n- other: Count.\n",
				'{#q answer=24 within=5% unit="chunks"}',
			),
		);
		expect(model).toMatchObject({
			kind: "number",
			number: { answer: 24, unit: "chunks", replies: [24, 72, null] },
		});
		expect(model.number?.within).toBeCloseTo(1.2);
	});

	it("predicts what a cell shows, in words or by choice", async () => {
		expect(await modelOf(quiz("What?", "{#q predict=a}") + fence("cell id=a"))).toMatchObject({
			kind: "prediction",
			predict: "a",
		});
		// A prediction need not be right or wrong.
		const open = choices.replace("[x]", "[ ]");
		expect(await modelOf(quiz(open, "{#q predict=a}") + fence("cell id=a"))).toMatchObject({ kind: "one" });
	});

	it("is drawn with question, answers, feedback and the right answer by itself", async () => {
		const code = await compileLesson(quiz(choices, '{#q title="T"}'));
		expect(code).toMatch(/ChunkwiseQuiz spec/);
		expect(code.match(/<ChunkwiseAnswer/g)).toHaveLength(2);
		expect(code.match(/Just so\./g)).toHaveLength(2);
		expect(code.match(/Less\./g)).toHaveLength(1);
		expect(code).not.toContain("import ChunkwiseExercise");
	});
});

describe("beside cells", () => {
	it("Python of all lessons is collected with its cell", async () => {
		const steps = await pythonOfLessons();
		expect(steps).toContainEqual({
			lesson: "guide/elements.mdx",
			cell: "shape",
			code: expect.stringContaining("from math import ceil"),
		});
	});

	it("Python belongs to the cell above it", async () => {
		const code = await compileLesson(
			`${fence("cell id=a")}\n:::python\n${fence("", "print(1)", "python")}:::\n`,
		);
		expect(code).toContain('ChunkwisePython cell={"a"}');
		expect(code).toContain("print(1)");
	});

	it("notes for instructors are one component with a switch", async () => {
		const code = await compileLesson("::::instructor\nNote\n::::\n");
		expect(code).toContain("<ChunkwiseInstructor>");
		expect(code).toContain("<ChunkwiseInstructorSwitch");
	});
});

describe("an author's mistakes stop the build with their place", () => {
	const lines = "One\n\nTwo\n\n";
	it.each([
		[
			"an unknown option, with the nearest",
			`${lines}${fence("cell id=a tittle=x")}`,
			5,
			/“tittle”.*Did you mean “title”/,
		],
		["a missing id", `${lines}${fence("cell title=x")}`, 5, /no id/],
		["an id that cannot be one", `${lines}${fence("cell id=A_b")}`, 5, /lower-case/],
		[
			"the same id twice",
			`${fence("cell id=a")}\n${fence("cell id=a")}`,
			5,
			/used twice: here and on line 1/,
		],
		[
			"needs of an unknown cell",
			`${fence("cell id=open")}\n${fence("cell id=b needs=opne")}`,
			5,
			/Did you mean “open”/,
		],
		["a cell that needs itself", fence("cell id=b needs=b"), 1, /needs itself/],
		["a bad value", fence("cell id=b run=never"), 1, /“run”/],
		["a bad time", fence("cell id=b timeout=soon"), 1, /“timeout”/],
		["unreadable words", fence('cell id=b title="x'), 1, /Cannot read/],
		["an option twice", fence("cell id=b id=c"), 1, /given twice/],
		["a check without exercise", `${lines}${fence("check")}`, 5, /outside an exercise/],
		["a hint without exercise", `${lines}:::hint\nx\n:::\n`, 5, /outside an exercise/],
		["an exercise without check", exercise(parts.replace("ts check", "ts")), 1, /no check/],
		["an exercise without solution", exercise(`${fence("starter")}\n${fence("check")}`), 1, /no solution/],
		["two starters", exercise(`${fence("starter")}\n${parts}`), 6, /two starter/],
		["a cell in an exercise", exercise(`${parts}\n${fence("cell id=z")}`), 16, /holds a cell/],
		["a directive with a slip", `${lines}:::exercize{#a}\n:::\n`, 5, /Did you mean “:::exercise”/],
		["a slip within an exercise", exercise(`${parts}\n:::hnit\nx\n:::\n`), 16, /Did you mean “:::hint”/],
		["a quiz without id", quiz(choices, ""), 1, /quiz has no id/],
		["a quiz with a slip in an option", quiz(choices, "{#q chose=one}"), 1, /Did you mean “choose”/],
		["a quiz without answers", quiz("Which?"), 1, /no answers/],
		["a quiz without a right answer", quiz(choices.replace("[x]", "[ ]")), 4, /no right answer/],
		["an answer without feedback", quiz(choices.replace("  > Less.\n", "")), 4, /“One” has no feedback/],
		["an answer that is not marked", quiz(choices.replace("[ ] ", "")), 4, /“One/],
		["one to choose, two right", quiz(choices.replace("[ ]", "[x]"), "{#q choose=one}"), 1, /2 are marked/],
		["too few steps", quiz("1. a\n2. b\n"), 2, /three steps/],
		["a number that is none", quiz("How?", "{#q answer=many}"), 1, /“answer” must be a number/],
		["a tolerance that is none", quiz("How?", "{#q answer=1 within=wide}"), 1, /“within”/],
		["a unit without a number", quiz(choices, "{#q unit=px}"), 1, /without “answer”/],
		["a reply that cannot be read", quiz("How?\n\n- seven: no\n", "{#q answer=1}"), 4, /- 72: what to say/],
		["two replies to one number", quiz("How?\n\n- 7: a\n- 7: b\n", "{#q answer=1}"), 5, /two replies to 7/],
		[
			"a prediction of an unknown cell",
			`${fence("cell id=open")}\n${quiz("What?", "{#q predict=opne}")}`,
			5,
			/Did you mean “open”/,
		],
		["a quiz with a cell's id", `${fence("cell id=a")}\n${quiz(choices, "{#a}")}`, 5, /used twice/],
		["a directive of a quiz that is not known", quiz(`${choices}\n:::hint\nx\n:::\n`), 9, /holds “:::hint”/],
		["a slip in quiz", `${lines}:::quizz{#a}\n:::\n`, 5, /Did you mean “:::quiz”/],
		["Python without a cell", `${lines}:::python\n${fence("", "1", "python")}:::\n`, 5, /right above it/],
		[
			"Python that is not Python",
			`${fence("cell id=a")}\n:::python\n${fence("", "1", "ts")}:::\n`,
			5,
			/one ```python fence/,
		],
		["two solutions", exercise(`${parts}\n:::solution\n${fence("", "1")}:::\n`), 16, /two solutions/],
		["a cell in another language", fence("cell id=p", "1", "python"), 1, /TypeScript/],
	])("%s", async (_, source, line, words) => {
		const problem = await compileLesson(source).then(
			() => expect.unreachable("it compiled"),
			(error: Error & { cause?: unknown }) =>
				error instanceof AuthoringProblem ? error : (error.cause ?? error),
		);
		expect(String((problem as Error).message)).toMatch(words);
		expect(problem as AuthoringProblem).toMatchObject({ line, column: 1 });
	});
});

describe("code carried in a script element", () => {
	it("cannot end it, and comes back as it was", () => {
		const source = "const a = '</script><!-- <b>';";
		const json = scriptJson({ source });
		expect(json).not.toContain("<");
		expect(JSON.parse(json)).toEqual({ source });
	});
});
