/** A Python with the peers' packages, in .venv at the root of the checkout. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const requirements = join(import.meta.dirname, "requirements.txt");
const environment = join(root, ".venv");
const executable = join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** zarr-python 3 needs it. */
const oldest = [3, 11];

function run(command: string, args: string[], input?: string) {
	return spawnSync(command, args, { encoding: "utf8", input, maxBuffer: 2 ** 28 });
}

/** Whether every package that is asked for is installed in the version asked for. */
function complete(): boolean {
	if (!existsSync(executable)) return false;
	const wanted = readFileSync(requirements, "utf8").split("\n").filter(Boolean);
	const { stdout } = run(executable, ["-m", "pip", "freeze"]);
	const found = new Set((stdout ?? "").split("\n").map((line) => line.trim().toLowerCase()));
	return wanted.every((line) => found.has(line.trim().toLowerCase()));
}

/** The path of a Python that has the packages; or, in words, why there is none. */
export function pythonWithPeers(): { python: string } | { missing: string } {
	if (complete()) return { python: executable };
	const base = ["python3", "python"].find((name) => {
		const { stdout } = run(name, ["-c", "import sys; print(*sys.version_info[:2])"]);
		const [major, minor] = (stdout ?? "").trim().split(" ").map(Number);
		return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
	});
	if (!base) return { missing: `there is no Python ${oldest.join(".")} or later on this machine` };
	console.log("Installing the Python packages of tests/interop/requirements.txt into .venv …");
	if (!existsSync(executable)) {
		const made = run(base, ["-m", "venv", environment]);
		if (made.status !== 0) {
			return {
				missing: `Python could not make a virtual environment (${lastLine(made.stderr || made.stdout)})`,
			};
		}
	}
	const installed = run(executable, [
		"-m",
		"pip",
		"install",
		"--quiet",
		"--disable-pip-version-check",
		"-r",
		requirements,
	]);
	if (installed.status !== 0) {
		return { missing: `the Python packages could not be installed (${lastLine(installed.stderr)})` };
	}
	return { python: executable };
}

/** What peers.py can be asked to do. */
export type PeerAction =
	| "read"
	| "write"
	| "images"
	| "consolidated"
	| "n5"
	| "coarsen"
	| "converted"
	| "lessons"
	| "nodes"
	| "notebook"
	| "tiff-series";

/** Runs peers.py with a request, and gives its answer. */
export function askPeers<T>(python: string, action: PeerAction, request: unknown): T {
	const { status, stdout, stderr } = run(
		python,
		["-W", "ignore", join(import.meta.dirname, "peers.py"), action],
		JSON.stringify(request),
	);
	if (status !== 0) throw new Error(`peers.py ${action} ended with ${status}:\n${stderr}`);
	return JSON.parse(stdout) as T;
}

function lastLine(text: string): string {
	return text.trim().split("\n").at(-1) ?? "";
}
