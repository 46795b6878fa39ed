/** What the parallel-work figure draws: the graph of tasks, bars on lanes, and speed-up by workers. */
import { scaleLinear } from "d3";
import { formatDuration } from "../../../lib/format.ts";
import type { JobRecord } from "../../../lib/parallel/graph.ts";
import {
	baseline,
	formatSpeedUp,
	idealSpeedUp,
	type ParallelCodec,
	type ParallelRun,
	type ParallelSetting,
	speedUp,
} from "../../../lib/plan/parallel-work.ts";
import { escapeHtml } from "../html.ts";

const width = 1000;
const rowHeight = 110;

/** The graph: a row for each level, the coarsest on top; a line from each task to those that it waits for. */
export function graphMarkup({ plan, tasks }: ParallelSetting): string {
	const rows = plan.levels.map(({ level }) => tasks.filter((task) => task.level === level));
	const most = Math.max(...rows.map((row) => row.length));
	const size = Math.min(30, (0.66 * width) / most);
	const height = rows.length * rowHeight - (rowHeight - 44);
	const places = new Map<string, [x: number, y: number]>();
	for (const [level, row] of rows.entries()) {
		const y = 22 + (rows.length - 1 - level) * rowHeight;
		for (const [i, task] of row.entries()) {
			// A few tasks stand over the middle of what they wait for.
			const below = task.inputs.flatMap((id) => places.get(id)?.[0] ?? []);
			const even = ((i + 0.5) * width) / row.length;
			const mean = below.reduce((sum, x) => sum + x, 0) / Math.max(1, below.length);
			const near = below.length > 0 && row.length * size * 2 < width;
			places.set(task.id, [near ? (even + mean) / 2 : even, y]);
		}
	}
	const lines = tasks.flatMap((task) =>
		task.inputs.map((id) => {
			const [a, b] = [places.get(task.id), places.get(id)];
			return a && b
				? `M${a[0].toFixed(1)} ${(a[1] + size / 2).toFixed(1)}L${b[0].toFixed(1)} ${(b[1] - size / 2).toFixed(1)}`
				: "";
		}),
	);
	const nodes = tasks.map((task) => {
		const [x, y] = places.get(task.id) ?? [0, 0];
		const half = size / 2;
		return (
			`<g class="cw-fig-task" data-task="${escapeHtml(task.id)}" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})">` +
			`<rect x="${(-half).toFixed(1)}" y="${(-half).toFixed(1)}" width="${size.toFixed(1)}" height="${size.toFixed(1)}"/><circle r="${(size / 6).toFixed(1)}"/></g>`
		);
	});
	return (
		`<svg viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false"><path class="cw-fig-needs" d="${lines.join("")}"/>${nodes.join("")}</svg>` +
		plan.levels
			.map(
				({ level }) =>
					`<span style="top:${((100 * (22 + (rows.length - 1 - level) * rowHeight)) / height).toFixed(1)}%">scale${level}</span>`,
			)
			.join("")
	);
}

/** Lanes of the chart, empty: one for each worker. */
export function lanesMarkup(workers: number): string {
	return Array.from(
		{ length: workers },
		(_, i) => `<div class="cw-fig-lane" data-worker="${i + 1}"><span>${i + 1}</span><div></div></div>`,
	).join("");
}

/** Ticks below the lanes, for a span of milliseconds. */
export function ticksMarkup(span: number): string {
	const scale = scaleLinear([0, span], [0, 100]);
	return scale
		.ticks(4)
		.map((at) => `<span style="left:${scale(at).toFixed(2)}%">${at === 0 ? "0" : formatDuration(at)}</span>`)
		.join("");
}

/** A round number of milliseconds from which on a chart begins. */
export function niceSpan(milliseconds: number): number {
	return scaleLinear([0, Math.max(1, milliseconds)], [0, 1])
		.nice(4)
		.domain()[1];
}

/** A bar of a job: `begun` is the start of the run. */
export function barMarkup(record: JobRecord, begun: number, label: string): string {
	const start = (record.started - begun).toFixed(2);
	const length = Math.max(0.1, record.ended - record.started).toFixed(2);
	const kind = record.job === "downsample" ? "downsample" : "encode";
	const title = `${label}: ${kind}, ${formatDuration(record.ended - record.started)}`;
	return `<i class="cw-fig-job cw-fig-${kind}" style="--start:${start};--length:${length}" title="${escapeHtml(title)}"></i>`;
}

/** Speed-up over the number of workers: the best that can be, and what was measured. */
export function speedUpMarkup(
	runs: readonly ParallelRun[],
	codec: ParallelCodec,
	most: number,
	cores: number,
): string {
	const one = baseline(runs, codec);
	const ideal = Array.from({ length: most }, (_, i) => idealSpeedUp(i + 1, cores, one));
	const measured = new Map(
		runs
			.filter((run) => run.codec === codec)
			.flatMap((run) => {
				const value = speedUp(runs, run);
				return value === undefined ? [] : [[run.workers, value] as const];
			}),
	);
	const top = Math.max(2, Math.ceil(Math.max(...ideal, ...measured.values())));
	const x = (workers: number) => (100 * (workers - 0.5)) / most;
	const y = (value: number) => 100 - (100 * value) / top;
	const line = ideal.map((value, i) => `${x(i + 1).toFixed(2)} ${y(value).toFixed(2)}`).join("L");
	const steps = top > 6 ? 2 : 1;
	const rules = Array.from({ length: Math.floor(top / steps) }, (_, i) => (i + 1) * steps);
	const last = runs.findLast((run) => run.codec === codec);
	const dots = [...measured].map(
		([workers, value]) =>
			`<b class="cw-fig-run-dot${last?.workers === workers ? " cw-fig-latest" : ""}" style="left:${x(workers).toFixed(2)}%;top:${y(value).toFixed(2)}%" data-workers="${workers}" title="${workers}: ${formatSpeedUp(value)}"></b>`,
	);
	return (
		`<div class="cw-fig-plot">${rules.map((value) => `<span class="cw-fig-rule" style="top:${y(value).toFixed(2)}%"><em>${value}×</em></span>`).join("")}` +
		`<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" focusable="false"><path class="cw-fig-ideal" d="M${line}"/></svg>${dots.join("")}</div>` +
		`<div class="cw-fig-plot-ticks">${Array.from({ length: most }, (_, i) => `<span>${i + 1}</span>`).join("")}</div>`
	);
}
