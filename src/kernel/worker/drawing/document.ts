/** A document for Plot and D3 to draw into: the worker has none of its own. What is drawn crosses as markup. */
import { parseHTML } from "linkedom";

export const drawingDocument: Document = parseHTML("<!doctype html><html><body></body></html>")
	.document as never;
