/**
 * A path of this site under whatever base it is served from: `sitePath("lessons/")` → `/course/lessons/`.
 *
 * @param path relative to the site's root, without a leading slash
 */
export function sitePath(path: string): string {
	return `${import.meta.env.BASE_URL.replace(/\/$/, "")}/${path}`;
}
