/** The words behind a fence's language: ```` ```ts cell id=open title="Open a store" needs=a,b ````. */
import { z } from "astro/zod";
import { nearest } from "../lib/nearest.ts";
import { AuthoringProblem } from "./problem.ts";

export interface Place {
	line: number;
	column: number;
}

/** What a fence is for, by its first word. Other fences are ordinary code blocks. */
export type FenceRole = "cell" | "starter" | "check";
const roles: readonly FenceRole[] = ["cell", "starter", "check"];

export const identifier = z
	.string()
	.regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and hyphens, beginning with a letter");

export const cellOptionsSchema = z.strictObject({
	id: identifier,
	title: z.string().min(1).optional(),
	run: z.enum(["auto", "manual"]).default("manual"),
	/** Seconds. */
	timeout: z.coerce.number().positive().max(3600).default(120),
	hide: z.literal(true).optional(),
	readonly: z.literal(true).optional(),
	/** Whether what it shows is recorded for readers who have not run it; `varies`: not the same each time. */
	record: z.enum(["yes", "varies", "no"]).default("yes"),
	needs: z
		.string()
		.transform((list) => list.split(",").map((id) => id.trim()))
		.pipe(z.array(identifier))
		.default([]),
});
export type CellOptions = z.infer<typeof cellOptionsSchema>;

/** The role of a fence and the rest of its words; undefined for an ordinary code block. */
export function fenceRole(meta: string | null | undefined): { role: FenceRole; rest: string } | undefined {
	const [, word, rest] = /^(\S+)\s*(.*)$/.exec(meta?.trim() ?? "") ?? [];
	const role = roles.find((name) => name === word);
	return role && { role, rest };
}

/** `id=open title="Open a store" hide` as a record; a bare word is `true`. */
export function parseWords(words: string, place: Place): Record<string, string | true> {
	const found: Record<string, string | true> = {};
	const pattern = /([\w-]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?(?=\s|$)/gy;
	let at = 0;
	while (at < words.length) {
		if (/\s/.test(words[at])) {
			at++;
			continue;
		}
		pattern.lastIndex = at;
		const match = pattern.exec(words);
		if (!match) {
			throw new AuthoringProblem(
				`Cannot read “${words.slice(at)}”. Options are written name=value or name="a value with spaces".`,
				place,
			);
		}
		const [text, name, ...values] = match;
		if (name in found) throw new AuthoringProblem(`The option ${name} is given twice.`, place);
		found[name] = values.find((value) => value !== undefined) ?? true;
		at += text.length;
	}
	return found;
}

/** A cell's options. */
export function cellOptions(given: Record<string, unknown>, what: string, place: Place): CellOptions {
	return schemaOptions(cellOptionsSchema, given, what, place);
}

/** Options checked against their schema, unknown ones with the nearest that exists. */
export function schemaOptions<Shape extends z.ZodRawShape>(
	schema: z.ZodObject<Shape>,
	given: Record<string, unknown>,
	what: string,
	place: Place,
): z.output<z.ZodObject<Shape>> {
	const known = Object.keys(schema.shape);
	for (const name of Object.keys(given)) {
		if (known.includes(name)) continue;
		const close = nearest(name, known);
		throw new AuthoringProblem(
			`${what} has an unknown option “${name}”. ${close ? `Did you mean “${close}”? ` : ""}Options: ${known.join(", ")}.`,
			place,
		);
	}
	if (!("id" in given)) {
		throw new AuthoringProblem(
			`${what} has no id. Give it one that never changes: readers' work is kept by it.`,
			place,
		);
	}
	const result = schema.safeParse(given);
	if (result.success) return result.data as z.output<z.ZodObject<Shape>>;
	const [issue] = result.error.issues;
	throw new AuthoringProblem(
		`${what}: the option “${issue.path.join(".")}” ${lowerFirst(issue.message)}.`,
		place,
	);
}

function lowerFirst(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}
