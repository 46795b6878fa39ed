/** The lab alive: measures codecs one after the other in a worker until the reader stops it, and counts files. */
import { isChunkwiseError } from "../../../lib/errors.ts";
import {
	type CompressionLabProps,
	type LabPoint,
	labImage,
	labSettings,
} from "../../../lib/plan/compression-lab.ts";
import { compressionTwin, describePoint, pointName } from "../../../lib/plan/compression-lab-text.ts";
import { kernelSettings, siteRoot } from "../../cell/settings.ts";
import { dropped } from "../../viewer/dropped.ts";
import { CodecWorker } from "../codecs/client.ts";
import type { LabSource, OwnImage } from "../codecs/messages.ts";
import { figureId, typeset, updateTwin } from "../html.ts";
import { part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { filesChart, pointsChart } from "./plots.ts";
import { followSizes } from "./sizes.ts";
import { compressionLabHtml } from "./static.ts";
import "../../cell/buttons.css";
import "./compression-lab.css";

export function mount(host: HTMLElement, props: CompressionLabProps): MountedFigure {
	labImage(props);
	const settings = labSettings(props);
	if (!host.querySelector(".cw-lab")) host.innerHTML = compressionLabHtml(props, figureId());
	const events = new AbortController();
	const worker = new CodecWorker();
	const figure = part<HTMLElement>(host, ".cw-lab-codecs");
	const chart = part<HTMLElement>(host, "[data-part=points]");
	const say = (name: string, text: string) => {
		part(host, `[data-part=${name}]`).textContent = typeset(text);
	};
	const start = part<HTMLButtonElement>(host, "[data-act=start]");
	const stop = part<HTMLButtonElement>(host, "[data-act=stop]");
	const problem = part<HTMLElement>(host, ".cw-lab-problem");
	const checked = (name: string) => part<HTMLInputElement>(host, `input[name$="-${name}"]:checked`).value;
	const sizes = followSizes(part(host, ".cw-lab-sizes"), props, filesChart, events.signal);
	/** What the reader gave here. */
	let own: OwnImage | undefined;
	let points: LabPoint[] = [];
	let places: { x: number; y: number }[] = [];
	let chosen = -1;
	let run = 0;

	function draw(): void {
		if (points.length === 0) return;
		const speed = checked("speed") as "encode" | "decode";
		const place = { width: Math.max(280, chart.clientWidth), height: chart.clientHeight };
		const drawn = pointsChart(points, speed, chosen, place);
		places = drawn.places;
		chart.innerHTML = drawn.html;
		say(
			"point",
			chosen >= 0 ? describePoint(points[chosen]) : "Point at a point, or use the arrow keys, to read it.",
		);
	}

	function pick(index: number): void {
		if (index === chosen || points.length === 0) return;
		chosen = index;
		draw();
	}

	/** The reader's own image where there is one: given here, or chosen at the top of the page. */
	async function source(): Promise<LabSource> {
		if (props.values)
			return { kind: "values", values: props.values, shape: props.valuesShape ?? [props.values.length] };
		if (own) return { kind: "own", own };
		const { prefer, own: page } = (await kernelSettings()).samples;
		if (prefer === "own" && page) return { kind: "file", file: page.blob, name: page.name };
		return { kind: "phantom", dataUrl: `${siteRoot}data/` };
	}

	function measureOwn(image: OwnImage): void {
		own = image;
		void measure();
	}

	async function measure(): Promise<void> {
		const turn = ++run;
		const current = () => turn === run && !events.signal.aborted;
		worker.stop();
		points = [];
		chosen = -1;
		problem.hidden = true;
		start.disabled = true;
		stop.disabled = false;
		host.dataset.state = "running";
		const side = Number(checked("side"));
		try {
			say("progress", "Reading the image…");
			const region = await worker.ask("region", { source: await source(), side });
			if (!current()) return;
			sizes.show(region.shape, region.dtype);
			const what = `${region.count} ${region.count === 1 ? "chunk" : "chunks"} of ${region.chunk.join(" × ")} ${region.dtype} from the middle of`;
			say("source", `Measured on ${what} ${region.name}.`);
			for (const setting of settings) {
				say("progress", `${points.length} of ${settings.length}: ${pointName(setting)}…`);
				const point = await worker.ask("measure", setting);
				if (!current()) return;
				points.push(point);
				draw();
			}
			say("progress", `All ${settings.length} measured.`);
		} catch (error) {
			if (!current()) return;
			problem.hidden = false;
			problem.textContent = `${(error as Error).message}${isChunkwiseError(error) ? ` ${error.remedy}` : ""}`;
			say("progress", "Not measured.");
		}
		finish("done");
	}

	/** The words follow at the end of a run, not point by point: they are read out. */
	function finish(state: string): void {
		start.disabled = false;
		stop.disabled = true;
		host.dataset.state = state;
		updateTwin(figure, compressionTwin(props, points));
	}

	function halt(): void {
		run++;
		worker.stop();
		say("progress", `Stopped: ${points.length} of ${settings.length} measured.`);
		finish("stopped");
		start.focus();
	}

	const on = <K extends keyof HTMLElementEventMap>(
		target: HTMLElement,
		type: K,
		listener: (event: HTMLElementEventMap[K]) => void,
	) => target.addEventListener(type, listener, { signal: events.signal });
	on(start, "click", () => void measure());
	on(stop, "click", halt);
	on(figure, "submit", (event) => event.preventDefault());
	on(figure, "input", ({ target }) => {
		const { name, type, files } = target as HTMLInputElement;
		if (type === "file") {
			if (files?.[0]) measureOwn({ kind: "files", files: [files[0]] });
		} else if (name.endsWith("-speed")) draw();
		else if (points.length > 0 || host.dataset.state === "running") void measure();
	});
	if (!props.values) {
		on(figure, "dragover", (event) => {
			if (!event.dataTransfer?.types.includes("Files")) return;
			event.preventDefault();
			figure.dataset.over = "";
		});
		on(figure, "dragleave", ({ relatedTarget }) => {
			if (!figure.contains(relatedTarget as Node | null)) delete figure.dataset.over;
		});
		on(figure, "drop", async (event) => {
			event.preventDefault();
			delete figure.dataset.over;
			const input = await dropped(event.dataTransfer);
			if (input?.kind === "files" || input?.kind === "folder") measureOwn(input);
		});
	}
	on(chart, "pointermove", (event) => {
		const box = chart.getBoundingClientRect();
		pick(nearest(event.clientX - box.left, event.clientY - box.top));
	});
	on(chart, "pointerdown", (event) => {
		const box = chart.getBoundingClientRect();
		pick(nearest(event.clientX - box.left, event.clientY - box.top));
	});
	on(chart, "keydown", (event) => {
		const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
		if (step === undefined || points.length === 0) return;
		event.preventDefault();
		pick((chosen + step + points.length + (chosen < 0 && step < 0 ? 1 : 0)) % points.length);
	});

	/** The point within reach of a place; what was chosen stays where there is none. */
	function nearest(x: number, y: number): number {
		const far = places.map((place) => Math.hypot(place.x - x, place.y - y));
		const index = far.indexOf(Math.min(...far));
		return far[index] < 32 ? index : chosen;
	}

	const resized = new ResizeObserver(() => {
		draw();
		sizes.draw();
	});
	resized.observe(chart);

	host.dataset.ready = "";
	if (host.dataset.wanted !== undefined) void measure();
	return {
		destroy() {
			events.abort();
			resized.disconnect();
			worker.stop();
			delete host.dataset.ready;
		},
	};
}
