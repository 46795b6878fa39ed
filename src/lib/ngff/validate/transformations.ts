/** Rules for coordinate transformations (0.4 and 0.5): one scale, then at most one translation. */
import { type Fields, isFields, type Place, shown } from "./findings.ts";

const example = 'Write [{"type": "scale", "scale": […]}] with the size of a pixel along each axis';

/** A level's own transformations, or those of the whole image (which it need not have). */
export function checkTransformations(
	owner: Fields,
	place: Place,
	ndim: number | undefined,
	required: boolean,
): void {
	const list = owner.coordinateTransformations;
	if (list === undefined && !required) return;
	const here = place.at("coordinateTransformations");
	if (!Array.isArray(list)) {
		(list === undefined ? place : here).report(
			"must",
			"transformations-missing",
			"multiscales",
			list === undefined
				? "A scale level does not say the size of its pixels."
				: `It is ${shown(list)} and no list.`,
			`${example}, as "coordinateTransformations".`,
		);
		return;
	}
	const types = list.map((step) => (isFields(step) ? step.type : undefined));
	list.forEach((step, i) => {
		checkStep(step, here.at(i), ndim);
	});
	const count = (type: string) => types.filter((found) => found === type).length;
	if (count("scale") !== 1) {
		here.report(
			"must",
			"scale-count",
			"multiscales",
			count("scale") === 0 ? "There is no scale." : `There are ${count("scale")} scales where one is wanted.`,
			count("scale") === 0 ? `${example}; use 1 where it is not known.` : "Multiply them into one.",
		);
	}
	if (count("translation") > 1) {
		const message = `There are ${count("translation")} translations where at most one is allowed.`;
		here.report("must", "translation-count", "multiscales", message, "Add them into one.");
	}
	if (types.includes("translation") && types.indexOf("translation") < types.indexOf("scale")) {
		here.report(
			"must",
			"translation-order",
			"multiscales",
			"The translation comes before the scale.",
			"List the scale first, and give the translation in physical units.",
		);
	}
}

function checkStep(step: unknown, place: Place, ndim: number | undefined): void {
	const type = isFields(step) ? step.type : undefined;
	if (!isFields(step) || typeof type !== "string") {
		const message = `A transformation is ${shown(step)} and has no type.`;
		place.report("must", "transformation-type", "transformations", message, `${example}.`);
		return;
	}
	if (type === "identity") {
		place.report(
			"should",
			"transformation-identity",
			"multiscales",
			"An identity transformation stands here, where only scale and translation are meant to be.",
			"Leave it out: it changes nothing.",
		);
		return;
	}
	if (type !== "scale" && type !== "translation") {
		const message = `A transformation is of the type ${shown(type)}; only scale and translation are allowed.`;
		place.at("type").report("must", "transformation-type", "multiscales", message, `${example}.`);
		return;
	}
	const values = step[type];
	if (values === undefined && typeof step.path === "string") return;
	const here = place.at(type);
	const named = type === "scale" ? "size of a pixel" : "position of the first pixel";
	if (!Array.isArray(values) || !values.every((value) => Number.isFinite(value))) {
		(values === undefined ? place : here).report(
			"must",
			"transformation-values",
			"transformations",
			`The ${type} is ${shown(values)}, and has to be a list of numbers.`,
			`Give the ${named} along each axis, as numbers without quotes.`,
		);
		return;
	}
	if ((ndim !== undefined && values.length !== ndim) || values.length < 2) {
		here.report(
			// The specification says MUST, and its test suite has such a document as valid: the arrays decide. No image
			// has fewer than two axes.
			values.length < 2 ? "must" : "should",
			"transformation-length",
			"multiscales",
			`The ${type} has ${values.length === 1 ? "1 number" : `${values.length} numbers`}${ndim === undefined ? "" : ` for ${ndim} axes`}.`,
			`Give the ${named} for each axis, in the order of the axes.`,
		);
	}
	if (type === "scale" && values.some((value) => value <= 0)) {
		const message = `A size of a pixel is not above zero: ${values.join(", ")}.`;
		here.report(
			"note",
			"scale-positive",
			"multiscales",
			message,
			"Give its size, or 1 where it is not known.",
		);
	}
}
