import { children, type Node } from "./parse.ts";

/** The names that a program assigns to, anywhere and in any form: `a = 1`, `a++`, `[a, b] = …`, `for (a of …)`. */
export function assignedNames(node: Node, found: Set<string> = new Set()): Set<string> {
	if (node.type === "AssignmentExpression" || /^For(In|Of)Statement$/.test(node.type)) {
		addTargets(node.left, found);
	} else if (node.type === "UpdateExpression") addTargets(node.argument, found);
	for (const child of children(node)) assignedNames(child, found);
	return found;
}

/** Keys and defaults of a pattern are taken for targets, too. */
function addTargets(target: Node, found: Set<string>): void {
	if (target.type === "Identifier") found.add(target.name);
	if (target.type === "MemberExpression") return;
	for (const child of children(target)) addTargets(child, found);
}
