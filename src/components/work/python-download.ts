/** The Python of a lesson as a notebook: made when the site is built, and told by the page where the site is. */
import { siteRoot } from "../cell/settings.ts";
import { isLesson, thisLesson } from "./keys.ts";
import { addressToCome } from "./python-address.ts";

/** Whether this page is a lesson with Python beside its cells: of other pages no notebook is made. */
export function hasPython(): boolean {
	return isLesson(thisLesson()) && document.querySelector(".cw-python") !== null;
}

/**
 * The file's text.
 * @param lesson the last part of its address
 * @throws Error where the site does not answer
 */
export async function pythonNotebookOf(lesson: string): Promise<string> {
	const response = await fetch(`${siteRoot}data/notebooks/${lesson}.ipynb`);
	if (!response.ok) throw new Error(`the notebook of ${lesson}: HTTP ${response.status}`);
	return (await response.text()).replaceAll(addressToCome, siteRoot);
}
