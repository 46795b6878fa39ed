/** Starlight loads its search box on every page once it is idle; here it is loaded when a reader opens the search. */
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";

const onIntent = fileURLToPath(new URL("./on-intent.ts", import.meta.url));

/** Puts `on-intent.ts` in the place of the search box's module, for everyone but itself. */
export function searchOnIntent(): AstroIntegration {
	return {
		name: "chunkwise-search-on-intent",
		hooks: {
			"astro:config:setup": ({ updateConfig }) => {
				updateConfig({
					vite: {
						plugins: [
							{
								name: "chunkwise-search-on-intent",
								enforce: "pre",
								resolveId: (source, importer) =>
									source === "@pagefind/default-ui" && importer !== onIntent ? onIntent : undefined,
							},
						],
					},
				});
			},
		},
	};
}
