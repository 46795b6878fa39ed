/**
 * The types that the editor knows: declarations of `chunkwise`, made from src/lib with their docstrings, of the other
 * modules that cells may import, and of the language itself, as one JSON file a package in public/data/types. The
 * page fetches those that its cells import. Generated and not committed; made anew where src/lib, a package or this
 * script changed.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { compilerOptions } from "../src/components/editor/language/options.ts";
import type { TypeFile, TypeIndex } from "../src/components/editor/language/type-index.ts";
import { moduleNames } from "../src/kernel/worker/modules.ts";
import { publicDir, root } from "./paths.ts";

const library = join(root, "src", "lib");
const modulesDir = join(root, "node_modules");
const own = "chunkwise";

/** Packages whose declarations name a file that is not there. */
const misnamed: Record<string, string> = { "numcodecs/gzip": "numcodecs/dist/gzip.d.ts" };

/** Docs of these are long and are not what a learner asks about. */
const withoutDocs = (path: string) => /\/lib\.(webworker|decorators)/.test(path);

/** Makes the files below `publicDir`. */
export function makeEditorTypes(publicFolder = publicDir): TypeIndex {
	const folder = join(publicFolder, "data", "types");
	const stamp = stampOf();
	const known = readIndex(folder);
	if (known?.stamp === stamp) return known;
	const started = performance.now();
	const { index, files } = editorTypes();
	mkdirSync(folder, { recursive: true });
	for (const [name, text] of files) writeFileSync(join(folder, name), text);
	writeFileSync(join(folder, "index.json"), JSON.stringify({ stamp, ...index }));
	for (const name of readdirSync(folder)) {
		if (name !== "index.json" && !files.has(name)) rmSync(join(folder, name));
	}
	const seconds = ((performance.now() - started) / 1000).toFixed(1);
	console.log(`types: made ${files.size} files for the editor in ${seconds} s.`);
	return index;
}

/** The index, and each file's text by its name. */
export function editorTypes(): { index: TypeIndex; files: Map<string, string> } {
	const { packages, modules } = gather();
	const files = new Map<string, string>();
	const nameOf = (label: string, file: TypeFile): string => {
		const text = JSON.stringify(file);
		const name = `${label}.${createHash("sha256").update(text).digest("hex").slice(0, 10)}.json`;
		files.set(name, text);
		return name;
	};
	const index: TypeIndex = { typescript: ts.version, library: "", modules, packages: {} };
	for (const [name, found] of packages) {
		const file: TypeFile = { from: [found.from], files: found.files, modules: found.modules };
		const label = name.replace(/^@/, "").replaceAll("/", "-");
		if (name === "typescript") index.library = nameOf("language", file);
		else index.packages[name] = { file: nameOf(label, file), needs: [...found.needs].sort() };
	}
	return { index, files };
}

interface Package {
	from: string;
	files: Record<string, string>;
	modules: Record<string, string>;
	needs: Set<string>;
}

/** Reads what an import of every allowed module reaches. */
function gather(): { packages: Map<string, Package>; modules: Record<string, string> } {
	const declarations = ownDeclarations();
	const entry = join(root, "every-module.ts");
	const text = moduleNames.map((name, i) => `import * as m${i} from ${JSON.stringify(name)};`).join("\n");
	const options: ts.CompilerOptions = {
		...compilerOptions(ts),
		paths: Object.fromEntries(
			Object.entries(misnamed).map(([name, path]) => [name, [join(modulesDir, path)]]),
		),
	};
	const host = ts.createCompilerHost(options);
	const { fileExists, readFile, getSourceFile } = host;
	const virtual = (name: string) => (name === entry ? text : declarations.get(name));
	host.fileExists = (name) => virtual(name) !== undefined || fileExists.call(host, name);
	host.readFile = (name) => virtual(name) ?? readFile.call(host, name);
	host.getSourceFile = (name, language, ...rest) => {
		const found = virtual(name);
		return found === undefined
			? getSourceFile.call(host, name, language, ...rest)
			: ts.createSourceFile(name, found, language);
	};
	const cache = ts.createModuleResolutionCache(root, (name) => name, options);
	const resolveFrom = (specifier: string, file: string): ts.ResolvedModuleFull | undefined => {
		if (specifier === own)
			return {
				resolvedFileName: ownPath("index.d.ts"),
				extension: ts.Extension.Dts,
				isExternalLibraryImport: true,
			};
		const inside = declarations.has(file) && specifier.startsWith(".");
		const wanted = inside ? specifier.replace(/\.ts$/, ".d.ts") : specifier;
		if (inside) return { resolvedFileName: join(dirname(file), wanted), extension: ts.Extension.Dts };
		return ts.resolveModuleName(specifier, file, options, host, cache).resolvedModule;
	};
	host.resolveModuleNameLiterals = (literals, file) =>
		literals.map(({ text: specifier }) => ({ resolvedModule: resolveFrom(specifier, file) }));
	const program = ts.createProgram([entry], options, host);

	const packages = new Map<string, Package>();
	for (const file of program.getSourceFiles()) {
		if (file.fileName === entry) continue;
		const isLibrary = program.isSourceFileDefaultLibrary(file);
		const name = isLibrary ? "typescript" : packageOf(file.fileName);
		const found = packages.get(name) ?? { from: describe(name), files: {}, modules: {}, needs: new Set() };
		packages.set(name, found);
		const path = isLibrary ? `/lib/${file.fileName.split("/").at(-1)}` : sitePath(file.fileName);
		found.files[path] = withoutComments(file.text, withoutDocs(path));
		for (const specifier of specifiers(file)) {
			const target = resolveFrom(specifier, file.fileName)?.resolvedFileName;
			if (!target) continue;
			const other = packageOf(target);
			if (other !== name) found.needs.add(other);
			if (!specifier.startsWith(".")) found.modules[specifier] = sitePath(target);
		}
	}
	const modules: Record<string, string> = {};
	for (const name of moduleNames) {
		const target = resolveFrom(name, entry)?.resolvedFileName;
		if (!target) throw new Error(`The types of "${name}" were not found.`);
		const owner = packageOf(target);
		modules[name] = owner;
		(packages.get(owner) as Package).modules[name] = sitePath(target);
	}
	return { packages, modules };
}

