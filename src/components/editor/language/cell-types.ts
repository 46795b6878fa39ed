/**
 * The types of a lesson's cells: problems, suggestions, hovers and signatures, over TypeScript's language service.
 * Runs the same in the page's language worker and in Node, where the tests of the lessons use it.
 */
import type ts from "typescript";
import { type CellModule, cellModules, cellPath, nameReader } from "./cell-modules.ts";
import { documentation, plainText } from "./documentation.ts";
import { importEdit } from "./import-edit.ts";
import { problemOf } from "./messages.ts";
import type {
	CellText,
	Hover,
	Problem,
	SignatureHelp,
	SignatureTrigger,
	Suggestion,
	SuggestionDetail,
} from "./protocol.ts";
import { cellSurroundings } from "./surroundings.ts";
import { TypeFiles } from "./type-files.ts";
import type { TypeFile } from "./type-index.ts";

const surroundings = "/surroundings.d.ts";
/** Where what else every cell sees stands, if there is any. */
const more = "/more.d.ts";

export class CellTypes {
	readonly #ts: typeof ts;
	readonly #service: ts.LanguageService;
	readonly #files: TypeFiles;
	readonly #readNames: ReturnType<typeof nameReader>;
	readonly #importable: readonly string[];
	#cells: CellModule[] = [];

