/** A mistake of an author's, with its place in the lesson: the build stops and prints `file:line:column`. */
export class AuthoringProblem extends Error {
	override readonly name = "AuthoringProblem";
	readonly line: number;
	readonly column: number;

	constructor(message: string, place: { line: number; column: number }) {
		super(message);
		this.line = place.line;
		this.column = place.column;
	}
}
