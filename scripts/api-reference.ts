/**
 * The API reference: the docstrings of every name that src/lib/index.ts exports, one page a room, and of what
 * src/lib/node.ts adds, as Markdown in src/content/docs/reference. TypeDoc reads them; the pages are generated and not committed. Pages that did not change
 * are left alone, so that a dev server does not reload and `npm start` does not build for nothing.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, type TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import { root } from "./paths.ts";
import { tidyCode } from "./reference-code.ts";
import { referenceRooms, roomOf } from "./reference-rooms.ts";
import { tidyTables } from "./reference-tables.ts";
import { addReferenceTheme } from "./reference-theme.ts";
import { stampOf } from "./stamp.ts";

const source = join(root, "src", "lib");
const work = join(root, "node_modules", ".cache", "chunkwise", "reference");
const target = join(root, "src", "content", "docs", "reference");

/** Makes the pages where src/lib or this script changed. @throws Error naming what TypeDoc found wrong */
export async function makeReference(): Promise<void> {
	const stamp = stampOf([source, import.meta.dirname]);
	const stampFile = join(work, "stamp");
	if (read(stampFile) === stamp && read(join(target, "index.md")) !== undefined) return;
	const started = performance.now();
	rmSync(work, { recursive: true, force: true });
	const rooms = entryFiles();
	await runTypeDoc(rooms);
	const pages = new Map(rooms.map((room, i) => [`${room}.md`, roomPage(room, i)]));
	pages.set("index.md", indexPage(rooms));
	mkdirSync(target, { recursive: true });
	for (const name of readdirSync(target)) if (!pages.has(name)) rmSync(join(target, name));
	for (const [name, text] of pages) {
		if (read(join(target, name)) !== text) writeFileSync(join(target, name), text);
	}
	writeFileSync(stampFile, stamp);
	const seconds = ((performance.now() - started) / 1000).toFixed(1);
	console.log(`reference: made ${pages.size} pages in ${seconds} s.`);
}

/** One module a room, with what is exported of it; gives the rooms in the order of the reference. */
function entryFiles(): string[] {
	const byRoom = new Map<string, string[]>();
	const take = (entry: string, roomOf: (file: string) => string) => {
		const text = readFileSync(join(source, entry), "utf8");
		for (const [statement, file] of text.matchAll(/^export (?:type )?\{[^;]*? from "\.\/([^"]+)";$/gms)) {
			const room = roomOf(file);
			byRoom.set(room, [
				...(byRoom.get(room) ?? []),
				statement.replace(`"./${file}"`, JSON.stringify(join(source, file))),
			]);
		}
	};
	take("index.ts", roomOf);
	take("node.ts", () => "node");
	mkdirSync(join(work, "rooms"), { recursive: true });
	for (const [room, statements] of byRoom) {
		writeFileSync(join(work, "rooms", `${room}.ts`), `${statements.join("\n")}\n`);
	}
	writeFileSync(
		join(work, "tsconfig.json"),
		JSON.stringify({ extends: join(root, "tsconfig.json"), include: [join(work, "rooms")], exclude: [] }),
	);
	return Object.keys(referenceRooms).filter((room) => byRoom.has(room));
}

async function runTypeDoc(rooms: string[]): Promise<void> {
	const options: Partial<TypeDocOptions & PluginOptions> = {
		entryPoints: rooms.map((room) => join(work, "rooms", `${room}.ts`)),
		tsconfig: join(work, "tsconfig.json"),
		plugin: ["typedoc-plugin-markdown"],
		theme: "chunkwise",
		outputs: [{ name: "markdown", path: join(work, "pages") }],
		readme: "none",
		excludeInternal: true,
		excludePrivate: true,
		excludeProtected: true,
		excludeExternals: true,
		disableSources: true,
		disableGit: true,
		githubPages: false,
		logLevel: "Warn",
		// Types are checked where they are tested; the reference is also made while somebody edits.
		skipErrorChecking: true,
		// Names of other rooms are linked where they are public; those that are not are words.
		validation: { notExported: false, invalidLink: true, notDocumented: true },
		requiredToBeDocumented: ["Function", "Class", "Interface", "TypeAlias", "Variable"],
		outputFileStrategy: "modules",
		hideBreadcrumbs: true,
		hidePageHeader: true,
		hidePageTitle: true,
		hideGroupHeadings: true,
		groupOrder: [
			"Functions",
			"Classes",
			"Interfaces",
			"Type Aliases",
			"Variables",
			"Constructors",
			"Properties",
			"Accessors",
			"Methods",
			"*",
		],
		useCodeBlocks: true,
		expandObjects: true,
		expandParameters: true,
		parametersFormat: "none",
		interfacePropertiesFormat: "table",
		classPropertiesFormat: "table",
		propertyMembersFormat: "table",
		typeDeclarationFormat: "table",
		enumMembersFormat: "table",
		tableColumnSettings: { hideModifiers: true, hideInherited: true },
	};
	const app = await Application.bootstrapWithPlugins(options);
	addReferenceTheme(app);
	const project = await app.convert();
	if (!project) throw new Error("The API reference could not be made: TypeDoc could not read src/lib.");
	app.validate(project);
	await app.generateOutputs(project);
	if (app.logger.hasErrors() || app.logger.hasWarnings()) {
		throw new Error("The API reference has faults: see TypeDoc's messages above.");
	}
}

function roomPage(room: string, order: number): string {
	const { title, description } = referenceRooms[room];
	return page(title, description, order + 1, typeDocPage(room));
}

function typeDocPage(room: string): string {
	return readFileSync(join(work, "pages", `${room}.md`), "utf8");
}

/** TypeDoc takes TiffPage for a second "tiffpage" after Tiff.page, and would link to tiffpage-1, which no heading has. */
function anchorIn(body: string, anchor: string): string {
	const [, base, count] = /^(.*)-(\d+)$/.exec(anchor) ?? [];
	if (base === undefined || body.includes(`id="${anchor}"`)) return anchor;
	const headings = [...body.matchAll(/^#+ (.*)$/gm)].map(([, text]) =>
		text.toLowerCase().replace(/[^\w-]/g, ""),
	);
	return headings.filter((heading) => heading === base).length > Number(count) ? anchor : base;
}

function indexPage(rooms: string[]): string {
	const list = rooms.map(
		(room) => `- [${referenceRooms[room].title}](./${room}/): ${referenceRooms[room].description}`,
	);
	return page(
		"API reference",
		"Every public name of the core library, from its docstrings.",
		0,
		`All of these names are imported from \`"chunkwise"\`, in a cell as in your own program. In Node, \`"chunkwise/node"\` has them too, with those of the last page.\n\n${list.join("\n")}\n`,
	);
}

function page(title: string, description: string, order: number, body: string): string {
	const sidebar = order === 0 ? { order, label: "Overview" } : { order };
	const front = { title, description, tableOfContents: { maxHeadingLevel: 2 }, sidebar };
	const lines = Object.entries(front).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
	// Pages are folders: zarr.md is served at reference/zarr/.
	const linked = tidyTables(tidyCode(body))
		.replace(/\]\(#([^)]*)\)/g, (_, anchor) => `](#${anchorIn(body, anchor)})`)
		.replace(
			/\]\((\w[\w-]*)\.md(?:#([^)]*))?\)/g,
			(_, name, anchor) => `](../${name}/${anchor ? `#${anchorIn(typeDocPage(name), anchor)}` : ""})`,
		);
	return `---\n${lines.join("\n")}\n---\n\n${linked}`;
}

function read(file: string): string | undefined {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return undefined;
	}
}

/** Changes when the content of any file below does. */
if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await makeReference();
