/** The figure of a chunk's inside as markup: the steps' numbers, and the same in words. */
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { insideChunkHtml } from "../../src/components/figures/inside-chunk/static.ts";
import { sampleChunk } from "../../src/lib/plan/chunk-sample.ts";
import { chunkSteps } from "../../src/lib/plan/chunk-steps.ts";
import { chunkSettings } from "../../src/lib/plan/inside-chunk.ts";
import { insideChunkTwin } from "../../src/lib/plan/inside-chunk-text.ts";

async function drawn() {
	const steps = await chunkSteps(await sampleChunk(), chunkSettings({}, "uint16"));
	const { document } = parseHTML(
		`<div id="host">${insideChunkHtml({ title: "A <chunk>" }, steps, true, "f")}</div>`,
	);
	return { steps, host: document.querySelector("#host") as unknown as HTMLElement };
}
const text = (element: Element | null) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

describe("the inside of a chunk", () => {
	it("draws each step with its bytes and size", async () => {
		const { host } = await drawn();
		const steps = [...host.querySelectorAll(".cw-inside-step")];
		expect(steps.map((step) => text(step.querySelector(".cw-inside-name")))).toEqual([
			"Values",
			"Filter: none",
			"Shuffle: bytes",
			"Blosc LZ4 5",
		]);
		expect(text(steps[0].querySelector(".cw-inside-size b"))).toBe("256.00 KiB");
		expect(steps.map((step) => step.querySelectorAll(".cw-hex b").length)).toEqual([32, 32, 32, 32]);
		expect(steps[2].querySelectorAll(".cw-hex-place-1")).toHaveLength(16);
		expect(text(host.querySelector(".cw-fig-title"))).toBe("A <chunk>");
		expect(text(host.querySelector(".cw-inside-tag"))).toContain("synthetic");
	});

	it("shows the byte planes as pictures that say their range", async () => {
		const { host } = await drawn();
		const pictures = [...host.querySelectorAll("img")];
		expect(pictures.map((img) => img.getAttribute("width"))).toEqual(["128", "64", "64"]);
		for (const img of pictures) {
			expect(img.getAttribute("src")).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);
			expect(img.getAttribute("alt")).toMatch(/: \d+ \(dark\) to \d+ \(bright\)$/);
		}
	});

	it("has all three forms in the markup, decoded", async () => {
		const { host, steps } = await drawn();
		const forms = [...host.querySelectorAll(".cw-inside-form")];
		expect(forms.map((form) => form.getAttribute("data-form"))).toEqual(["zarr", "n5", "shard"]);
		expect(forms.map((form) => form.querySelectorAll("tbody tr").length)).toEqual(
			steps.forms.map(({ fields }) => fields.length),
		);
		expect(text(forms[1])).toContain("size along x64");
	});

	it("says the same in words, and the time only where it was measured", async () => {
		const { host, steps } = await drawn();
		const twin = insideChunkTwin(steps, { synthetic: true });
		expect(text(host.querySelector(".cw-fig-status"))).toBe(twin.status.replace(/\s+/g, " "));
		expect(twin.status).toMatch(/^With Blosc LZ4, level 5, bytes shuffled: 256\.00 KiB become .* smaller\.$/);
		expect(text(host.querySelector("[data-reading=stored]"))).toContain(twin.rows[3][1]);
		expect(text(host.querySelector("[data-reading=ratio] dd"))).toBe(twin.rows[3][2]);
		expect(text(host.querySelector("[data-reading=encode] dd"))).toBe("not measured yet");
		const measured = { bytes: 262144, stored: 100000, encode: 2.5, decode: 1 };
		expect(insideChunkTwin(steps, { synthetic: true, measured }).status).toContain(
			"On this machine: 2.5 ms to write (100 MiB/s), 1 ms to read (250 MiB/s).",
		);
		const plain = await chunkSteps(await sampleChunk(), chunkSettings({ codec: "none" }, "uint16"));
		const few = { values: Uint16Array.of(1, 2), shape: [2], dtype: "uint16" as const };
		const larger = await chunkSteps(few, chunkSettings({ codec: "gzip", level: 0 }, "uint16"));
		expect(insideChunkTwin(larger, { synthetic: true }).status).toMatch(/4 B become \d+ B, which is more\.$/);
		expect(insideChunkTwin(plain, { synthetic: true, measured }).status).toBe(
			"With no compression: 256.00 KiB, as in memory.",
		);
	});
});
