/** The real `chunkwise` as a child process. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

export interface Outcome {
	code: number | null;
	signal: NodeJS.Signals | null;
	stdout: string;
	stderr: string;
	/** One parsed document for each line of stdout, with --json. */
	// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes
	lines: any[];
}

export interface Running {
	child: ChildProcess;
	ended: Promise<Outcome>;
}

/** Starts the command in a folder. */
export function startCli(folder: string, args: readonly string[], env: Record<string, string> = {}): Running {
	const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { ...process.env, ...env } });
	let stdout = "";
	let stderr = "";
	child.stdout.on("data", (data) => {
		stdout += data;
	});
	child.stderr.on("data", (data) => {
		stderr += data;
	});
	const ended = new Promise<Outcome>((done) => {
		child.on("close", (code, signal) => {
			const whole = args.includes("--json") ? stdout.split("\n").slice(0, -1) : [];
			done({ code, signal, stdout, stderr, lines: whole.map((line) => JSON.parse(line)) });
		});
	});
	return { child, ended };
}

/** Runs it to its end. */
export function cli(folder: string, ...args: string[]): Promise<Outcome> {
	return startCli(folder, args).ended;
}
