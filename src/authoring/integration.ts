/** The Astro integration: puts the Markdown plugin before Starlight's own. */
import { isSatteriProcessor } from "@astrojs/markdown-satteri";
import type { AstroIntegration } from "astro";
import { authoringPlugin, type Components } from "./plugin.ts";

const components: Components = {
	lessonHead: "/src/components/cell/LessonHead.astro",
	cell: "/src/components/cell/Cell.astro",
	recorded: "/src/components/cell/Recorded.astro",
	recordedFigure: "/src/components/cell/RecordedFigure.astro",
	python: "/src/components/exercise/Python.astro",
	exercise: "/src/components/exercise/Exercise.astro",
	hint: "/src/components/exercise/Hint.astro",
	solution: "/src/components/exercise/Solution.astro",
	quiz: "/src/components/quiz/Quiz.astro",
	answer: "/src/components/quiz/Answer.astro",
	instructor: "/src/components/exercise/Instructor.astro",
	instructorSwitch: "/src/components/exercise/InstructorSwitch.astro",
	figures: "/src/components/figures",
};

/** List it before `starlight()`: after it, directives have already become plain boxes. */
export function chunkwiseAuthoring(): AstroIntegration {
	return {
		name: "chunkwise-authoring",
		hooks: {
			"astro:config:setup": ({ config, logger }) => {
				const { processor } = config.markdown;
				if (!processor || !isSatteriProcessor(processor)) {
					throw new Error("Chunkwise's lessons need Astro's Sätteri Markdown processor.");
				}
				processor.options.features.directive = true;
				processor.options.mdastPlugins.push(authoringPlugin(components, (message) => logger.warn(message)));
			},
		},
	};
}
