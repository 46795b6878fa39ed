import { expect, test } from "vitest";
import { loadModule, moduleNames, pick } from "../../src/kernel/worker/modules.ts";

test("what a cell cannot import fails with the list of what it can, and the nearest name", async () => {
	const failed = await loadModule("left-pad").catch((error) => error);
	expect(failed).toMatchObject({ code: "unknown-module", message: 'A cell cannot import "left-pad".' });
	expect(moduleNames).toContain("chunkwise");
	for (const name of moduleNames) expect(failed.remedy).toContain(`"${name}"`);
	await expect(loadModule("zarita")).rejects.toMatchObject({
		remedy: expect.stringContaining('Did you mean "zarrita"?'),
	});
});

test("a name that a module does not have is told with the nearest that it has", async () => {
	const library = await loadModule("chunkwise");
	expect(pick(library, "chunkwise", ["memoryStore"])).toBe(library);
	expect(() => pick(library, "chunkwise", ["toMultiscal"])).toThrow(
		expect.objectContaining({ code: "unknown-export", remedy: "Did you mean toMultiscale?" }),
	);
});
