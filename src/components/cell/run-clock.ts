/** Elapsed time of a run, silently for a screen reader; its deadline when it nears, with a way to lengthen it. */
import { duration, isBusy } from "../../kernel/session/state.ts";
import type { CellPart } from "./cell-parts.ts";
import { element } from "./displays/element.ts";

/** From this share of its time on, a run's deadline is shown. */
const warnFrom = 0.7;
const tick = 500;

export const runClock: CellPart = (cell) => {
	const stateLine = cell.element.querySelector("[data-part=state]") as HTMLElement;
	const left = new Text();
	const more = element(
		"button",
		{ type: "button", class: "cw-small-button" },
		`Give it ${cell.data.timeout} s more`,
	);
	more.addEventListener("click", () => cell.session.extend(cell.data.id));
	const warning = element("p", { class: "cw-notice cw-deadline" }, left, more);
	let clock: ReturnType<typeof setInterval> | undefined;
	/** Since when the cell waits or runs; a run starts the count anew. */
	let busySince: number | undefined;
	cell.on("state", (state) => {
		clearInterval(clock);
		delete stateLine.dataset.elapsed;
		if (!isBusy(state)) {
			busySince = undefined;
			warning.remove();
			return;
		}
		busySince ??= Date.now();
		const since = ("since" in state ? state.since : undefined) ?? busySince;
		const deadline = "deadline" in state ? state.deadline : undefined;
		clock = setInterval(() => {
			const now = Date.now();
			stateLine.dataset.elapsed = duration(Math.max(0, now - since));
			if (deadline === undefined || now - since <= warnFrom * (deadline - since)) {
				warning.remove();
				return;
			}
			left.data = `This run will be stopped in ${Math.max(0, Math.ceil((deadline - now) / 1000))} s. `;
			if (!warning.isConnected) cell.output.append(warning);
		}, tick);
	});
};
