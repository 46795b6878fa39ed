/** For those who come from Python: what stands here in the place of a name that this language does not have. */
const instead: Readonly<Record<string, string>> = {
	math: "`Math`, with a capital",
	abs: "`Math.abs(x)`",
	ceil: "`Math.ceil(x)`",
	floor: "`Math.floor(x)`",
	int: "`Math.trunc(x)`",
	log2: "`Math.log2(x)`",
	max: "`Math.max(a, b)`",
	min: "`Math.min(a, b)`",
	round: "`Math.round(x)`",
	len: "`list.length`",
	list: "`[...values]`",
	range: "`Array.from({ length: n }, (_, i) => i)`",
	sum: "`list.reduce((sum, x) => sum + x, 0)`",
	sorted: "`list.toSorted()`",
	print: "`console.log(x)`",
	str: "`String(x)`",
	True: "`true`",
	False: "`false`",
	None: "`undefined` or `null`",
};

/** A sentence about a name that is not defined; undefined where Python has none of that name either. */
export function insteadOfPython(name: string): string | undefined {
	return Object.hasOwn(instead, name) ? `What Python calls ${name} is ${instead[name]} here.` : undefined;
}
