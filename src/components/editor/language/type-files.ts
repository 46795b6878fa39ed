/** The files that TypeScript's language service sees: cells, what is around them, and declarations by their modules. */
import type ts from "typescript";
import { cellOfSpecifier } from "./cell-modules.ts";
import { compilerOptions } from "./options.ts";
import type { TypeFile } from "./type-index.ts";

interface Text {
	text: string;
	version: number;
}

export class TypeFiles {
	readonly #ts: typeof ts;
	readonly #importable: readonly string[];
	readonly #files = new Map<string, Text>();
	/** Where an import by bare name leads. */
	readonly #modules = new Map<string, string>();
	/** Files with an import that led nowhere when it was looked up, in lower case, as TypeScript asks for them. */
	readonly #unresolved = new Set<string>();
	#version = 0;

	/** @param importable what cells may import, with or without types. */
	constructor(tsc: typeof ts, importable: readonly string[]) {
		this.#ts = tsc;
		this.#importable = importable;
	}

	/** Declarations of the language or of a package. */
	add({ files, modules }: TypeFile): void {
		for (const [path, text] of Object.entries(files)) this.put(path, text);
		for (const [name, path] of Object.entries(modules)) this.#modules.set(name, path);
		this.#version++;
	}

	put(path: string, text: string): void {
		const known = this.#files.get(path);
		if (known?.text === text) return;
		this.#files.set(path, { text, version: ++this.#version });
	}

	remove(path: string): void {
		if (this.#files.delete(path)) this.#version++;
	}

	/** The file that declares what an import by this name gives. */
	ofModule(name: string): string | undefined {
		return this.#modules.get(name);
	}

	/** @param roots the files that programs consist of, as they are when it is asked. */
	host(roots: () => string[]): ts.LanguageServiceHost & Pick<ts.CompilerHost, "hasInvalidatedResolutions"> {
		const options = compilerOptions(this.#ts);
		const text = (path: string) => this.#files.get(path)?.text;
		return {
			getCompilationSettings: () => options,
			getProjectVersion: () => String(this.#version),
			getScriptFileNames: () => roots().filter((path) => this.#files.has(path)),
			getScriptVersion: (path) => String(this.#files.get(path)?.version ?? 0),
			getScriptSnapshot: (path) => {
				const found = text(path);
				return found === undefined ? undefined : this.#ts.ScriptSnapshot.fromString(found);
			},
			getCurrentDirectory: () => "/",
			getDefaultLibFileName: () => "/lib/lib.d.ts",
			fileExists: (path) => this.#files.has(path),
			readFile: text,
			resolveModuleNameLiterals: (literals, file) => {
				const found = literals.map(({ text: specifier }) => this.#resolve(specifier, file));
				if (found.includes(undefined)) this.#unresolved.add(file.toLowerCase());
				else this.#unresolved.delete(file.toLowerCase());
				return found.map((resolvedModule) => ({ resolvedModule }));
			},
			// A question may come before the declarations of what a cell imports: TypeScript would remember that.
			hasInvalidatedResolutions: (path) => this.#unresolved.has(path.toLowerCase()),
		};
	}

	#resolve(specifier: string, file: string): ts.ResolvedModuleFull | undefined {
		const path = this.#pathOf(specifier, file);
		if (!path || !this.#files.has(path)) return undefined;
		const { Dts, Ts } = this.#ts.Extension;
		return { resolvedFileName: path, extension: path.endsWith(".d.ts") ? Dts : Ts };
	}

	#pathOf(specifier: string, file: string): string | undefined {
		const isCell = file.startsWith("/cells/");
		if (isCell && cellOfSpecifier(specifier)) return cellOfSpecifier(specifier);
		if (isCell && !this.#importable.includes(specifier)) return undefined;
		if (!specifier.startsWith(".")) return this.#modules.get(specifier);
		const base = new URL(specifier, `file://${file}`).pathname.replace(/\.(d\.ts|js|ts)$/, "");
		return [`${base}.d.ts`, `${base}/index.d.ts`].find((path) => this.#files.has(path));
	}
}
