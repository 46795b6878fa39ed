/** The longest of 1, 2, 5 and their tenfolds that is at most this: the length of a scale bar. */
export function roundLength(most: number): number {
	const decade = 10 ** Math.floor(Math.log10(most));
	return Number(((most >= 5 * decade ? 5 : most >= 2 * decade ? 2 : 1) * decade).toPrecision(1));
}
