/** D3 for cells: `create` makes its element in the worker's drawing document. */
import * as d3 from "d3";
import { drawingDocument } from "./document.ts";

export * from "d3";

export function create(name: string): unknown {
	return d3.select(d3.creator(name).call(drawingDocument.documentElement) as Element);
}

/** The document to append to, for code that makes its elements itself. */
export { drawingDocument as document };
