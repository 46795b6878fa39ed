/** One page, one session: every cell of the page joins it, in the order of the page. */
import { Session } from "../../kernel/session/session.ts";
import { type CellState, isBusy } from "../../kernel/session/state.ts";
import type { CellData, CellPart } from "./cell-parts.ts";
import { CellController } from "./controller.ts";
import { resetTool } from "./reset-tool.ts";
import { runClock } from "./run-clock.ts";
import { kernelSettings, onSettingsChanged } from "./settings.ts";

export const session = new Session({
	createWorker: () =>
		new Worker(new URL("../../kernel/worker/worker.ts", import.meta.url), {
			type: "module",
			name: "chunkwise-kernel",
		}),
	settings: kernelSettings,
	// Loaded when a cell asks for a bucket.
	serveBucket: async () => (await import("../bucket/serve.ts")).serveBucket(),
	changed: () => updateControls(),
});

/** What every cell has beside its code and outputs. */
const parts: readonly CellPart[] = [runClock, resetTool];

const controllers = new Map<HTMLElement, CellController>();

for (const element of document.querySelectorAll<HTMLElement>("chunkwise-cell")) {
	const json = element.querySelector("[data-part=spec]")?.textContent;
	if (!json) continue;
	const data = JSON.parse(json) as CellData;
	const controller = new CellController(element, data, session, parts);
	controllers.set(element, controller);
	session.add({
		id: data.id,
		title: data.title,
		source: data.source,
		needs: data.needs,
		timeout: data.timeout,
		check: data.check,
		view: controller,
	});
}
onSettingsChanged(() => void session.configure());

export function controllerOf(element: HTMLElement): CellController {
	const controller = controllers.get(element);
	if (!controller) throw new Error(`The cell ${element.dataset.cell} has no data`);
	return controller;
}

function updateControls(): void {
	const controls = document.querySelector("chunkwise-controls");
	if (!controls) return;
	const states = Object.values(session.states());
	const busy = session.busy;
	const set = (name: string, disabled: boolean) => {
		const button = controls.querySelector<HTMLButtonElement>(`[data-part=${name}]`);
		if (button) button.disabled = disabled;
	};
	set("run-all", busy);
	set("stop", !busy);
	set(
		"restart",
		states.every((state) => state.name === "idle"),
	);
	const state = controls.querySelector("[data-part=state]");
	const text = summary(states);
	if (state && state.textContent !== text) state.textContent = text;
}

function summary(states: CellState[]): string {
	const count = (name: CellState["name"]) => states.filter((state) => state.name === name).length;
	const waiting = states.filter(isBusy).length;
	const parts = [
		waiting > 0 ? `${waiting} to go` : "",
		count("done") > 0 ? `${count("done")} done` : "",
		count("failed") > 0 ? `${count("failed")} failed` : "",
		count("stopped") > 0 ? `${count("stopped")} stopped` : "",
		count("stale") > 0 ? `${count("stale")} out of date` : "",
	].filter(Boolean);
	return parts.length > 0 ? `${parts.join(", ")}.` : "Nothing has run yet.";
}
