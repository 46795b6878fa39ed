/** What the command says of failures of the file system. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { explain } from "../../src/cli/output.ts";
import { ChunkwiseError } from "../../src/lib/errors.ts";

it("explains a path through a file, a folder for a file, and a name that is too long", async () => {
	const folder = await mkdtemp(join(tmpdir(), "chunkwise output "));
	try {
		const file = join(folder, "file.txt");
		await writeFile(file, "");
		const codes = await Promise.all(
			[mkdir(join(file, "x.zarr")), readFile(folder), readFile(join(folder, "x".repeat(5000)))].map(
				(failing) =>
					failing.then(
						() => "none",
						(error) => explain(error).code,
					),
			),
		);
		expect(codes).toEqual(["not-a-folder", "file-is-folder", "bad-name"]);
	} finally {
		await rm(folder, { recursive: true });
	}
});

it("advises somebody who has the command in words of the command", () => {
	const error = new ChunkwiseError("not-an-array", "This is a group and not an array.", {
		where: "image/0",
		remedy: "Open an array inside it: members() tells what it holds.",
	});
	const said = explain(error);
	expect(said).toMatchObject({ code: "not-an-array", where: "image/0" });
	expect(said.remedy).toContain("chunkwise tree");
	expect(said.remedy).not.toContain("members()");
});
