import { expect, test } from "./site.ts";

test("OPFS writes end, however often the garbage collector runs meanwhile", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"download",
		[
			'import { opfsStore } from "chunkwise";',
			'const store = await opfsStore("pressure");',
			"const value = new Uint8Array(150_000).fill(7);",
			"let next = 0;",
			"let junk: unknown;",
			"async function writer() {",
			"  while (next < 700) {",
			"    const i = next++;",
			"    for (let n = 0; n < 6; n++) junk = new Uint8Array(524_288).fill(i);",
			"    junk = Array.from({ length: 20_000 }, (_, z) => ({ z }));",
			"    await store.set(`/a/${i % 5}/${i % 90}`, value);",
			"  }",
			"}",
			"await Promise.all(Array.from({ length: 8 }, writer));",
			"(await store.list()).length",
		].join("\n"),
	);
	await lesson.run("download", 60_000);
	await expect(lesson.output("download")).toHaveText("90");
});
