/**
 * How the API reference reads: the signature with its types, then the docstring. TypeDoc's own layout says parameters,
 * types and results a second time below their signature; here only what the docstring adds to them is said.
 */
import {
	type Application,
	type Comment,
	type CommentDisplayPart,
	Converter,
	type DeclarationReflection,
	type ProjectReflection,
	type Reflection,
	ReflectionKind,
	type SignatureReflection,
} from "typedoc";
import { type MarkdownPageEvent, MarkdownTheme, MarkdownThemeContext } from "typedoc-plugin-markdown";

class ReferenceContext extends MarkdownThemeContext {
	constructor(...rest: ConstructorParameters<typeof MarkdownThemeContext>) {
		super(...rest);
		const usual = this.partials;
		this.partials = {
			...usual,
			signatureReturns: () => "",
			inheritance: () => "",
			hierarchy: () => "",
			accessor: (model, options) =>
				[model.getSignature, model.setSignature]
					.filter((signature) => signature !== undefined)
					.map((signature) =>
						[
							usual.signatureTitle(signature, {
								accessor: signature.kind === ReflectionKind.GetSignature ? "get" : "set",
							}),
							signature.comment ? usual.comment(signature.comment, options) : "",
						].join("\n\n"),
					)
					.join("\n\n"),
			constructor: (model, options) =>
				(model.signatures ?? []).map((signature) => usual.signature(signature, options)).join("\n\n"),
		};
	}
}

class ReferenceTheme extends MarkdownTheme {
	override getRenderContext(page: MarkdownPageEvent<Reflection>): MarkdownThemeContext {
		return new ReferenceContext(this, page, this.application.options);
	}
}

/** Adds the theme under the name "chunkwise" and puts the comments of parameters, results and errors into sentences. */
export function addReferenceTheme(app: Application): void {
	app.renderer.defineTheme("chunkwise", ReferenceTheme);
	app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => leaveOutUsual(project));
	app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
		for (const signature of project.getReflectionsByKind(ReflectionKind.SomeSignature)) {
			sentences(signature as SignatureReflection);
		}
		for (const kind of project.getReflectionsByKind(ReflectionKind.ClassOrInterface)) {
			(kind as DeclarationReflection).implementedTypes = undefined;
		}
	});
	app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => orderAsWritten(project), afterAll);
}

/** A priority below that of TypeDoc's own sorting. */
const afterAll = -1000;

/** Members of a class or interface in the order of the source, which is chosen for readers. Ids are given in that order. */
function orderAsWritten(project: ProjectReflection): void {
	const bySource = (a: Reflection, b: Reflection) => a.id - b.id;
	for (const found of project.getReflectionsByKind(
		ReflectionKind.ClassOrInterface | ReflectionKind.TypeLiteral,
	)) {
		const { children, groups } = found as DeclarationReflection;
		children?.sort(bySource);
		for (const group of groups ?? []) group.children.sort(bySource);
	}
}

/** How a value shows itself in a cell is for the page that draws it, and every object has a toString. */
function leaveOutUsual(project: ProjectReflection): void {
	for (const member of project.getReflectionsByKind(ReflectionKind.Method)) {
		if (member.name === "toString" || member.name === "[displaySymbol]") project.removeReflection(member);
	}
}

function sentences(signature: SignatureReflection): void {
	const parameters = (signature.parameters ?? []).filter(({ comment }) => comment?.summary.length);
	const { comment } = signature;
	if (!comment) return;
	if (parameters.length > 0) {
		say(comment, "\n\n");
		for (const { name, comment: own } of parameters) {
			comment.summary.push({ kind: "text", text: `- \`${name}\`: ` }, ...(own?.summary ?? []));
			say(comment, "\n");
		}
	}
	for (const [tag, lead] of [
		["@returns", "Gives "],
		["@throws", "**Throws** "],
	] as const) {
		for (const { content } of comment.getTags(tag)) {
			say(comment, `\n\n${lead}`);
			comment.summary.push(...(tag === "@throws" ? content.map(codesMarked) : content));
		}
		comment.removeTags(tag);
	}
}

/** Codes of errors ("index-out-of-range") as code. */
function codesMarked(part: CommentDisplayPart): CommentDisplayPart {
	if (part.kind !== "text") return part;
	return { ...part, text: part.text.replace(/(?<![`\w])[a-z0-9]+(?:-[a-z0-9]+)+(?![`\w])/g, "`$&`") };
}

function say(comment: Comment, text: string): void {
	comment.summary.push({ kind: "text", text });
}
