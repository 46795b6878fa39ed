/** One page, one session: every cell of the page joins it, in the order of the page. */

import { Session } from "../../kernel/session/session.ts";
import { type CellState, isBusy } from "../../kernel/session/state.ts";
import workerUrl from "../../kernel/worker/worker.ts?worker&url";
import { sharedTypes } from "../editor/lesson-cells.ts";
import { exercisePart } from "../exercise/exercise-part.ts";
import { requestLog } from "../requests/requests-part.ts";
import { readersWork } from "../work/work-part.ts";
import type { CellData, CellPart } from "./cell-parts.ts";
import { CellController } from "./controller.ts";
import { askBy } from "./displays/live.ts";
import { namesTool } from "./names-tool.ts";
import { resetTool } from "./reset-tool.ts";
import { runClock } from "./run-clock.ts";
import { markRuns, marks } from "./run-mark.ts";
import { kernelSettings, onSettingsChanged } from "./settings.ts";

const updateButton = document.createElement("button");
updateButton.type = "button";
updateButton.hidden = true;
updateButton.textContent = "Bring up to date";
updateButton.title = "Run every cell that is out of date";
updateButton.addEventListener("click", () => void session.runStale());

export const session = new Session({
	createWorker: () => new Worker(workerUrl, { type: "module", name: "chunkwise-kernel" }),
	workerUrl,
	settings: kernelSettings,
	// Loaded when a cell asks for a bucket.
	serveBucket: async () => (await import("../bucket/serve.ts")).serveBucket(),
	changed: () => updateControls(),
});
markRuns(session);

askBy((source, question) => session.askDisplay(source, question));

/** What every cell has beside its code and outputs. */
const parts: readonly CellPart[] = [
	exercisePart,
	runClock,
	resetTool,
	readersWork,
	namesTool,
	sharedTypes,
	requestLog,
];

const controllers = new Map<HTMLElement, CellController>();

/** Cells during which the browser ended a page: none of them runs unasked. */
const ended = new Set(marks().map(([, id]) => id));

for (const element of document.querySelectorAll<HTMLElement>("chunkwise-cell")) joinCell(element);

/** Makes an element of the page a cell of its session, the last one or the `index`th. */
export function joinCell(element: HTMLElement, index?: number): void {
	const json = element.querySelector("[data-part=spec]")?.textContent;
	if (!json || controllers.has(element)) return;
	const data = JSON.parse(json) as CellData;
	// In the playground there is no author whose code could be put back.
	const own = element.closest("chunkwise-playground") ? parts.filter((part) => part !== resetTool) : parts;
	const controller = new CellController(element, data, session, own);
	controllers.set(element, controller);
	if (ended.has(data.id)) element.dataset.run = "manual";
	const { id, title, source, needs, timeout, check } = data;
	session.add({ id, title, source, needs, timeout, check, view: controller }, index);
}

/** Takes a cell out of the page's session; its element is the caller's to remove. */
export function leaveCell(element: HTMLElement): void {
	const controller = controllers.get(element);
	if (!controller) return;
	controllers.delete(element);
	session.remove(controller.data.id);
}

onSettingsChanged(() => void session.configure());
// Shown again after the Back button, or after the browser had put the tab to sleep.
addEventListener("pageshow", (event) => {
	if (event.persisted) void session.wake();
});
document.addEventListener("resume", () => void session.wake());

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
	updateButton.hidden = busy || !states.some(({ name }) => name === "stale");
	if (!updateButton.isConnected) controls.querySelector("[data-part=stop]")?.before(updateButton);
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
