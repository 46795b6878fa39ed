/** Pairs of a name and a value, as figures list them. */
import { element } from "../cell/displays/element.ts";
import { typeset } from "../figures/html.ts";

export function readings(list: Element, pairs: readonly (readonly [name: string, value: string])[]): void {
	list.replaceChildren(
		...pairs
			.filter(([, value]) => value !== "")
			.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, typeset(value)))),
	);
}
