/** What Monaco asks while the reader types, answered by the language worker. */
import {
	type editor,
	type IRange,
	languages,
	MarkerSeverity,
	type Position,
	Uri,
} from "monaco-editor/editor/editor.api.js";
import { ask } from "./language/client.ts";
import type { Problem, SignatureTrigger, Suggestion } from "./language/protocol.ts";

const scheme = "chunkwise-cell";
let models = 0;

/** The address of a cell's model; a cell that is opened twice has two models. */
export function cellUri(cell: string): Uri {
	return Uri.from({ scheme, path: `/${++models}/${cell}` });
}

function cellOf(model: editor.ITextModel): string | undefined {
	return model.uri.scheme === scheme ? model.uri.path.replace(/^\/\d+\//, "") : undefined;
}

function rangeOf(model: editor.ITextModel, start: number, length: number): IRange {
	const from = model.getPositionAt(start);
	const to = model.getPositionAt(start + length);
	return {
		startLineNumber: from.lineNumber,
		startColumn: from.column,
		endLineNumber: to.lineNumber,
		endColumn: to.column,
	};
}

/** Types are a help: where they fail, typing goes on without. The line under the editor says so. */
async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
	try {
		return await answer;
	} catch {
		return undefined;
	}
}

const { CompletionItemKind } = languages;
const kinds: Record<string, languages.CompletionItemKind> = {
	"primitive type": CompletionItemKind.Keyword,
	keyword: CompletionItemKind.Keyword,
	var: CompletionItemKind.Variable,
	let: CompletionItemKind.Variable,
	const: CompletionItemKind.Variable,
	"local var": CompletionItemKind.Variable,
	parameter: CompletionItemKind.Variable,
	property: CompletionItemKind.Field,
	getter: CompletionItemKind.Field,
	setter: CompletionItemKind.Field,
	function: CompletionItemKind.Function,
	"local function": CompletionItemKind.Function,
	method: CompletionItemKind.Method,
	enum: CompletionItemKind.Enum,
	"enum member": CompletionItemKind.EnumMember,
	module: CompletionItemKind.Module,
	class: CompletionItemKind.Class,
	interface: CompletionItemKind.Interface,
	type: CompletionItemKind.Interface,
	alias: CompletionItemKind.Variable,
	string: CompletionItemKind.Value,
};

type Item = languages.CompletionItem & {
	from: { model: editor.ITextModel; cell: string; offset: number } & Suggestion;
};

async function suggest(
	model: editor.ITextModel,
	position: Position,
): Promise<languages.CompletionList | null> {
	const cell = cellOf(model);
	if (!cell) return null;
	const offset = model.getOffsetAt(position);
	const found = await orNothing(ask("suggestions", cell, offset));
	if (!found || model.isDisposed()) return null;
	const word = model.getWordUntilPosition(position);
	const atWord: IRange = {
		startLineNumber: position.lineNumber,
		startColumn: word.startColumn,
		endLineNumber: position.lineNumber,
		endColumn: word.endColumn,
	};
	return {
		suggestions: found.map(
			(suggestion): Item => ({
				label: suggestion.from
					? { label: suggestion.name, description: suggestion.from }
					: { label: suggestion.name },
				kind: kinds[suggestion.kind] ?? CompletionItemKind.Property,
				insertText: suggestion.name,
				sortText: suggestion.sortText,
				range: suggestion.replaces
					? rangeOf(model, suggestion.replaces.start, suggestion.replaces.length)
					: atWord,
				tags: suggestion.deprecated ? [languages.CompletionItemTag.Deprecated] : undefined,
				from: { model, cell, offset, ...suggestion },
			}),
		),
	};
}

async function resolveSuggestion(item: languages.CompletionItem): Promise<languages.CompletionItem> {
	const { model, cell, offset, name, from } = (item as Item).from;
	const detail = await orNothing(ask("suggestionDetail", cell, offset, name, from));
	if (!detail || model.isDisposed()) return item;
	return {
		...item,
		detail: detail.code,
		documentation: { value: detail.docs },
		additionalTextEdits: detail.edits.map(({ start, length, text }) => ({
			range: rangeOf(model, start, length),
			text,
		})),
	};
}

async function hover(model: editor.ITextModel, position: Position): Promise<languages.Hover | null> {
	const cell = cellOf(model);
	if (!cell) return null;
	const found = await orNothing(ask("hover", cell, model.getOffsetAt(position)));
	if (!found || model.isDisposed()) return null;
	return {
		range: rangeOf(model, found.start, found.length),
		contents: [{ value: `\`\`\`typescript\n${found.code}\n\`\`\`` }, { value: found.docs }],
	};
}

async function signature(
	model: editor.ITextModel,
	position: Position,
	_token: unknown,
	context: languages.SignatureHelpContext,
): Promise<languages.SignatureHelpResult | null> {
	const cell = cellOf(model);
	if (!cell) return null;
	let trigger: SignatureTrigger = { kind: "invoked" };
	if (context.isRetrigger) trigger = { kind: "retrigger" };
	else if (context.triggerCharacter)
		trigger = { kind: "characterTyped", character: context.triggerCharacter };
	const found = await orNothing(ask("signature", cell, model.getOffsetAt(position), trigger));
	if (!found || model.isDisposed()) return null;
	return {
		dispose: () => {},
		value: {
			activeSignature: found.active,
			activeParameter: found.parameter,
			signatures: found.signatures.map(({ label, docs, parameters }) => ({
				label,
				documentation: { value: docs },
				parameters: parameters.map(({ range, docs }) => ({ label: range, documentation: { value: docs } })),
			})),
		},
	};
}

/** Squiggles: red for mistakes, calm ones for blanks. */
export function markers(model: editor.ITextModel, problems: readonly Problem[]): editor.IMarkerData[] {
	return problems.map(({ kind, start, length, message }) => ({
		severity: kind === "error" ? MarkerSeverity.Error : MarkerSeverity.Info,
		message,
		...rangeOf(model, start, Math.max(length, 1)),
	}));
}

let registered = false;
export function registerProviders(): void {
	if (registered) return;
	registered = true;
	languages.registerCompletionItemProvider("typescript", {
		triggerCharacters: [".", '"', "'"],
		provideCompletionItems: suggest,
		resolveCompletionItem: resolveSuggestion,
	});
	languages.registerHoverProvider("typescript", { provideHover: hover });
	languages.registerSignatureHelpProvider("typescript", {
		signatureHelpTriggerCharacters: ["(", ","],
		provideSignatureHelp: signature,
	});
}
