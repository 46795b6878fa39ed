/** How cells are checked, in the editor and in the tests alike. */
import type ts from "typescript";

export function compilerOptions({
	ModuleDetectionKind,
	ModuleKind,
	ModuleResolutionKind,
	ScriptTarget,
}: typeof ts): ts.CompilerOptions {
	return {
		target: ScriptTarget.ES2023,
		module: ModuleKind.Preserve,
		moduleResolution: ModuleResolutionKind.Bundler,
		// A cell is a module of its own also before it imports or exports anything.
		moduleDetection: ModuleDetectionKind.Force,
		// Cells run in a worker: `document` is not there, and must not be offered.
		lib: ["lib.es2023.d.ts", "lib.webworker.d.ts"],
		types: [],
		strict: true,
		// A learner who catches an error wants to print its message.
		useUnknownInCatchVariables: false,
		noEmit: true,
		skipLibCheck: true,
		allowImportingTsExtensions: true,
	};
}
