/** The Python peers: one process that keeps the image and runs one task when asked, so that runs can take turns. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { root } from "../scripts/paths.ts";
import type { SpatialImage } from "../src/lib/index.ts";
import { Elapsed, type Run } from "./measure.ts";

const executable = join(root, process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python");

export class PythonPeers {
	/** Packages and their versions, as far as they are installed. */
	readonly versions: Readonly<Record<string, string>>;
	readonly #process: ChildProcessWithoutNullStreams;
	readonly #answers: AsyncIterator<string>;
	readonly #folder: string;

	private constructor(
		process: ChildProcessWithoutNullStreams,
		answers: AsyncIterator<string>,
		folder: string,
		versions: Record<string, string>,
	) {
		this.#process = process;
		this.#answers = answers;
		this.#folder = folder;
		this.versions = versions;
	}

	/** A process that holds the image; or, in words, why there is none. */
	static async start(image: SpatialImage, tiff?: Uint8Array): Promise<PythonPeers | string> {
		if (!existsSync(executable)) return "there is no .venv (npm run test:interop makes one)";
		const folder = mkdtempSync(join(tmpdir(), "chunkwise-peers-"));
		writeFileSync(join(folder, "image.raw"), image.data);
		if (tiff) writeFileSync(join(folder, "image.tif"), tiff);
		const child = spawn(executable, [join(import.meta.dirname, "peers.py")]);
		child.stderr.pipe(process.stderr);
		const lines: Interface = createInterface({ input: child.stdout });
		const peers = new PythonPeers(child, lines[Symbol.asyncIterator](), folder, {});
		const { shape, dtype } = image;
		const answer = await peers.#ask({ task: "start", folder, shape, dtype });
		Object.assign(peers.versions, answer);
		return peers;
	}

	/** A task to measure; undefined where its package is not installed. */
	run(task: string, needs: string): Run | undefined {
		if (!(needs in this.versions)) return undefined;
		return async () => {
			const { ms, error } = await this.#ask({ task });
			if (error) throw new Error(`Python, ${task}: ${error}`);
			return new Elapsed(Number(ms));
		};
	}

	close(): void {
		this.#process.stdin.end();
		rmSync(this.#folder, { recursive: true, force: true });
	}

	async #ask(question: object): Promise<Record<string, string>> {
		this.#process.stdin.write(`${JSON.stringify(question)}\n`);
		const { value, done } = await this.#answers.next();
		if (done) throw new Error("the Python peers ended");
		return JSON.parse(value);
	}
}
