/**
 * Where the course's source is published, from the one setting for it, `repository` in package.json. npm's forms:
 * "github:owner/name", "owner/name", an address, or an object with a url; "#branch" at the end names a branch.
 */
import packageJson from "../../../package.json" with { type: "json" };

export type Repository = string | { url: string } | undefined;

export interface PublishedSource {
	/** To read it in a browser. */
	address: string;
	/** On GitHub: "owner/name", and the branch. */
	github?: { repository: string; branch: string };
}

/** Undefined where package.json names none, as in a clone that has no public address yet. */
export function publishedSource(
	given: Repository = (packageJson as { repository?: Repository }).repository,
): PublishedSource | undefined {
	const text = typeof given === "string" ? given : given?.url;
	if (!text) return undefined;
	const [plain, branch = "main"] = text.split("#");
	const [, repository] =
		/^(?:github:|(?:git\+)?(?:https|ssh):\/\/(?:git@)?github\.com\/|git@github\.com:)?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
			plain,
		) ?? [];
	if (repository) return { address: `https://github.com/${repository}`, github: { repository, branch } };
	return { address: plain.replace(/^git\+/, "").replace(/\.git$/, "") };
}

/** Where Google Colab opens a lesson's notebook; undefined where the source is not on GitHub. */
export function colabAddress(lesson: string, source = publishedSource()): string | undefined {
	if (!source?.github) return undefined;
	const { repository, branch } = source.github;
	return `https://colab.research.google.com/github/${repository}/blob/${branch}/notebooks/${lesson}.ipynb`;
}
