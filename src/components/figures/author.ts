/** What an author of a lesson is told at build time when a figure cannot be drawn. */
import { isChunkwiseError } from "../../lib/errors.ts";
import {
	type CheckedFigure,
	checkProps,
	type FigureProps,
	figureNames,
} from "../../lib/plan/figure-props.ts";

/**
 * A figure's markup for a page.
 * @param page its path in the site, for the message
 * @throws Error which names the component, the page, what is wrong and what is allowed, and ends the build
 */
export async function drawFigure<F extends CheckedFigure>(
	figure: F,
	page: string,
	props: FigureProps[F],
	draw: () => string | Promise<string>,
): Promise<string> {
	try {
		checkProps(figure, props);
		return await draw();
	} catch (error) {
		if (!isChunkwiseError(error)) throw error;
		const { message, remedy } = error as Error & { remedy: string };
		throw new Error(`<${figureNames(figure).component}> on the page ${page}: ${message} ${remedy}`, {
			cause: error,
		});
	}
}
