import { mdxToJs } from "satteri";
import { describe, expect, it } from "vitest";
import { authoringPlugin, type Components } from "../../src/authoring/plugin.ts";
import { AuthoringProblem } from "../../src/authoring/problem.ts";
import { scriptJson } from "../../src/components/cell/script-json.ts";

const components: Components = {
	lessonHead: "/head",
	cell: "/cell",
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

async function compileLesson(source: string): Promise<string> {
	const { code } = await mdxToJs(source, {
		mdastPlugins: [authoringPlugin(components)],
		features: { directive: true, frontmatter: true },
		jsx: true,
	} as never);
	return code;
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
