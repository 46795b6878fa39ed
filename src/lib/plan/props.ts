/** Props of figures, checked: which there are, and what each may be. What they are together, each figure's planning says. */
import { ChunkwiseError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { type DataType, dataTypes } from "../types.ts";

/** What a prop may be. */
export interface PropRule {
	/** In words, to follow "Give": `a whole number above 0`. */
	allowed: string;
	fits(value: unknown): boolean;
	/** Without it there is nothing to draw. */
	required?: boolean;
}

/** A rule for each prop of a figure: one that is forgotten is an error of types. */
export type PropRules<P> = { [K in keyof Required<P>]: PropRule };

/** A figure to its authors. */
export interface FigureNames {
	/** In MDX: `ChunkGrid`. */
	component: string;
	/** In a cell: `chunkGrid`. */
	cell: string;
	/** Of its errors: `chunk-grid-props`. */
	code: string;
}

const isWhole = (value: unknown, least: number, most = Number.MAX_SAFE_INTEGER) =>
	Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

/** Fields of an object that is none of the language's own kinds. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** The same rule for a prop that must be there. */
export const required = (rule: PropRule): PropRule => ({ ...rule, required: true });

/** Lengths along axes, such as `[64, 64, 64]`. */
export function lengths(least: 0 | 1, example: string): PropRule {
	return {
		allowed: `a list of whole numbers ${least === 0 ? "from 0 on" : "above 0"}, one for each axis: ${example}`,
		fits: (value) => Array.isArray(value) && value.every((n) => isWhole(n, least)),
	};
}

export function whole(least: number, most?: number): PropRule {
	return {
		allowed:
			most === undefined ? `a whole number, ${least} or more` : `a whole number from ${least} to ${most}`,
		fits: (value) => isWhole(value, least, most),
	};
}

export const text: PropRule = { allowed: "text", fits: (value) => typeof value === "string" };

export const number: PropRule = { allowed: "a number", fits: Number.isFinite };

export const above0: PropRule = {
	allowed: "a number above 0",
	fits: (value) => Number.isFinite(value) && (value as number) > 0,
};

export const flag: PropRule = { allowed: "true or false", fits: (value) => typeof value === "boolean" };

/** One of some values. */
export function oneOf(values: readonly (string | number | boolean)[]): PropRule {
	return {
		allowed: `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`,
		fits: (value) => values.includes(value as string),
	};
}

export const dataType: PropRule = oneOf(dataTypes satisfies readonly DataType[]);

/** Names of axes. */
export const names: PropRule = {
	allowed: 'a list of names, one for each axis: ["z", "y", "x"]',
	fits: (value) => Array.isArray(value) && value.every((name) => typeof name === "string" && name !== ""),
};

/** A list whose entries all fit. */
export function listOf(fits: (entry: unknown) => boolean, allowed: string): PropRule {
	return { allowed, fits: (value) => Array.isArray(value) && value.every(fits) };
}

/** An object whose values all fit. */
export function recordOf(fits: (value: unknown, key: string) => boolean, allowed: string): PropRule {
	return {
		allowed,
		fits: (value) => isRecord(value) && Object.entries(value).every(([key, own]) => fits(own, key)),
	};
}

/** What fits one of some rules. */
export function either(allowed: string, ...rules: PropRule[]): PropRule {
	return { allowed, fits: (value) => rules.some((rule) => rule.fits(value)) };
}

/** A value as an author wrote it, or the beginning of it. */
function written(value: unknown): string {
	if (typeof value === "function" || typeof value === "bigint" || Number.isNaN(value)) return String(value);
	const json = JSON.stringify(value) ?? String(value);
	return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}

/**
 * Refuses names that are none of a figure's props.
 * @param also what a cell may say besides, such as the level of a multiscale
 * @throws ChunkwiseError `…-props`
 */
export function checkNames(
	figure: FigureNames,
	given: object,
	known: readonly string[],
	also: readonly string[] = [],
): void {
	const all = [...known, ...also];
	const wrong = Object.keys(given).find((name) => !all.includes(name));
	if (wrong === undefined) return;
	const meant = nearest(wrong, all);
	throw new ChunkwiseError(figure.code, `The figure ${figure.component} has no prop "${wrong}".`, {
		where: figure.cell,
		remedy: `${meant ? `Did you mean "${meant}"? ` : ""}It has ${all.join(", ")}.`,
	});
}

/**
 * Refuses props that a figure does not have, those that are missing, and values that none of them may have. What is
 * undefined counts as absent.
 * @throws ChunkwiseError `…-props`, which names the figure, the prop and what is allowed
 */
export function checkRules<P extends object>(figure: FigureNames, props: P, rules: PropRules<P>): void {
	const all = rules as Readonly<Record<string, PropRule>>;
	checkNames(figure, props, Object.keys(all));
	const where = figure.cell;
	for (const [name, rule] of Object.entries(all)) {
		const value = (props as Readonly<Record<string, unknown>>)[name];
		if (value === undefined && !rule.required) continue;
		if (value !== undefined && rule.fits(value)) continue;
		const message =
			value === undefined
				? `The figure ${figure.component} needs the prop "${name}".`
				: `The prop "${name}" of the figure ${figure.component} cannot be ${written(value)}.`;
		throw new ChunkwiseError(figure.code, message, { where, remedy: `Give ${rule.allowed}.` });
	}
}
