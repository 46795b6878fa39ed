/** What the reader's answer is given with: one interface for choices, steps in order, numbers and words. */

export interface AnswerInput {
	/** The answer as it is kept; undefined where nothing is given yet. */
	read(): string | undefined;
	restore(answer: string): void;
	/** The answer as it stands in a sentence. */
	words(): string;
	/** What to do where nothing is given. */
	readonly ask: string;
}

/** Radio buttons and boxes: the indices of the chosen, `0,2`. */
export function choiceInput(host: HTMLElement): AnswerInput {
	const boxes = [...host.querySelectorAll<HTMLInputElement>(".cw-answer input")];
	const chosen = () => boxes.filter((box) => box.checked);
	return {
		ask: "Choose an answer first.",
		read: () =>
			chosen()
				.map((box) => box.value)
				.join(",") || undefined,
		restore(answer) {
			const values = answer.split(",");
			for (const box of boxes) box.checked = values.includes(box.value);
		},
		words: () =>
			chosen()
				.map((box) => box.closest(".cw-answer")?.querySelector(".cw-answer-label")?.textContent?.trim() ?? "")
				.join("; "),
	};
}

/** A field for a number or for words. */
export function textInput(host: HTMLElement, ask: string): AnswerInput {
	const field = host.querySelector<HTMLInputElement | HTMLTextAreaElement>("[name=answer]");
	return {
		ask,
		read: () => field?.value.trim() || undefined,
		restore(answer) {
			if (field) field.value = answer;
		},
		words: () => field?.value.trim() ?? "",
	};
}
