/** What `data/types/index.json` says: which files hold the types of what a cell may import. */
export interface TypeIndex {
	/** The version of TypeScript that the library files belong to. */
	typescript: string;
	/** The language's own library, needed by every cell. */
	library: string;
	/** What may be written between the quotes of an import, and the package that it comes from. */
	modules: Record<string, string>;
	packages: Record<string, { file: string; needs: string[] }>;
}

/** One fetched file: declarations by path, and what their imports by bare name lead to. */
export interface TypeFile {
	/** Name, version and licence of what is inside. */
	from: string[];
	files: Record<string, string>;
	modules: Record<string, string>;
}
