/** Front matter of a lesson, beside what Starlight knows. One schema for the build, types and lesson checks. */
import { z } from "astro/zod";

const sentences = z.array(z.string().min(1));

export const lessonSchema = z.object({
	/** What the lesson answers. */
	questions: sentences.optional(),
	/** What the reader can do afterwards. */
	objectives: sentences.optional(),
	/** Minutes. */
	duration: z.number().int().positive().max(180).optional(),
	/** Slugs of lessons to read first. */
	requires: z.array(z.string()).optional(),
	keyPoints: sentences.optional(),
});
