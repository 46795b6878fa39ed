/** The lessons of the course as the site is built: from their front matter, in the order of the sidebar. */
import { getCollection } from "astro:content";
import { isLesson } from "../work/keys.ts";
import { outlineOf } from "../work/outline.ts";
import type { SyllabusLesson } from "./syllabus.ts";

/** What is used of a page: where types are checked, `astro/client`'s `any` comes before the collection's own type. */
interface Page {
	id: string;
	body?: string;
	data: {
		title: string;
		description?: string;
		objectives?: string[];
		duration?: number;
		requires?: string[];
		sidebar?: { order?: number };
	};
}

export async function lessonsOfCourse(): Promise<SyllabusLesson[]> {
	const pages: Page[] = (await getCollection("docs")).filter(({ id }: Page) => isLesson(id));
	const order = ({ data }: Page) => data.sidebar?.order ?? Number.POSITIVE_INFINITY;
	pages.sort((a, b) => (order(a) === order(b) ? a.id.localeCompare(b.id, "en") : order(a) - order(b)));
	return pages.map(({ id, data, body }) => {
		const kinds = outlineOf(body ?? "").map(({ kind }) => kind);
		return {
			name: id.replace(/^lessons\//, ""),
			title: data.title,
			description: data.description,
			objectives: data.objectives ?? [],
			minutes: data.duration,
			requires: data.requires ?? [],
			exercises: kinds.filter((kind) => kind === "exercise").length,
			questions: kinds.filter((kind) => kind === "quiz").length,
		};
	});
}
