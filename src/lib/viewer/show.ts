/** An image to be looked at under a cell: `display(view(multiscale))`. */
import {
	type Answering,
	answerSymbol,
	type Displayable,
	type DisplayQuestion,
	displaySymbol,
	type FigureDisplay,
} from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { Multiscale } from "../multiscale/multiscale.ts";
import { figureNames, propRules } from "../plan/figure-props.ts";
import { checkRules } from "../plan/props.ts";
import type { SourceRequest } from "../stores/store.ts";
import type { TypedArray } from "../types.ts";
import type { StoreLike } from "../zarr/open.ts";
import type { ViewedImage } from "./image.ts";
import type { ViewSource } from "./loader.ts";
import { multiscaleSource, openViewSource } from "./source.ts";

/** What a viewer is told of the image that it shows. */
export interface ViewAnswer {
	image: ViewedImage;
}

/** A chunk, and the requests that it cost. */
export interface ViewQuestionAnswer {
	values?: TypedArray;
	requests: Pick<
		SourceRequest,
		"operation" | "key" | "bytes" | "started" | "milliseconds" | "status" | "source"
	>[];
}

/** How a viewer begins. */
export interface ViewOptions {
	/** Group or array inside a store; default its root. */
	path?: string;
	title?: string;
	/** One plane, three that cross, or the volume. */
	layout?: "plane" | "planes" | "volume";
	/** Show the borders of chunks; default true. */
	borders?: boolean;
}

/** An image that is looked at; chunks are read as they come into view. */
export class ImageView implements Displayable, Answering {
	readonly #source: () => Promise<ViewSource>;
	readonly #options: ViewOptions;
	#opened?: Promise<ViewSource>;

	constructor(source: () => Promise<ViewSource>, options: ViewOptions) {
		this.#source = source;
		this.#options = options;
	}

	toString(): string {
		return "<ImageView: shown by a viewer under a cell>";
	}

	[displaySymbol](): FigureDisplay {
		const { path: _, ...props } = this.#options;
		return { kind: "figure", figure: "viewer", props };
	}

	async [answerSymbol](question: DisplayQuestion): Promise<ViewAnswer | ViewQuestionAnswer> {
		this.#opened ??= this.#source();
		const opened = await this.#opened;
		if (!("chunk" in question) || question.chunk === null) return { image: opened.image };
		const requests: ViewQuestionAnswer["requests"] = [];
		const { level, coords } = question.chunk;
		const values = await opened.read(level, coords, {
			signal: new AbortController().signal,
			// An error of a request cannot cross to the page.
			onRequest: ({ operation, key, bytes, started, milliseconds, status, source }) =>
				requests.push({ operation, key, bytes, started, milliseconds, status, source }),
		});
		return { values, requests };
	}
}

/**
 * An image to look at: a multiscale in memory, or a store that holds an OME-Zarr, an N5 or an array. Display it, or end
 * a cell with it.
 * @throws ChunkwiseError nothing-to-view for anything else, viewer-props for options that it does not have; what
 * opening throws is told in the viewer
 */
export function view(source: Multiscale | StoreLike, options: ViewOptions = {}): ImageView {
	const { path, title, layout, borders } = propRules("viewer");
	checkRules(figureNames("viewer"), options, { path, title, layout, borders });
	if (source instanceof Multiscale) return new ImageView(async () => multiscaleSource(source), options);
	if (typeof source !== "object" || source === null || !("get" in source)) {
		throw new ChunkwiseError("nothing-to-view", "This is neither a multiscale nor a store.", {
			where: "view",
			remedy: "Give what toMultiscale() makes, or a store: view(httpStore(url)).",
		});
	}
	return new ImageView(() => openViewSource(source, options.path), options);
}
