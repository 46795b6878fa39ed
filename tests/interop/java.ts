/** Java's side: zarr-java for Zarr, and the codecs of Java's N5 for its blocks, by a Maven project made ready here. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { DataType } from "../../src/lib/types.ts";
import { checkOurN5Reading, type OurN5 } from "./n5.ts";
import type { Report } from "./report.ts";
import { type Answer, differences, type Values } from "./values.ts";
import type { Case } from "./zarr.ts";

const sources = join(import.meta.dirname, "java");
const work = join(import.meta.dirname, "../../node_modules/.cache/chunkwise/interop-java");

interface JavaAnswer {
	java: string;
	zarr: Answer[];
	n5: Answer[];
	written: (Values & { path: string; writer: string; format: string; codec: string })[];
}

function run(command: string, args: string[], input?: string) {
	return spawnSync(command, args, { cwd: sources, encoding: "utf8", input, maxBuffer: 2 ** 28 });
}

/** The class path of the compiled peer; or, in words, why there is none. */
function compiled(): { classPath: string } | { missing: string } {
	for (const tool of ["java", "javac", "mvn"]) {
		if (run(tool, [tool === "mvn" ? "-version" : "--version"]).status !== 0) {
			return { missing: `there is no ${tool} on this machine` };
		}
	}
	const files = readdirSync(sources).sort();
	const hash = createHash("sha256");
	for (const file of files) hash.update(readFileSync(join(sources, file)));
	const place = join(work, hash.digest("hex").slice(0, 16));
	const list = join(place, "classpath.txt");
	if (!existsSync(join(place, "Peer.class"))) {
		console.log("Fetching the Java libraries of tests/interop/java/pom.xml …");
		mkdirSync(place, { recursive: true });
		const maven = run("mvn", [
			"-q",
			"-B",
			"-f",
			join(sources, "pom.xml"),
			"dependency:build-classpath",
			`-Dmdep.outputFile=${list}`,
		]);
		if (maven.status !== 0) {
			const why = maven.stdout.split("\n").find((line) => line.includes("[ERROR]")) ?? "";
			return {
				missing: `the Java libraries could not be fetched (${why.replace("[ERROR] ", "").slice(0, 160)})`,
			};
		}
		const java = files.filter((file) => file.endsWith(".java"));
		const { status, stderr } = run("javac", ["-cp", readFileSync(list, "utf8"), "-d", place, ...java]);
		if (status !== 0) throw new Error(`tests/interop/java does not compile:\n${stderr}`);
	}
	return { classPath: [place, readFileSync(list, "utf8").trim()].join(delimiter) };
}

/** Unsigned types, and with them the index of a shard, need the newer ucar.ma2 (java/ZarrPeer.java). */
function zarrJavaHas(format: string, codec: string, dtype: string): boolean {
	if (dtype.startsWith("u") || format === "Zarr v3, shards") return false;
	return format === "Zarr v3" || ["blosc-lz4", "blosc-zstd", "none"].includes(codec);
}

export async function checkJava(
	report: Report,
	stores: readonly Case[],
	n5: readonly OurN5[],
	folder: string,
): Promise<void> {
	const found = compiled();
	if ("missing" in found) {
		report.skip(`all of Java: ${found.missing}`);
		return;
	}
	const zarrAsked = stores
		.flatMap((one) => [...one.arrays].map(([path, wanted]) => ({ one, path, wanted })))
		.filter(({ one, wanted }) => one.format && zarrJavaHas(one.format, one.codec ?? "", wanted.dtype));
	const n5Asked = n5.flatMap(({ path, codec, levels }) =>
		levels.map((wanted, i) => ({ path: join(path, `s${i}`), codec, wanted })),
	);
	mkdirSync(folder, { recursive: true });
	const request = join(folder, "request.json");
	const paths = {
		zarr: zarrAsked.map(({ one, path }) => join(one.path, path)),
		n5: n5Asked.map(({ path }) => path),
		folder,
	};
	writeFileSync(request, JSON.stringify(paths));
	const { status, stdout, stderr } = run(
		"java",
		["-cp", found.classPath, "Peer"],
		readFileSync(request, "utf8"),
	);
	if (status !== 0) throw new Error(`Java's peer ended with ${status}:\n${stderr}`);
	const answer = JSON.parse(stdout) as JavaAnswer;
	report.versions.set("Java", answer.java);
	const pom = readFileSync(join(sources, "pom.xml"), "utf8");
	for (const name of ["zarr-java", "lz4-java", "commons-compress", "xz", "zstd-jni", "blosc-java"]) {
		const [, version] = new RegExp(`<artifactId>${name}</artifactId>\\s*<version>([^<]*)`).exec(pom) ?? [];
		report.versions.set(`${name} (Java)`, version);
	}
	for (const [i, { one, path, wanted }] of zarrAsked.entries()) {
		const seen = answer.zarr[i];
		const { codec, format } = one;
		report.check(
			`${one.name} ${path} in zarr-java`,
			differences(wanted, seen),
			codec && format
				? { writer: "chunkwise", reader: "zarr-java", format, codec, dtype: wanted.dtype as DataType }
				: undefined,
		);
	}
	for (const [i, { path, codec, wanted }] of n5Asked.entries()) {
		report.check(`${path} by Java's N5 codecs`, differences(wanted, answer.n5[i]), {
			writer: "chunkwise",
			reader: "Java's N5 codecs",
			format: "N5",
			codec,
			dtype: wanted.dtype as DataType,
		});
	}
	for (const wanted of answer.written) {
		await checkOurN5Reading(report, join(folder, wanted.path), "s0", wanted);
	}
}
