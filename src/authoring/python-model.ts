/** `:::python` beside a cell: the same step in Python. It is real code, which the interoperability tests run. */
import { fenceRole, type Place, parseWords } from "./fence.ts";
import { isDirective, type MarkdownNode, placeOf } from "./markdown.ts";
import { AuthoringProblem } from "./problem.ts";

export interface PythonModel {
	/** The cell that does the same. */
	cell: string;
	code: string;
	place: Place;
}

/** The Python of a `:::python`, whose sibling before it must be a cell. */
export function pythonModel(node: MarkdownNode, before: MarkdownNode | undefined): PythonModel {
	const place = placeOf(node);
	const fence = before?.type === "code" ? fenceRole(before.meta) : undefined;
	if (!before || fence?.role !== "cell") {
		throw new AuthoringProblem(
			"“:::python” belongs to the cell right above it, and there is none. Put it directly below its cell.",
			place,
		);
	}
	const codes = (node.children ?? []).filter((child) => child.type === "code");
	if (codes.length !== 1 || !/^(python|py)$/.test(codes[0].lang ?? "")) {
		throw new AuthoringProblem(
			"“:::python” holds one ```python fence.",
			codes[1] ? placeOf(codes[1]) : place,
		);
	}
	const { id } = parseWords(fence.rest, placeOf(before));
	return { cell: String(id), code: codes[0].value ?? "", place };
}

/** Whether a `:::python` directive. */
export function isPython(node: MarkdownNode): boolean {
	return isDirective(node, "python");
}
