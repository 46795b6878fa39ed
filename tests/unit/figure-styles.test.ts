/** The styles of figures are global: what one figure names, no other may give another look. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../src/components");

/** Every style sheet of figures and of what stands in them. */
const sheets = ["figures", "viewer", "requests"].flatMap((room) =>
	readdirSync(join(folder, room), { recursive: true, encoding: "utf8" })
		.filter((path) => path.endsWith(".css"))
		.map((path) => ({ path: join(room, path), text: readFileSync(join(folder, room, path), "utf8") })),
);

interface Rule {
	/** As written, without the conditions around it. */
	selector: string;
	body: string;
}

/** Rules of a sheet, also those within conditions; keyframes as one rule. */
function rulesOf(css: string): Rule[] {
	const text = css.replace(/\/\*[\s\S]*?\*\//g, "");
	const rules: Rule[] = [];
	const walk = (from: number, to: number) => {
		let start = from;
		for (let i = from; i < to; i++) {
			if (text[i] === ";") start = i + 1;
			if (text[i] !== "{") continue;
			let depth = 1;
			let end = i + 1;
			while (depth > 0 && end < to) {
				if (text[end] === "{") depth++;
				else if (text[end] === "}") depth--;
				end++;
			}
			const head = text.slice(start, i).replace(/\s+/g, " ").trim();
			if (/^@(media|container|supports)/.test(head)) walk(i + 1, end - 1);
			else
				rules.push({
					selector: head,
					body: text
						.slice(i + 1, end - 1)
						.replace(/\s+/g, " ")
						.trim(),
				});
			i = end - 1;
			start = end;
		}
	};
	walk(0, text.length);
	return rules;
}

/** Parts of a selector list, commas within brackets left alone. */
function parts(selector: string): string[] {
	return selector.split(/,(?![^(]*\))/).map((one) => one.trim());
}

/** Names that two sheets give rules of their own: each with its sheets. */
function clashes(of: readonly { path: string; text: string }[]): string[] {
	const found = new Map<string, Map<string, Set<string>>>();
	for (const { path, text } of of) {
		for (const { selector, body } of rulesOf(text)) {
			const names = selector.startsWith("@keyframes")
				? [selector]
				: parts(selector)
						// A class alone, whatever its state: `.a`, `.a:hover`, `.cw-fig .a`.
						.map((one) => /^(?:\.cw-fig )?[a-z]*(\.[\w-]+)(?::[\w-]+|\[[^\]]*\])*$/.exec(one)?.[1] ?? "")
						.filter(Boolean);
			for (const name of names) {
				const places = found.get(name) ?? new Map<string, Set<string>>();
				found.set(name, places.set(path, (places.get(path) ?? new Set()).add(body)));
			}
		}
	}
	return [...found]
		.filter(([, places]) => places.size > 1)
		.map(([name, places]) => `${name}: ${[...places.keys()].join(", ")}`);
}

describe("the styles of figures", () => {
	it("are found, and their rules read", () => {
		expect(sheets.length).toBeGreaterThan(10);
		for (const { path, text } of sheets) {
			if (!path.endsWith("figures.css")) expect(rulesOf(text).length, path).toBeGreaterThan(0);
		}
	});

	it("are told apart where two sheets name the same", () => {
		const sheet = (path: string, text: string) => ({ path, text });
		expect(
			clashes([
				sheet("a", ".x { color: red } .y{}"),
				sheet("b", "@media print { .cw-fig .x:hover, .z { a: b } }"),
			]),
		).toEqual([".x: a, b"]);
		expect(
			clashes([sheet("a", "@keyframes k { from {} }"), sheet("b", "@keyframes k { to {} }")]),
		).toHaveLength(1);
		expect(clashes([sheet("a", ".x .in { color: red }"), sheet("b", ".y .in { color: blue }")])).toEqual([]);
	});

	it("name no class and no motion that another figure names", () => {
		// base.css too: what it decides for all, a figure adapts by a name of its own in the selector.
		expect(clashes(sheets)).toEqual([]);
	});
});

it("take colours, those of states first, from the tokens of both themes", () => {
	const tokens = readFileSync(join(folder, "../styles/tokens.css"), "utf8");
	const states = [...tokens.matchAll(/--cw-state-(\w+):/g)].map(([, name]) => name);
	for (const name of ["empty", "stored", "requested", "cached", "failed"])
		expect(states.filter((other) => other === name).length, name).toBeGreaterThanOrEqual(2);
	for (const { path, text } of sheets) {
		for (const [, name] of text.matchAll(/var\(--cw-state-(\w+)/g)) expect(states, path).toContain(name);
		// A picture of light is dark in either theme, and so is what lies on it.
		if (/viewport|viewer|base\.css/.test(path)) continue;
		const own = text.replace(/mask-image:[^;]*;/g, "").match(/#[\da-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab)\(/gi);
		expect(own ?? [], path).toEqual([]);
	}
});

it("a recorded output has the styles of every figure that a cell can show", () => {
	const page = readFileSync(join(folder, "cell/RecordedFigure.astro"), "utf8");
	const common = readFileSync(join(folder, "figures/figures.css"), "utf8");
	const sheetsOfFigures = sheets
		.map(({ path }) => path.replaceAll("\\", "/"))
		.filter((path) => /^figures\/[^/]+\//.test(path) || path === "requests/requests.css");
	expect(sheetsOfFigures.length).toBeGreaterThan(10);
	// The viewer is not recorded.
	const missing = sheetsOfFigures.filter(
		(path) => !page.includes(`"../${path}"`) && !common.includes(`"./${path.replace(/^figures\//, "")}"`),
	);
	expect(missing).toEqual([]);
});
