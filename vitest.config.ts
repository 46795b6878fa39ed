import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["tests/unit/**/*.test.ts", "tests/lessons/**/*.test.ts"],
		testTimeout: 120_000,
		hookTimeout: 120_000,
	},
});
