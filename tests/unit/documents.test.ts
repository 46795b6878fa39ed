/** What README.md and docs/ print can be done as it is printed: commands, a program, and pieces of code by their types. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveFolder } from "../../src/cli/serve.ts";
import { writeTiff } from "../../src/lib/tiff/write.ts";
import { cli, startCli } from "../support/cli.ts";

const root = join(import.meta.dirname, "../..");
const read = (name: string) => readFileSync(join(root, name), "utf8");
/** The blocks of code of a document in one language. */
const blocks = (name: string, language: string) =>
	[...read(name).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
		.filter(([, found]) => found === language)
		.map(([, , code]) => code);

let folder: string;
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise documents "));
	const data = Uint16Array.from({ length: 9 * 40 * 50 }, (_, i) => (i * 7919) % 4093);
	const tiff = await writeTiff({ data, shape: [9, 40, 50], dtype: "uint16" });
	for (const name of ["cells.tif", "image.tif"]) writeFileSync(join(folder, name), tiff);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the program of README.md runs", async () => {
	const [program] = blocks("README.md", "js");
	const library = JSON.stringify(join(root, "src/lib/node.ts"));
	expect(program).toContain('from "chunkwise/node"');
	writeFileSync(join(folder, "program.ts"), program.replace('"chunkwise/node"', library));
	const { stdout } = await promisify(execFile)(process.execPath, ["program.ts"], { cwd: folder });
	expect(stdout).toContain("name: 'cells'");
	expect(stdout).toContain("datasets:");
});

test("the commands of README.md do what they should", async () => {
	const commands =
		blocks("README.md", "sh")
			.join("")
			.match(/^npx chunkwise .*$/gm) ?? [];
	const calls = commands.map((line) => line.split(" ").slice(2));
	expect(new Set(calls.map(([name]) => name))).toEqual(
		new Set(["info", "stats", "ls", "tree", "validate", "convert", "download", "serve"]),
	);
	const done = async (...args: string[]) => {
		const { code, stderr } = await cli(folder, ...args);
		expect([args, code, stderr]).toEqual([args, 0, expect.anything()]);
	};
	// The addresses of example.org hold nothing: the same image here, converted by the command that is printed.
	const isConvert = ([name]: string[]) => name === "convert";
	await done(...(calls.find(isConvert) as string[]));
	await Promise.all([
		done("convert", "image.ome.zarr", "image.ozx"),
		done("convert", "image.ome.zarr", "image.n5", "--format", "n5"),
	]);
	const served = await serveFolder(folder, { port: 0 });
	mkdirSync(join(folder, "downloads"));
	try {
		await Promise.all(
			calls
				.filter((args) => !isConvert(args) && args[0] !== "serve")
				.map((args) =>
					args.map((arg, i) =>
						args[0] === "download" && i === 2
							? "downloads/image.ome.zarr"
							: arg.replace("https://example.org/", served.url),
					),
				)
				.map((args) => done(...args)),
		);
	} finally {
		await served.close();
	}
	const [serve] = calls.filter(([name]) => name === "serve");
	const server = startCli(folder, [...serve, "--port", "0"]);
	await new Promise((heard) => server.child.stdout?.once("data", heard));
	server.child.kill("SIGINT");
	expect((await server.ended).code).toBe(0);
});

/** What the pieces of code in docs/ take for granted. */
const given = `
import * as zarr from "zarrita";
import * as chunkwise from "chunkwise/node";
declare global {
	const { directoryStore, fileListStore, zipStore, httpSource, writeZip, writeZipTo, s3Store, startBucket, fileSource }: typeof chunkwise;
	function showDirectoryPicker(): Promise<FileSystemDirectoryHandle>;
	const handle: FileSystemDirectoryHandle;
	const input: { files: FileList };
	const file: File;
	const memory: chunkwise.MemoryStore;
	const stream: WritableStream<Uint8Array>;
	const bucket: any, prefix: string, region: string, accessKeyId: string, secretAccessKey: string;
}
void zarr;
`;

function problemsOf(code: string): string[] {
	const file = join(root, "document-under-test.ts");
	const text = `${given}\n{\n${code}\n}\nexport {};\n`;
	const options: ts.CompilerOptions = {
		target: ts.ScriptTarget.ES2023,
		module: ts.ModuleKind.Preserve,
		moduleResolution: ts.ModuleResolutionKind.Bundler,
		lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
		types: ["node"],
		strict: true,
		noEmit: true,
		skipLibCheck: true,
		allowImportingTsExtensions: true,
		paths: { "chunkwise/node": [join(root, "src/lib/node.ts")], chunkwise: [join(root, "src/lib/index.ts")] },
	};
	const host = ts.createCompilerHost(options);
	const original = host.getSourceFile.bind(host);
	host.getSourceFile = (name, language) =>
		name === file ? ts.createSourceFile(name, text, language) : original(name, language);
	host.fileExists = (name) => name === file || ts.sys.fileExists(name);
	const program = ts.createProgram([file], options, host);
	return ts
		.getPreEmitDiagnostics(program, program.getSourceFile(file))
		.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

test("pieces of code in docs/ have the types that the library has", () => {
	const pieces = blocks("docs/stores.md", "ts");
	expect(pieces.length).toBeGreaterThan(3);
	// With a mistake at the end, which is seen.
	const problems = problemsOf([...pieces, "await zipStore(1);"].map((piece) => `{\n${piece}\n}`).join("\n"));
	expect(problems).toEqual([expect.stringMatching(/^Argument of type 'number' is not assignable/)]);
});
