/**
 * Under which names the reader's work is kept in the browser's storage. The site's base path is part of them, because
 * two courses may be served from one origin (`name.github.io/one/`, `/two/`) and share its storage.
 */
const site: string = import.meta.env?.BASE_URL?.replace(/\/?$/, "/") ?? "/";

/** Every name of this site's work begins so. */
export const prefix = `chunkwise ${site} `;

/** Fired on `document` after progress was noted, with the lesson's name as `detail`. */
export const progressEvent = "chunkwise:progress";

/** The reader's own notebook, by the name that its work is kept under. */
export const playground = "playground";

/** Fired on `document` when what is kept of the notebook was changed other than by itself. */
export const notebookEvent = "chunkwise:notebook";

/** Whether a page of this name is one of the course's lessons: only these count as progress in the course. */
export function isLesson(name: string): boolean {
	return name.startsWith("lessons/");
}

/** Whether a lesson's name from outside may be used: path segments that mean nothing else. */
export function isLessonName(name: string): boolean {
	return name.length <= 200 && /^\w[\w.~-]*(\/\w[\w.~-]*)*$/.test(name) && !(name in {});
}

/** Whether the id of a cell, exercise or quiz from outside may be used. */
export function isItemName(name: string): boolean {
	return /^[A-Za-z0-9][\w-]{0,127}$/.test(name) && !(name in {});
}

/** `chunkwise / work lessons/chunks `: what the cells of a lesson begin with. */
export function workPrefix(lesson: string): string {
	return `${prefix}work ${lesson} `;
}

export function workKey(lesson: string, cell: string): string {
	return workPrefix(lesson) + cell;
}

export function progressKey(lesson: string): string {
	return `${prefix}progress ${lesson}`;
}

/** `chunkwise / running lessons/chunks `: what notes of running cells begin with; a page's own name follows. */
export function runPrefix(lesson: string): string {
	return `${prefix}running ${lesson} `;
}

export type WorkName = { kind: "work"; lesson: string; cell: string } | { kind: "progress"; lesson: string };

/** What a name of the storage stands for; undefined for anything that is not ours. */
export function nameOf(key: string): WorkName | undefined {
	if (!key.startsWith(prefix)) return undefined;
	const [kind, lesson, cell, more] = key.slice(prefix.length).split(" ");
	if (kind === "work" && lesson && cell && more === undefined) return { kind, lesson, cell };
	if (kind === "progress" && lesson && cell === undefined) return { kind, lesson };
	return undefined;
}

/** A page's name as work is kept by it: `/course/lessons/chunks/` under `/course/` is `lessons/chunks`. */
export function lessonOf(pathname: string, base: string = site): string {
	const inside = pathname.startsWith(base) ? pathname.slice(base.length) : pathname.replace(/^\//, "");
	const name = inside.replace(/(index)?\.html$/, "").replace(/\/+$/, "");
	return name === "" ? "index" : name;
}

/** The lesson that this page is. */
export function thisLesson(): string {
	return lessonOf(location.pathname);
}
