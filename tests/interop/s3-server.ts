/**
 * An S3-compatible server of other people (versitygw) for the tests to hold the bucket and the S3 store against. It is
 * looked for on this machine; `installS3Server` builds it with Go, pinned, into a folder of ours, where it is found
 * from then on. By hand: `node tests/interop/s3-server.ts`.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const module = "github.com/versity/versitygw/cmd/versitygw";
/** What is built here; a server named by VERSITYGW may be another. */
export const s3ServerVersion = "v1.8.0";
/** The checkout's folder for what is made and not kept in Git. */
const folder = join(import.meta.dirname, "../../node_modules/.cache/chunkwise-s3-server");

export const s3Credentials = { accessKeyId: "reader", secretAccessKey: "a-secret-of-a-test" };
/** How to have it, for those for whom a test was skipped. */
export const howToInstall = "node tests/interop/s3-server.ts (needs Go), or name a versitygw by VERSITYGW";

/** The path of a versitygw on this machine. */
export function findS3Server(): string | undefined {
	const candidates = [
		process.env.VERSITYGW ?? "",
		join(folder, "versitygw"),
		"versitygw",
		join(homedir(), "go/bin/versitygw"),
	];
	return candidates.filter(Boolean).find((path) => {
		try {
			execFileSync(path, ["--version"], { stdio: "ignore" });
			return true;
		} catch {
			return false;
		}
	});
}

/** The path of the server, built first where need be; or, in words, why there is none. */
export function installS3Server(): { path: string } | { missing: string } {
	const found = findS3Server();
	if (found) return { path: found };
	const go = ["go", "/usr/local/go/bin/go"].find((name) => spawnSync(name, ["version"]).status === 0);
	if (!go) return { missing: "there is neither versitygw nor Go on this machine" };
	console.log(`Building versitygw ${s3ServerVersion} with Go …`);
	mkdirSync(folder, { recursive: true });
	const built = spawnSync(go, ["install", `${module}@${s3ServerVersion}`], {
		encoding: "utf8",
		env: { ...process.env, GOBIN: folder },
	});
	if (built.status !== 0 || !existsSync(join(folder, "versitygw"))) {
		return { missing: `Go could not build versitygw (${(built.stderr ?? "").trim().split("\n").at(-1)})` };
	}
	return { path: join(folder, "versitygw") };
}

export interface S3Server {
	/** Without a slash at the end. */
	endpoint: string;
	stop(): void;
}

/** A server over a new folder of its own, with versions, and without buckets. */
export async function startS3Server(path: string): Promise<S3Server> {
	const work = mkdtempSync(join(tmpdir(), "chunkwise versity "));
	for (const name of ["data", "sidecar", "versions"]) mkdirSync(join(work, name));
	const port = await freePort();
	const endpoint = `http://127.0.0.1:${port}`;
	const child = spawn(
		path,
		[
			"--port",
			`127.0.0.1:${port}`,
			"--quiet",
			"posix",
			"--sidecar",
			join(work, "sidecar"),
			"--versioning-dir",
			join(work, "versions"),
			join(work, "data"),
		],
		{
			stdio: "ignore",
			env: {
				...process.env,
				ROOT_ACCESS_KEY_ID: s3Credentials.accessKeyId,
				ROOT_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
			},
		},
	);
	const stop = () => {
		child.kill();
		rmSync(work, { recursive: true, force: true });
	};
	for (let i = 0; i < 200; i++) {
		const up = await fetch(endpoint).then(
			() => true,
			() => false,
		);
		if (up) return { endpoint, stop };
		await new Promise((done) => setTimeout(done, 50));
	}
	stop();
	throw new Error("versitygw does not answer");
}

async function freePort(): Promise<number> {
	const socket = createServer();
	await new Promise<void>((done) => socket.listen(0, "127.0.0.1", done));
	const { port } = socket.address() as AddressInfo;
	await new Promise((done) => socket.close(done));
	return port;
}

if (process.argv[1] === import.meta.filename) {
	const found = installS3Server();
	console.log("path" in found ? found.path : `None: ${found.missing}.`);
	process.exitCode = "path" in found ? 0 : 1;
}
