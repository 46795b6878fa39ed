/** The S3 store and the bucket's engine against an S3-compatible server of other people. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "./report.ts";
import { installS3Server, s3ServerVersion } from "./s3-server.ts";

const root = join(import.meta.dirname, "../..");

interface Results {
	testResults: { assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
}

/** Runs tests/unit/s3-peer.test.ts, which needs the server, and takes over its results. */
export function checkS3(report: Report): void {
	const server = installS3Server();
	if ("missing" in server) {
		report.skip(`the S3-compatible server: ${server.missing}`);
		return;
	}
	report.versions.set("versitygw", s3ServerVersion);
	const folder = mkdtempSync(join(tmpdir(), "chunkwise s3 "));
	try {
		const file = join(folder, "results.json");
		const run = spawnSync(
			process.execPath,
			[
				join(root, "node_modules/vitest/vitest.mjs"),
				"run",
				"tests/unit/s3-peer.test.ts",
				"--reporter=json",
				`--outputFile=${file}`,
			],
			{ cwd: root, encoding: "utf8", env: { ...process.env, VERSITYGW: server.path } },
		);
		let results: Results;
		try {
			results = JSON.parse(readFileSync(file, "utf8")) as Results;
		} catch {
			throw new Error(`The tests against versitygw did not run:\n${run.stderr || run.stdout}`);
		}
		for (const { assertionResults } of results.testResults) {
			for (const { fullName, status, failureMessages } of assertionResults) {
				if (status === "passed" || status === "failed")
					report.check(`versitygw: ${fullName}`, failureMessages);
			}
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
