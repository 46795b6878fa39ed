/** Calls of the command as processes that a test kills, and the input, the looks and the comparisons that go with that. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildTiff, testValues } from "./tiff-builder.ts";

/** So little that the image is many parts. */
export const options = { memory: 16 << 20, chunks: [16], codec: "zstd" as const };
/** The same for the command. */
export const words = ["--memory", "16", "--chunks", "16", "--codec", "zstd"];

/** Writes a TIFF of 16 bits with a page for each plane. */
export function writeStack(path: string, width: number, height: number, depth: number): void {
	const values = testValues("uint16", width * height * depth);
	const pages = Array.from({ length: depth }, (_, z) => ({
		width,
		height,
		dtype: "uint16" as const,
		values: values.subarray(z * width * height, (z + 1) * width * height),
	}));
	writeFileSync(path, buildTiff({ pages }));
}

/** Every file at or below a place with its bytes. */
export function contents(place: string): Map<string, string> {
	if (statSync(place).isFile()) return new Map([["", readFileSync(place, "base64")]]);
	const files = readdirSync(place, { recursive: true }) as string[];
	return new Map(
		files
			.filter((file) => statSync(join(place, file)).isFile())
			.sort()
			.map((file) => [file, readFileSync(join(place, file), "base64")]),
	);
}

/** Parts that the journal beside a result names as done. */
export function partsDone(out: string): number {
	try {
		const { done } = JSON.parse(readFileSync(`${out}.unfinished/journal.json`, "utf8"));
		return done.reduce((sum: number, [from, to]: [number, number]) => sum + to - from, 0);
	} catch {
		return 0;
	}
}

export interface Call {
	child: ChildProcess;
	ended: Promise<number | null>;
	/** What it has written on stderr. */
	text(): string;
}

/** Starts `chunkwise` with these arguments in a folder. */
export function start(folder: string, ...args: string[]): Call {
	const main = join(import.meta.dirname, "../../src/cli/main.ts");
	const child = spawn(join(import.meta.dirname, "../../node_modules/.bin/node"), [main, ...args], {
		cwd: folder,
		stdio: ["ignore", "ignore", "pipe"],
	});
	let text = "";
	child.stderr?.on("data", (data) => {
		text += data;
	});
	return { child, ended: new Promise((done) => child.on("close", done)), text: () => text };
}

/**
 * Waits until something is so, or the child has ended.
 * @param pause milliseconds between two looks, where a look is not cheap
 */
export async function until(child: ChildProcess, so: () => boolean, pause?: number): Promise<void> {
	while (child.exitCode === null && !so()) {
		await new Promise((next) => (pause ? setTimeout(next, pause) : setImmediate(next)));
	}
}

/** Numbers from 0 to below 1, the same for the same seed. */
export function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

/** The seed of this run: that of CHUNKWISE_SEED, else another each time; printed, so that a failure can be repeated. */
export function printedSeed(what: string): number {
	const seed = Number(process.env.CHUNKWISE_SEED ?? Date.now() % 1_000_000);
	console.info(`${what}: kills by CHUNKWISE_SEED=${seed}`);
	return seed;
}

/**
 * Kills calls that write `out` at random moments, then lets one end. Where something stands under the final name after a
 * kill no call writes into it any more: the caller compares it with what an undisturbed call makes.
 * @param most new files after which a call is killed at the latest: a moment is a number of files, since time would be
 *   another moment on each machine
 * @returns kills that met a call which had not put the result in its place
 * @throws Error where a call fails
 */
export async function killAtRandom(
	folder: string,
	args: string[],
	out: string,
	{ seed, turns = 3, most }: { seed: number; turns?: number; most: number },
): Promise<number> {
	const next = random(seed);
	const place = join(folder, out);
	// Whatever they are: chunks, parts of them, the journal.
	const files = () => {
		try {
			return readdirSync(`${place}.unfinished`, { recursive: true }).length;
		} catch {
			return 0;
		}
	};
	let kills = 0;
	for (let turn = 0; turn < turns && !existsSync(place); turn++) {
		const call = start(folder, ...args);
		const enough = files() + Math.floor(next() * most);
		await until(call.child, () => files() > enough, 3);
		call.child.kill("SIGKILL");
		const code = await call.ended;
		if (code !== null && code !== 0) throw new Error(`A call failed (${code}): ${call.text()}`);
		if (!existsSync(place)) kills++;
	}
	if (!existsSync(place) || existsSync(`${place}.unfinished`)) {
		const last = start(folder, ...args);
		if ((await last.ended) !== 0) throw new Error(`The last call failed: ${last.text()}`);
	}
	return kills;
}
