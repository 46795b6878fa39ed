/** The parallel-work figure alive: the graph runs on the reader's own machine, with as many workers as one likes. */
import "../../cell/buttons.css";
import { formatBytes, formatDuration } from "../../../lib/format.ts";
import type { TaskRecord } from "../../../lib/parallel/graph.ts";
import { counted, formatShare } from "../../../lib/plan/figure.ts";
import {
	baseline,
	describeRun,
	formatSpeedUp,
	idealSpeedUp,
	type ParallelCodec,
	type ParallelRun,
	type ParallelWorkProps,
	parallelSetting,
	parallelTwin,
	speedUp,
} from "../../../lib/plan/parallel-work.ts";
import { figureId, typeset, updateTwin } from "../html.ts";
import { part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { Conductor } from "./conduct.ts";
import { barMarkup, lanesMarkup, niceSpan, speedUpMarkup, ticksMarkup } from "./drawing.ts";
import type { FromConductor, Stage } from "./messages.ts";
import { parallelWorkHtml } from "./static.ts";

const stageWords: Record<Stage, string> = {
	image: "The synthetic image is being made.",
	workers: "Workers start.",
	tasks: "Tasks run.",
};

export function mount(host: HTMLElement, props: ParallelWorkProps): MountedFigure {
	const setting = parallelSetting(props);
	if (!host.querySelector(".cw-fig-body")) host.innerHTML = parallelWorkHtml(props, figureId());
	const form = part<HTMLFormElement>(host, ".cw-fig-parallel-controls");
	const slider = part<HTMLInputElement>(form, 'input[type="range"]');
	const gantt = part<HTMLElement>(host, ".cw-fig-gantt");
	const lanes = part<HTMLElement>(gantt, ".cw-fig-lanes");
	const empty = part<HTMLElement>(gantt, ".cw-fig-empty");
	const best = part<HTMLElement>(gantt, ".cw-fig-best");
	const problem = part<HTMLElement>(host, ".cw-fig-alert");
	const nodes = new Map(
		[...host.querySelectorAll<SVGElement>(".cw-fig-graph [data-task]")].map((node) => [
			node.dataset.task ?? "",
			node,
		]),
	);
	const events = new AbortController();
	const conductor = new Conductor();
	const cores = navigator.hardwareConcurrency || 1;
	const runs: ParallelRun[] = [];
	let begun: number | undefined;
	let span = 1000;
	let closed = false;

	const workers = () => Number(slider.value);
	const codec = () => {
		const chosen = form.querySelector<HTMLInputElement>('input[type="radio"]:checked');
		return (chosen?.value ?? setting.codec) as ParallelCodec;
	};
	const say = (status?: string) => updateTwin(host, parallelTwin(setting, runs, cores, status));
	const read = (name: string, value: string) => {
		part(host, `[data-reading="${name}"] dd`).textContent = typeset(value);
	};

	function setSpan(milliseconds: number): void {
		span = niceSpan(milliseconds);
		gantt.style.setProperty("--span", String(span));
		part(gantt, ".cw-fig-gantt-times").innerHTML = ticksMarkup(span);
	}

	/** The chart and the graph before a run. */
	function clear(count: number): void {
		begun = undefined;
		best.hidden = true;
		lanes.innerHTML = lanesMarkup(count);
		for (const node of nodes.values()) node.dataset.state = "waiting";
		setSpan(baseline(runs, codec())?.elapsed ?? 200);
		for (const name of ["time", "speed", "best", "busy", "stored"]) read(name, "");
	}

	function drawSpeed(): void {
		part(host, '[data-part="speed"]').innerHTML = speedUpMarkup(runs, codec(), setting.mostWorkers, cores);
	}

	function heard(message: FromConductor): void {
		if (message.type === "stage") {
			empty.hidden = message.stage === "tasks";
			empty.textContent = stageWords[message.stage];
		} else if (message.type === "stored") {
			read("stored", `${message.chunks} of ${setting.tasks.length} · ${formatBytes(message.bytes)}`);
		} else if (message.type === "task") {
			begun ??= message.task.started;
			const node = nodes.get(message.task.id);
			if (node) node.dataset.state = message.event === "started" ? "running" : "done";
			if (message.event === "ended") drawBars(message.task, begun);
		}
	}

	function drawBars(task: TaskRecord, start: number): void {
		for (const job of task.jobs) {
			const lane = lanes.querySelector(`[data-worker="${job.worker}"] > div`);
			lane?.insertAdjacentHTML("beforeend", barMarkup(job, start, task.label));
		}
		const time = task.ended - start;
		if (time > span) setSpan(1.4 * time);
		read("time", formatDuration(time));
	}

	/** One run, and what it came to; undefined where it was stopped or failed. */
	async function runWith(count: number, chosen: ParallelCodec): Promise<ParallelRun | undefined> {
		clear(count);
		const what = `${counted(count, "worker")}, ${chosen}`;
		say(`Running: ${what}.`);
		const last = await conductor.ask({ type: "run", props, codec: chosen, workers: count }, heard);
		if (closed) return undefined;
		if (last.type !== "ended") {
			const message = last.type === "failed" ? last.message : "It ended.";
			empty.hidden = true;
			if (message === "Stopped.") say(`Stopped: ${what}.`);
			else {
				problem.textContent = message;
				problem.hidden = false;
				say(message);
			}
			return undefined;
		}
		if (last.workers < count) {
			// Fewer than asked for: the run tells nothing of that number.
			problem.textContent = last.why;
			problem.hidden = false;
			if (last.workers === 0) {
				say(last.why);
				return undefined;
			}
		}
		const run = { ...last.run, workers: last.workers };
		runs.push(run);
		setSpan(Math.max(run.elapsed, baseline(runs, chosen)?.elapsed ?? 0));
		show(run);
		return run;
	}

	function show(run: ParallelRun): void {
		const one = baseline(runs, run.codec);
		read("time", formatDuration(run.elapsed));
		read("speed", formatSpeedUp(speedUp(runs, run)));
		read("best", formatSpeedUp(idealSpeedUp(run.workers, cores, one)));
		read("busy", formatShare(run.busy, run.workers * run.elapsed));
		if (one && run.workers > 1) {
			best.style.setProperty("--at", String(one.elapsed / idealSpeedUp(run.workers, cores, one)));
			best.hidden = false;
		}
		drawSpeed();
		say(describeRun(runs, run, cores));
	}

	async function start(): Promise<void> {
		if (conductor.busy) return;
		const [count, chosen] = [workers(), codec()];
		problem.hidden = true;
		setBusy(true);
		// What others are compared with comes first.
		const compared = count === 1 || baseline(runs, chosen) || (await runWith(1, chosen));
		if (compared && !closed) await runWith(count, chosen);
		if (!closed) setBusy(false);
	}

	function setBusy(busy: boolean): void {
		const button = (act: string) => part<HTMLButtonElement>(form, `[data-act="${act}"]`);
		// The pressed button keeps the focus: it is only said to be of no use.
		button("start").setAttribute("aria-disabled", String(busy));
		button("stop").disabled = !busy;
		slider.disabled = busy;
		for (const radio of form.querySelectorAll<HTMLInputElement>('input[type="radio"]')) radio.disabled = busy;
		host.toggleAttribute("data-running", busy);
	}

	form.addEventListener("submit", (event) => event.preventDefault(), { signal: events.signal });
	form.addEventListener("input", () => chose(), { signal: events.signal });
	form.addEventListener(
		"click",
		(event) => {
			const act = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset.act;
			if (act === "start") void start();
			if (act === "stop") conductor.stop();
		},
		{ signal: events.signal },
	);

	function chose(): void {
		part(form, "output").textContent = slider.value;
		clear(workers());
		empty.textContent = "Press Run.";
		empty.hidden = false;
		drawSpeed();
	}

	chose();
	host.dataset.ready = "";
	if (host.dataset.wanted !== undefined) void start();
	return {
		destroy() {
			closed = true;
			conductor.close();
			events.abort();
			delete host.dataset.ready;
		},
	};
}
