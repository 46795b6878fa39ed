import mdx from "@astrojs/mdx";
import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import { chunkwiseAuthoring } from "./src/authoring/integration.ts";
import { chunkwiseBucket } from "./src/components/bucket/integration.ts";
import { contentSecurityPolicy } from "./src/components/site/csp/integration.ts";
import { lazyStyles } from "./src/components/site/lazy-styles/integration.ts";
import { searchOnIntent } from "./src/components/site/search/integration.ts";
import { expressiveCodeOptions } from "./src/styles/expressive-code.ts";

export default defineConfig({
	outDir: "./dist",
	// Relative to the base path wherever the course is served from: `npm run build -- --base /course/`.
	trailingSlash: "ignore",
	integrations: [
		// Before Starlight, whose own directives would else turn every :::exercise into a plain box.
		chunkwiseAuthoring(),
		starlight({
			title: "Chunkwise",
			description: "Image Data Storage for the Web: a course that runs in your browser.",
			favicon: "/favicon.svg",
			// Ours is src/content/docs/404.mdx.
			disable404Route: true,
			customCss: ["./src/styles/index.css"],
			components: {
				Footer: "./src/components/site/Footer.astro",
				Head: "./src/components/site/Head.astro",
				Header: "./src/components/site/Header.astro",
				Hero: "./src/components/site/Hero.astro",
				MobileTableOfContents: "./src/components/site/MobileTableOfContents.astro",
				PageTitle: "./src/components/site/PageTitle.astro",
				Sidebar: "./src/components/site/Sidebar.astro",
				SiteTitle: "./src/components/site/SiteTitle.astro",
				TableOfContents: "./src/components/site/TableOfContents.astro",
				ThemeProvider: "./src/components/site/ThemeProvider.astro",
				ThemeSelect: "./src/components/site/ThemeSelect.astro",
			},
			sidebar: [
				{ label: "Start here", slug: "start-here" },
				{ label: "Syllabus", slug: "syllabus" },
				{ label: "Lessons", items: [{ autogenerate: { directory: "lessons" } }] },
				{ label: "Playground", slug: "playground" },
				{ label: "For instructors", collapsed: true, items: [{ autogenerate: { directory: "guide" } }] },
				{ label: "Your progress", slug: "progress" },
				{
					label: "Reference",
					items: [
						{ slug: "handbook/glossary" },
						{ slug: "handbook/cheat-sheet" },
						{ slug: "handbook/formats" },
						// In the folder of the instructors' guide, whose list leaves it out.
						{ label: "Gallery of figures", slug: "guide/figures" },
						{
							label: "API reference",
							collapsed: true,
							items: [{ autogenerate: { directory: "reference" } }],
						},
						{ slug: "handbook/further-reading" },
						{ slug: "handbook/cite" },
					],
				},
			],
			expressiveCode: expressiveCodeOptions(),
		}),
		mdx(),
		chunkwiseBucket(),
		searchOnIntent(),
		lazyStyles(),
		// Last: it hashes the scripts of the pages as they are in the end.
		contentSecurityPolicy(),
	],
	vite: {
		worker: { format: "es" },
	},
});
