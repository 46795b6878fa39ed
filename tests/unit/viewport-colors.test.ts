import { interpolateRgbBasis, rgb } from "d3";
import { expect, it } from "vitest";
import { lookup, stain } from "../../src/components/figures/viewport/colors.ts";

it("has the colours that D3's spline gives", () => {
	const at = interpolateRgbBasis([...stain]);
	const table = lookup();
	for (let i = 0; i < 256; i++) {
		const { r, g, b } = rgb(at(i / 255));
		for (const [part, wanted] of [r, g, b, 255].entries()) {
			expect(Math.abs(table[4 * i + part] - wanted), `colour ${i}, part ${part}`).toBeLessThanOrEqual(1);
		}
	}
});
