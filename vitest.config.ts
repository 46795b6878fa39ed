import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["tests/unit/**/*.test.ts", "tests/lessons/**/*.test.ts"],
		// Vitest keeps a core for itself, and of two that is half: most tests wait for processes and servers.
		maxWorkers: "100%",
		testTimeout: 120_000,
		hookTimeout: 120_000,
	},
});
