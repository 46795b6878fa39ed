/** What an author of a lesson is told at build time when a figure cannot be drawn. */
import { isChunkwiseError } from "../../lib/errors.ts";
import {
	type CheckedFigure,
	checkProps,
	type FigureProps,
	figureNames,
} from "../../lib/plan/figure-props.ts";

/** What the Markdown plugin adds to a figure's props. */
export interface Placed {
	/** Where it stands in its lesson: `src/content/docs/lessons/chunks.mdx:41:1`. */
	at?: string;
}

/**
 * A figure's markup for a page.
 * @param place where it stands, as far as is known, for the message: in the lesson's file, on the site's page
 * @throws Error which names the component, its place, what is wrong and what is allowed, and ends the build
 */
export async function drawFigure<F extends CheckedFigure>(
	figure: F,
	{ at, page }: Placed & { page: string },
	props: FigureProps[F],
	draw: () => string | Promise<string>,
): Promise<string> {
	try {
		checkProps(figure, props);
		return await draw();
	} catch (error) {
		if (!isChunkwiseError(error)) throw error;
		const { message, remedy } = error as Error & { remedy: string };
		const { component } = figureNames(figure);
		const where = at ? `${at}\n<${component}>:` : `<${component}> on the page ${page}:`;
		throw new Error(`${where} ${message} ${remedy}`, { cause: error });
	}
}
