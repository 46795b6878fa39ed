/** How the course is cited: the same as CITATION.cff, package.json and LICENSE say, which a test compares. */
import { libraryVersion } from "../../lib/version.ts";

export const citation = {
	title: "Chunkwise: Image Data Storage for the Web",
	authors: "The Chunkwise authors",
	version: libraryVersion,
	year: 2026,
	license: "MIT",
} as const;

const { title, authors, version, year, license } = citation;

/** For a list of references. */
export const reference = `${authors}. ${title}. Version ${version}, ${year}. ${license} licence.`;

/** Braces keep the title's capitals, and the authors one name. */
export const bibtex = `@software{chunkwise,
  author  = {{${authors}}},
  title   = {{${title}}},
  version = {${version}},
  year    = {${year}},
  license = {${license}}
}`;
