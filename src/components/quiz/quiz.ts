/** A quiz that is being answered: checks, tells, keeps. Loaded when the reader turns to it or has answered before. */
import type { QuizSpec } from "../../authoring/page-model.ts";
import { progressText } from "../exercise/progress-text.ts";
import { thisLesson } from "../work/keys.ts";
import { readProgress, recordProgress } from "../work/progress.ts";
import { type AnswerInput, choiceInput, textInput } from "./answer-input.ts";
import { type Judgement, judgeChoice, judgeNumber, judgeOrder } from "./judge.ts";
import { orderInput } from "./order-input.ts";
import { Prediction } from "./prediction.ts";
import { readAnswer, writeAnswer } from "./saved-answer.ts";

const quizzes = new WeakMap<HTMLElement, Quiz>();

export function quizOf(host: HTMLElement): Quiz {
	const quiz = quizzes.get(host) ?? new Quiz(host);
	quizzes.set(host, quiz);
	return quiz;
}

export class Quiz {
	readonly #host: HTMLElement;
	readonly #spec: QuizSpec;
	/** The author's version, as text. */
	readonly #author: string;
	readonly #input: AnswerInput;
	readonly #prediction?: Prediction;

	constructor(host: HTMLElement) {
		this.#host = host;
		this.#author = host.querySelector("[data-part=spec]")?.textContent ?? "{}";
		this.#spec = JSON.parse(this.#author) as QuizSpec;
		this.#input = this.#makeInput();
		const { predict } = this.#spec;
		if (predict) this.#prediction = new Prediction(host, predict, () => this.#compare());
		host.addEventListener("input", () => this.#changed());
		const saved = readAnswer(this.#spec.id, this.#author);
		if (saved) {
			this.#input.restore(saved.answer);
			if (saved.checked && !this.#prediction) this.#tell(this.#judge());
			if (saved.checked) this.#prediction?.kept();
		}
		this.#showProgress();
		host.toggleAttribute("data-ready", true);
	}

	check(): void {
		const answer = this.#input.read();
		if (answer === undefined) {
			this.#say(this.#input.ask);
			this.#host.querySelector<HTMLElement>("input, textarea")?.focus();
			return;
		}
		this.#keep(true);
		if (this.#prediction) {
			this.#note("tried");
			this.#say("Your prediction is kept. Now run the cell.");
			this.#prediction.kept();
			return;
		}
		const judgement = this.#judge();
		this.#note(judgement.isRight ? "done" : "tried");
		this.#tell(judgement);
	}

	/** The cell has shown what it shows. */
	#compare(): string {
		const words = this.#input.words();
		this.#note("done");
		if (this.#spec.kind === "prediction" || !this.#canJudge()) {
			this.#say("Compare your prediction with what the cell shows.");
			for (const i of this.#chosen()) this.#reveal(i);
			return words;
		}
		const judgement = this.#judge();
		this.#tell({ ...judgement, said: judgement.isRight ? "You predicted it." : "It came out otherwise." });
		this.#showRight();
		return words;
	}

	#canJudge(): boolean {
		const { kind, right } = this.#spec;
		return kind === "number" || kind === "order" || right.includes(1);
	}

	#chosen(): number[] {
		const { kind } = this.#spec;
		return kind === "one" || kind === "several" ? (this.#input.read() ?? "").split(",").map(Number) : [];
	}

	#judge(): Judgement {
		const { kind, right, number } = this.#spec;
		if (kind === "number" && number) return judgeNumber(number, this.#input.read() ?? "");
		if (kind === "order") {
			const indices = (this.#input.read() ?? "").split(",").map(Number);
			const label = (i: number) =>
				this.#answer(i)?.querySelector("[data-part=label]")?.textContent?.trim() ?? "";
			return judgeOrder(
				indices.map((i) => right[i]),
				indices.map(label),
				indices,
			);
		}
		return judgeChoice(right, this.#chosen(), kind === "several");
	}

	/** The status first, then each chosen answer with a mark and what the author says to it. */
	#tell({ isRight, said, show }: Judgement): void {
		this.#hideFeedback();
		this.#host.dataset.verdict = isRight ? "right" : "wrong";
		for (const i of show) this.#reveal(i);
		const told = show.map((i) => this.#answer(i, "feedback")?.textContent?.trim() ?? "").filter(Boolean);
		this.#say([said, ...(isRight && show.length > 2 ? [] : told)].join(" "), said);
		this.#showRight();
	}

	#reveal(index: number): void {
		const feedback = this.#answer(index, "feedback");
		if (feedback?.textContent?.trim()) feedback.hidden = false;
		const { kind, right } = this.#spec;
		const answer = this.#answer(index);
		if ((kind !== "one" && kind !== "several") || !this.#canJudge() || !answer) return;
		answer.dataset.verdict = right[index] ? "right" : "wrong";
		const mark = answer.querySelector("[data-part=mark]");
		if (mark) mark.textContent = right[index] ? "right" : "not right";
		const id = feedback?.id;
		if (id) answer.querySelector("input")?.setAttribute("aria-describedby", id);
	}

	#hideFeedback(): void {
		delete this.#host.dataset.verdict;
		for (const feedback of this.#host.querySelectorAll<HTMLElement>("[data-part=feedback]"))
			feedback.hidden = true;
		for (const answer of this.#host.querySelectorAll<HTMLElement>(".cw-answer")) {
			delete answer.dataset.verdict;
			answer.querySelector("input")?.removeAttribute("aria-describedby");
			const mark = answer.querySelector("[data-part=mark]");
			if (mark) mark.textContent = "";
		}
	}

	/** What was said was said of the former answer. */
	#changed(): void {
		if (this.#prediction?.isCompared) return;
		this.#hideFeedback();
		this.#say("");
		this.#keep(false);
	}

	#keep(checked: boolean): void {
		writeAnswer(this.#spec.id, this.#author, { answer: this.#input.read() ?? "", checked });
	}

	#note(state: "tried" | "done"): void {
		const { id: item, title } = this.#spec;
		recordProgress({ item, title, kind: "quiz", state });
		this.#showProgress();
	}

	#showProgress(): void {
		const item = readProgress(thisLesson()).items[this.#spec.id];
		const line = this.#host.querySelector("[data-part=progress]");
		if (line) {
			line.textContent = this.#prediction
				? item && (item.state === "done" ? "compared" : "kept")
				: progressText(item);
		}
		this.#host.toggleAttribute("data-solved", item?.state === "done");
		if (item && !this.#prediction) this.#showRight();
	}

	/** The answer is offered after a try. */
	#showRight(): void {
		const right = this.#host.querySelector<HTMLElement>("[data-part=right]");
		if (right) right.hidden = false;
	}

	/** A screen reader hears the whole; what stands beside the answers is not written twice. */
	#say(text: string, visible = text): void {
		const status = this.#host.querySelector("[data-part=status]");
		if (!status) return;
		status.replaceChildren(visible);
		if (text === visible) return;
		const rest = document.createElement("span");
		rest.className = "cw-visually-hidden";
		rest.textContent = text.slice(visible.length);
		status.append(rest);
	}

	#answer(index: number, part?: string): HTMLElement | undefined {
		const answer = this.#host.querySelector<HTMLElement>(`[data-answer="${index}"]`);
		if (!answer || !part || answer.dataset.part === part) return answer ?? undefined;
		return answer.querySelector<HTMLElement>(`[data-part=${part}]`) ?? undefined;
	}

	#makeInput(): AnswerInput {
		switch (this.#spec.kind) {
			case "number":
				return textInput(this.#host, "Write a number first.");
			case "prediction":
				return textInput(this.#host, "Write what you expect first.");
			case "order":
				return orderInput(
					this.#host,
					(text) => this.#say(text),
					() => {
						this.#hideFeedback();
						this.#keep(false);
					},
				);
			default:
				return choiceInput(this.#host);
		}
	}
}