/** src/lib as declarations, those alone that index.d.ts reaches. */
function ownDeclarations(): Map<string, string> {
	const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config;
	const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
	const made = new Map<string, string>();
	const program = ts.createProgram([join(library, "index.ts")], {
		...options,
		noEmit: false,
		declaration: true,
		emitDeclarationOnly: true,
		stripInternal: true,
		rootDir: library,
		outDir: ownPath("."),
		// Types are checked where they are tested.
		noCheck: true,
	});
	program.emit(undefined, (name, text) => made.set(resolve(name), text), undefined, true);
	return made;
}

const ownPath = (name: string) => join(modulesDir, own, name);

function specifiers(file: ts.SourceFile): string[] {
	return ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** @types/d3-array belongs to @types/d3: nobody asks for one without the other. */
function packageOf(path: string): string {
	const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
	if (!name) throw new Error(`${path} is in no package`);
	if (/^@types\/(d3-.*|geojson)$/.test(name)) return "@types/d3";
	if (name === "@zarrita/storage") return "zarrita";
	return name;
}

/** Where a file is in the editor's own small file system. */
function sitePath(path: string): string {
	return path.slice(path.lastIndexOf("/node_modules/"));
}

function describe(name: string): string {
	const file = name === own ? join(root, "package.json") : join(modulesDir, name, "package.json");
	const { version, license } = JSON.parse(readFileSync(file, "utf8"));
	return `${name} ${version} (${license})`;
}

/** Without what nobody reads: licence texts and plain comments; docs stay unless told. */
function withoutComments(text: string, docsToo: boolean): string {
	const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
	let out = "";
	for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
		const token = scanner.getTokenText();
		if (kind === ts.SyntaxKind.SingleLineCommentTrivia) {
			// `/// <reference …>` says which other files belong to this one.
			if (/^\/\/\/\s*<reference/.test(token)) out += token;
		} else if (kind === ts.SyntaxKind.MultiLineCommentTrivia) {
			if (!docsToo && /^\/\*\*\s/.test(token)) out += token;
		} else if (kind === ts.SyntaxKind.WhitespaceTrivia) {
			if (!/\s$/.test(out)) out += " ";
		} else if (kind === ts.SyntaxKind.NewLineTrivia) {
			out = out.replace(/ +$/, "");
			if (!out.endsWith("\n")) out += "\n";
		} else out += token;
	}
	return out;
}

/** Changes when anything does that the files are made of. */
function stampOf(): string {
	const hash = createHash("sha256");
	const visit = (path: string) => {
		if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
		else hash.update(`${path}\0`).update(readFileSync(path));
	};
	visit(library);
	for (const path of [
		join(import.meta.dirname, "editor-types.ts"),
		join(root, "src", "kernel", "worker", "modules.ts"),
		join(root, "src", "components", "editor", "language", "options.ts"),
		join(root, "package-lock.json"),
	])
		visit(path);
	return hash.digest("hex");
}

function readIndex(folder: string): (TypeIndex & { stamp: string }) | undefined {
	try {
		const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
		const packages = Object.values((index as TypeIndex).packages);
		const files = [index.library, ...packages.map(({ file }) => file)];
		return files.every((file) => statSync(join(folder, file), { throwIfNoEntry: false })) ? index : undefined;
	} catch {
		// Absent or unreadable: made anew.
		return undefined;
	}
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) makeEditorTypes();
