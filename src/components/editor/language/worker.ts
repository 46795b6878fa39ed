/** The language worker: TypeScript over the page's cells, started when a reader edits one. */
import ts from "typescript";
import { CellTypes } from "./cell-types.ts";
import type { LanguageAnswer, LanguageRequest } from "./protocol.ts";
import type { TypeFile, TypeIndex } from "./type-index.ts";

const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");
const folder = new URL(`${base}data/types/`, self.location.href);

async function read<T>(name: string): Promise<T> {
	const response = await fetch(new URL(name, folder));
	if (!response.ok) throw new Error(`${name}: ${response.status}`);
	return (await response.json()) as T;
}

const loading = new Map<string, Promise<void>>();

/** Loads a file once; what failed is tried again when it is asked for again. */
function load(types: CellTypes, file: string): Promise<void> {
	const known = loading.get(file);
	if (known) return known;
	const fetched = read<TypeFile>(file).then((content) => types.add(content));
	loading.set(file, fetched);
	fetched.catch(() => loading.delete(file));
	return fetched;
}

const started = read<TypeIndex>("index.json").then(async (index) => {
	const types = new CellTypes(ts, Object.keys(index.modules));
	await load(types, index.library);
	return { index, types };
});
// Each question is answered with the failure.
started.catch(() => {});

/** The declarations of what the cells import now, and of what those need. */
async function loadImports({ index, types }: Awaited<typeof started>): Promise<void> {
	const wanted = new Set<string>();
	const want = (name: string): void => {
		if (wanted.has(name)) return;
		wanted.add(name);
		for (const need of index.packages[name]?.needs ?? []) want(need);
	};
	for (const module of types.imports()) want(index.modules[module]);
	const files = [...wanted].map((name) => index.packages[name]?.file).filter((file) => file !== undefined);
	// One that cannot be had leaves its names without types, and no error is shown for that.
	await Promise.allSettled(files.map((file) => load(types, file)));
}

async function answer({ call, parameters }: LanguageRequest): Promise<unknown> {
	const state = await started;
	const { types } = state;
	if (call === "setCells") {
		types.setCells(parameters[0] as never);
		return undefined;
	}
	await loadImports(state);
	return (types[call] as (...parameters: unknown[]) => unknown).apply(types, parameters);
}

self.addEventListener("message", async ({ data }: MessageEvent<LanguageRequest>) => {
	let message: LanguageAnswer;
	try {
		message = { id: data.id, value: await answer(data) };
	} catch (error) {
		message = { id: data.id, error: (error as Error).message };
	}
	self.postMessage(message);
});
