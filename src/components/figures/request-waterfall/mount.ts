/** The request waterfall alive: other lines, a stretch of the time, a filter. The stretch is D3's brush and two sliders. */
import { brushX, type D3BrushEvent, select } from "d3";
import { formatDuration } from "../../../lib/format.ts";
import { type NetworkLine, networkLines, ownLine } from "../../../lib/plan/lines.ts";
import {
	planWaterfall,
	type RequestWaterfallProps,
	type WaterfallPlan,
	waterfallOf,
} from "../../../lib/plan/request-waterfall.ts";
import { waterfallTwin } from "../../../lib/plan/request-waterfall-text.ts";
import { axisHtml, barsHtml, type Course, legendHtml, type TimeWindow } from "../../requests/waterfall.ts";
import { figureId, updateTwin } from "../html.ts";
import { animate, debounced, part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import {
	comparedHtml,
	type Dial,
	type DrawnRequest,
	dials,
	dialText,
	drawnRequests,
	nearest,
	overviewHtml,
	requestWaterfallHtml,
	rowsAtOnce,
	rowsHtml,
	shownRequests,
	shownText,
	timeSteps,
} from "./static.ts";
import "../../cell/buttons.css";
import "../../requests/requests.css";
import "./request-waterfall.css";

const glide = 420;

export function mount(host: HTMLElement, props: RequestWaterfallProps): MountedFigure {
	const waterfall = waterfallOf(props);
	if (!host.querySelector(".cw-fig-body")) host.innerHTML = requestWaterfallHtml(props, figureId());
	const form = part<HTMLFormElement>(host, ".cw-fall-form");
	const list = part<HTMLElement>(host, ".cw-requests-list");
	const scroll = part<HTMLElement>(host, ".cw-fall-scroll");
	const more = part<HTMLButtonElement>(host, "[data-act=more]");
	const all = part<HTMLButtonElement>(host, "[data-act=all]");
	const filter = part<HTMLInputElement>(host, "input[name=words]");
	const ends = {
		from: part<HTMLInputElement>(host, "input[name=from]"),
		to: part<HTMLInputElement>(host, "input[name=to]"),
	};
	const events = new AbortController();
	const say = debounced((now: NetworkLine | undefined) => updateTwin(host, waterfallTwin(waterfall, now)));

	let line = chosenLine();
	let plan: WaterfallPlan = planWaterfall(waterfall, line);
	let drawn: DrawnRequest[] = drawnRequests(waterfall, plan);
	let shown: DrawnRequest[] = [];
	let rows = rowsAtOnce;
	let stop = () => {};

	function chosenLine(): NetworkLine | undefined {
		const name = part<HTMLInputElement>(form, "input[type=radio]:checked").value;
		if (name !== "own") return networkLines.find((known) => known.name === name);
		const value = (dial: Dial) =>
			dials[dial][part<HTMLInputElement>(form, `input[name=${dial}]`).valueAsNumber];
		return ownLine(value("latency"), value("bandwidth"), value("atOnce"));
	}

	const whole = (): TimeWindow => ({ from: 0, to: Math.max(plan.milliseconds, 1) });

	function window(): TimeWindow {
		const { to } = whole();
		const at = (input: HTMLInputElement) => (input.valueAsNumber / timeSteps) * to;
		return { from: at(ends.from), to: at(ends.to) };
	}

	/** The list anew: another line, stretch of time or filter. */
	function draw(): void {
		const now = window();
		shown = shownRequests(drawn, filter.value, now);
		list.innerHTML = rowsHtml(shown, now, plan.courses !== undefined, rows);
		more.hidden = shown.length <= rows;
		part(host, ".cw-fall-shown").textContent = shownText(shown, drawn.length);
		part(host, ".cw-fall-axis").innerHTML = axisHtml(now);
		for (const input of [ends.from, ends.to]) {
			const text = formatDuration(input === ends.from ? now.from : now.to);
			input.setAttribute("aria-valuetext", text);
		}
		all.disabled = ends.from.value === "0" && ends.to.valueAsNumber === timeSteps;
	}

	function chooseLine(): void {
		const before = { drawn, length: whole().to, shown: shown.map(({ request }) => request) };
		line = chosenLine();
		plan = planWaterfall(waterfall, line);
		drawn = drawnRequests(waterfall, plan);
		part(host, ".cw-fall-compared").innerHTML = comparedHtml(waterfall, plan);
		part(host, ".cw-fall-legend").innerHTML = legendHtml(waterfall.requests, plan.courses !== undefined);
		part(host, ".cw-fall-overview > g").innerHTML = overviewHtml(drawn, whole());
		say(line);
		stop();
		draw();
		const same =
			before.shown.length === shown.length && shown.every(({ request }, i) => request === before.shown[i]);
		if (!same) return;
		// The bars go from where they were to where they are, each in the share of its own time.
		const tracks = [...list.querySelectorAll<HTMLElement>(".cw-request-track")];
		const now = window();
		const old = new Map(
			before.drawn.map(({ request, course }) => [request, shares(course, { from: 0, to: before.length })]),
		);
		stop = animate(glide, (t) => {
			tracks.forEach((track, i) => {
				const { request, course } = shown[i];
				const target = shares(course, now);
				const start = old.get(request) ?? target;
				const at = (name: keyof Course) => start[name] + (target[name] - start[name]) * t;
				const between = { asked: at("asked"), sent: at("sent"), first: at("first"), ended: at("ended") };
				track.innerHTML = barsHtml(request, { from: 0, to: 1 }, between);
			});
		});
	}

	/** The stretch of time, as shares of it. */
	function setStretch(from: number, to: number): void {
		const low = Math.round(Math.min(from, to) * timeSteps);
		const high = Math.max(low + 1, Math.round(Math.max(from, to) * timeSteps));
		ends.from.value = String(Math.min(low, timeSteps - 1));
		ends.to.value = String(high);
		stop();
		draw();
		mark();
	}

	const overview = select(part<SVGSVGElement>(host, ".cw-fall-overview"));
	const brush = brushX<unknown>()
		.extent([
			[0, 0],
			[100, 40],
		])
		.handleSize(3)
		.on("brush end", ({ selection, sourceEvent }: D3BrushEvent<unknown>) => {
			// Moved by the sliders: they know already.
			if (!sourceEvent) return;
			const [from, to] = (selection as [number, number] | null) ?? [0, 100];
			setStretch(from / 100, to / 100);
		});
	const brushed = overview.append("g").attr("class", "cw-fall-brush").call(brush);
	function mark(): void {
		const at = (input: HTMLInputElement) => (100 * input.valueAsNumber) / timeSteps;
		brush.move(brushed, all.disabled ? null : [at(ends.from), at(ends.to)]);
	}

	const on = (target: Element, type: string, listener: (event: Event) => void) =>
		target.addEventListener(type, listener, { signal: events.signal });
	on(form, "submit", (event) => event.preventDefault());
	on(form, "input", ({ target }) => {
		const input = target as HTMLInputElement;
		if (input.type === "range") {
			// A slider that is moved makes the line the reader's own.
			part<HTMLInputElement>(form, "input[value=own]").checked = true;
		} else {
			const preset = networkLines.find(({ name }) => name === input.value);
			if (preset) for (const dial of Object.keys(dials) as Dial[]) setDial(dial, preset[dial]);
		}
		for (const dial of Object.keys(dials) as Dial[]) sayDial(dial);
		chooseLine();
	});
	for (const input of [ends.from, ends.to]) {
		on(input, "input", () => {
			// The ends do not pass each other.
			if (ends.from.valueAsNumber >= ends.to.valueAsNumber) {
				if (input === ends.from) ends.from.value = String(ends.to.valueAsNumber - 1);
				else ends.to.value = String(ends.from.valueAsNumber + 1);
			}
			setStretch(ends.from.valueAsNumber / timeSteps, ends.to.valueAsNumber / timeSteps);
		});
	}
	on(all, "click", () => {
		setStretch(0, 1);
		ends.from.focus();
	});
	on(filter, "input", () => {
		rows = rowsAtOnce;
		stop();
		draw();
	});
	on(more, "click", () => {
		const next = list.children.length;
		rows += rowsAtOnce;
		draw();
		const row = list.children[next] as HTMLElement | undefined;
		row?.setAttribute("tabindex", "-1");
		row?.focus();
	});

	function setDial(dial: Dial, value: number): void {
		part<HTMLInputElement>(form, `input[name=${dial}]`).value = String(nearest(dials[dial], value));
	}

	function sayDial(dial: Dial): void {
		const input = part<HTMLInputElement>(form, `input[name=${dial}]`);
		const text = dialText(dial, dials[dial][input.valueAsNumber]);
		input.setAttribute("aria-valuetext", text);
		part(form, `[data-dial=${dial}]`).textContent = text;
	}

	// What the reader has touched before this was here counts; a page that was gone back to keeps its controls.
	for (const dial of Object.keys(dials) as Dial[]) {
		const { value, defaultValue } = part<HTMLInputElement>(form, `input[name=${dial}]`);
		if (value !== defaultValue) part<HTMLInputElement>(form, "input[value=own]").checked = true;
		sayDial(dial);
	}
	chooseLine();
	mark();
	host.dataset.ready = "";
	return {
		destroy() {
			events.abort();
			stop();
			say.cancel();
			brushed.remove();
			scroll.scrollTop = 0;
			delete host.dataset.ready;
		},
	};
}

/** Times as shares of a window. */
function shares(course: Course, { from, to }: TimeWindow): Course {
	const share = (at: number) => (at - from) / (to - from);
	return {
		asked: share(course.asked),
		sent: share(course.sent),
		first: share(course.first),
		ended: share(course.ended),
	};
}
