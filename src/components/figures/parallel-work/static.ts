/** The parallel-work figure as static markup: the graph, an empty chart with its controls, and the words. */
import {
	type ParallelRun,
	type ParallelSetting,
	type ParallelWorkProps,
	parallelCodecs,
	parallelSetting,
	parallelTwin,
} from "../../../lib/plan/parallel-work.ts";
import { escapeHtml, segmentsHtml, twinHtml } from "../html.ts";
import { graphMarkup, lanesMarkup, speedUpMarkup, ticksMarkup } from "./drawing.ts";

/** Workers of the first run, unless the reader says otherwise. */
export const firstWorkers = 2;

/** Named numbers beside the chart, without values before anything has run. */
export const readingNames = [
	["time", "Time"],
	["speed", "Speed-up"],
	["best", "At best"],
	["busy", "Workers busy"],
	["stored", "Chunks in the store"],
] as const;

function legendMarkup(): string {
	const task = (state: string, words: string) =>
		`<li><svg viewBox="-9 -7 18 14" aria-hidden="true"><g class="cw-fig-task" data-state="${state}"><rect x="-5" y="-5" width="10" height="10"/><circle r="1.8"/></g></svg>${words}</li>`;
	const job = (kind: string, words: string) =>
		`<li><i class="cw-fig-job cw-fig-${kind} cw-fig-job-key"></i>${words}</li>`;
	return `<ul class="cw-fig-legend">${task("waiting", "task waits")}${task("running", "task runs")}${task("done", "chunk is stored")}${job("encode", "compress a chunk")}${job("downsample", "compute a chunk")}<li><i class="cw-fig-best-key"></i>where it would end at best</li></ul>`;
}

/** The whole inner markup of the figure. */
export function parallelWorkHtml(props: ParallelWorkProps, id: string): string {
	const setting: ParallelSetting = parallelSetting(props);
	const { mostWorkers, codec } = setting;
	const none: ParallelRun[] = [];
	const workers = Math.min(firstWorkers, mostWorkers);
	const readings = readingNames.map(
		([name, label]) => `<div data-reading="${name}"><dt>${label}</dt><dd></dd></div>`,
	);
	const codecs = parallelCodecs.map((name) => ({ value: name, label: name }));
	const title = props.title ? `<p class="cw-fig-title">${escapeHtml(props.title)}</p>` : "";
	return `<figure class="cw-fig-body">${title}
<form class="cw-fig-controls cw-fig-parallel-controls">
<div class="cw-fig-slider"><label for="${id}-workers">Workers</label><output for="${id}-workers">${workers}</output><span class="cw-fig-track"><input type="range" id="${id}-workers" name="workers" min="1" max="${mostWorkers}" value="${workers}"></span></div>
${segmentsHtml(`${id}-codec`, "Codec", codecs, codec)}
<p class="cw-fig-acts"><button type="button" class="cw-small-button" data-act="start">Run</button><button type="button" class="cw-small-button" data-act="stop" disabled>Stop</button></p>
</form>
<div class="cw-fig-parallel">
<div class="cw-fig-graph" aria-hidden="true">${graphMarkup(setting)}</div>
<div class="cw-fig-gantt" aria-hidden="true" style="--span:1000;--most:${mostWorkers}"><p class="cw-fig-axis-name">Worker</p><div class="cw-fig-lanes-box"><div class="cw-fig-lanes">${lanesMarkup(workers)}</div><span class="cw-fig-best" hidden></span><p class="cw-fig-empty">Press Run.</p></div><div class="cw-fig-gantt-times">${ticksMarkup(1000)}</div></div>
<div class="cw-fig-speed" aria-hidden="true"><p class="cw-fig-axis-name">Speed-up by number of workers</p><div data-part="speed">${speedUpMarkup(none, codec, mostWorkers, mostWorkers)}</div><p class="cw-fig-speed-key"><i></i>the best there can be <b></b>measured</p></div>
<dl class="cw-fig-readings cw-fig-parallel-readings">${readings.join("")}</dl>
</div>
${legendMarkup()}
<p class="cw-fig-alert" role="alert" hidden></p>
${twinHtml(parallelTwin(setting, none, mostWorkers), id)}</figure>`;
}