	/** @param importable what cells may import, with or without types. */
	constructor(tsc: typeof ts, importable: readonly string[]) {
		this.#ts = tsc;
		this.#importable = importable;
		this.#readNames = nameReader(tsc);
		this.#files = new TypeFiles(tsc, importable);
		this.#files.put(surroundings, cellSurroundings);
		const roots = () => [surroundings, more, ...this.#cells.map(({ path }) => path)];
		this.#service = tsc.createLanguageService(this.#files.host(roots));
	}

	/** Declarations of the language or of a package. */
	add(types: TypeFile): void {
		this.#files.add(types);
	}

	/** More declarations that every cell sees, as those of a check. */
	surround(text: string): void {
		this.#files.put(more, text);
	}

	/** The lesson's cells as they are now, in order. */
	setCells(cells: readonly CellText[]): void {
		const before = this.#cells;
		this.#cells = cellModules(cells, this.#readNames);
		for (const { path, before, source } of this.#cells) this.#files.put(path, before + source);
		const kept = new Set(this.#cells.map(({ path }) => path));
		for (const { path } of before) if (!kept.has(path)) this.#files.remove(path);
	}

	/** The modules that the cells import and that may be imported. */
	imports(): string[] {
		const found = new Set<string>();
		for (const { source } of this.#cells) {
			for (const { fileName } of this.#ts.preProcessFile(source, true, true).importedFiles) {
				if (this.#importable.includes(fileName)) found.add(fileName);
			}
		}
		return [...found];
	}

	problems(id: string): Problem[] {
		const cell = this.#cell(id);
		if (!cell) return [];
		const around = {
			cell,
			cells: this.#cells,
			importable: this.#importable,
			isMissing: (name: string) => this.#importable.includes(name) && !this.#files.ofModule(name),
		};
		const found = [
			...this.#service.getSyntacticDiagnostics(cell.path),
			...this.#service.getSemanticDiagnostics(cell.path),
		]
			.map((diagnostic) => problemOf(this.#ts, diagnostic, around))
			.filter((problem) => problem !== undefined);
		// One blank is one gap, however many things are wrong with it.
		return found
			.filter(
				(problem, i) =>
					found.findIndex(
						({ kind, start, message }) =>
							kind === problem.kind &&
							start === problem.start &&
							(kind === "blank" || message === problem.message),
					) === i,
			)
			.sort((a, b) => a.start - b.start);
	}

	suggestions(id: string, offset: number): Suggestion[] {
		const cell = this.#cell(id);
		if (!cell) return [];
		const before = cell.before.length;
		const quoted = /(?:\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'\n]*)$/.exec(cell.source.slice(0, offset));
		if (quoted) {
			const start = offset - quoted[2].length;
			return this.#importable.map((name) => ({
				name,
				kind: "module",
				sortText: name,
				replaces: { start, length: quoted[2].length },
			}));
		}
		const found = this.#service.getCompletionsAtPosition(cell.path, before + offset, undefined);
		const suggestions = (found?.entries ?? []).map((entry) => {
			const suggestion: Suggestion = { name: entry.name, kind: entry.kind, sortText: entry.sortText };
			if (cell.seen.has(entry.name)) suggestion.sortText = "10";
			if (entry.replacementSpan) {
				const { start, length } = entry.replacementSpan;
				suggestion.replaces = { start: start - before, length };
			}
			if (entry.kindModifiers?.includes("deprecated")) suggestion.deprecated = true;
			return suggestion;
		});
		if (found?.isGlobalCompletion) suggestions.push(...this.#importableNames(cell, suggestions));
		return suggestions;
	}

	suggestionDetail(id: string, offset: number, name: string, from?: string): SuggestionDetail | undefined {
		const cell = this.#cell(id);
		if (!cell) return undefined;
		if (from !== undefined) return this.#importDetail(cell, name, from);
		const at = cell.before.length + offset;
		const found = this.#service.getCompletionEntryDetails(
			cell.path,
			at,
			name,
			undefined,
			undefined,
			undefined,
			undefined,
		);
		if (!found) return undefined;
		const { displayParts, documentation: docs, tags } = found;
		return { code: tidy(plainText(displayParts)), docs: documentation(docs, tags), edits: [] };
	}

	hover(id: string, offset: number): Hover | undefined {
		const cell = this.#cell(id);
		if (!cell) return undefined;
		const before = cell.before.length;
		const info = this.#service.getQuickInfoAtPosition(cell.path, before + offset);
		if (!info || info.textSpan.start < before) return undefined;
		const start = info.textSpan.start - before;
		const docs = [documentation(info.documentation, info.tags)];
		const name = cell.source.slice(start, start + info.textSpan.length);
		const from =
			this.#isOwnWord(cell, offset) && this.#cells.find((other) => other.id === cell.seen.get(name));
		if (from) docs.push(`From “${from.title}”.`);
		return {
			start,
			length: info.textSpan.length,
			code: tidy(plainText(info.displayParts)),
			docs: docs.filter(Boolean).join("\n\n"),
		};
	}

	signature(id: string, offset: number, trigger: SignatureTrigger): SignatureHelp | undefined {
		const cell = this.#cell(id);
		if (!cell) return undefined;
		const { kind, character } = trigger;
		const triggerReason = (
			kind === "characterTyped" ? { kind, triggerCharacter: character } : { kind }
		) as ts.SignatureHelpTriggerReason;
		const found = this.#service.getSignatureHelpItems(cell.path, cell.before.length + offset, {
			triggerReason,
		});
		if (!found) return undefined;
		return {
			active: found.selectedItemIndex,
			parameter: found.argumentIndex,
			signatures: found.items.map((item) => {
				let label = plainText(item.prefixDisplayParts);
				const parameters = item.parameters.map((parameter, i) => {
					if (i > 0) label += plainText(item.separatorDisplayParts);
					const start = label.length;
					label += plainText(parameter.displayParts);
					return {
						range: [start, label.length] as [number, number],
						docs: documentation(parameter.documentation, undefined),
					};
				});
				label += plainText(item.suffixDisplayParts);
				return { label, docs: documentation(item.documentation, undefined), parameters };
			}),
		};
	}

	/** Names that the library exports and that the cell could import. */
	#importableNames(cell: CellModule, known: readonly Suggestion[]): Suggestion[] {
		const taken = new Set(known.map(({ name }) => name));
		return this.#exportsOf("chunkwise")
			.filter(
				(symbol) =>
					!taken.has(symbol.name) &&
					!cell.names.has(symbol.name) &&
					(symbol.flags & this.#ts.SymbolFlags.Type) === 0,
			)
			.map(({ name }) => ({ name, kind: "const", sortText: "16", from: "chunkwise" }));
	}

	#importDetail(cell: CellModule, name: string, from: string): SuggestionDetail | undefined {
		const symbol = this.#exportsOf(from).find((other) => other.name === name);
		const checker = this.#service.getProgram()?.getTypeChecker();
		if (!symbol || !checker) return undefined;
		const target = symbol.flags & this.#ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
		const type =
			target.valueDeclaration && checker.getTypeOfSymbolAtLocation(target, target.valueDeclaration);
		return {
			code: type ? `${name}: ${checker.typeToString(type)}` : name,
			docs: documentation(target.getDocumentationComment(checker), target.getJsDocTags(checker)),
			edits: [importEdit(this.#ts, cell.source, name, from)],
		};
	}

	#exportsOf(module: string): ts.Symbol[] {
		const program = this.#service.getProgram();
		const file = program?.getSourceFile(this.#files.ofModule(module) ?? "");
		const checker = program?.getTypeChecker();
		const symbol = file && checker?.getSymbolAtLocation(file);
		return (symbol && checker?.getExportsOfModule(symbol)) ?? [];
	}

	/** True where the word at an offset is a name by itself, and no property of something. */
	#isOwnWord({ source }: CellModule, offset: number): boolean {
		const word = /[\w$]*$/.exec(source.slice(0, offset)) as RegExpExecArray;
		return !/\.\s*$/.test(source.slice(0, word.index));
	}

	#cell(id: string): CellModule | undefined {
		const path = cellPath(id);
		return this.#cells.find((cell) => cell.path === path);
	}
}

/** Names of earlier cells come by imports that the reader did not write: hovers do not speak of them. */
function tidy(code: string): string {
	return code.replace(/^\(alias\) /, "").replace(/\nimport [\w$]+$/, "");
}
