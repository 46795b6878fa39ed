/** The inside of a chunk alive: what is chosen runs through the library's codecs in a worker, and is measured there. */
import { isChunkwiseError } from "../../../lib/errors.ts";
import {
	givenChunk,
	type InsideChunkOptions,
	type InsideChunkProps,
	shuffles,
} from "../../../lib/plan/inside-chunk.ts";
import { insideChunkTwin } from "../../../lib/plan/inside-chunk-text.ts";
import type { CodecName } from "../../../lib/zarr/codecs.ts";
import { levelRange } from "../../../lib/zarr/compression-level.ts";
import { CodecWorker } from "../codecs/client.ts";
import type { CodecJobs } from "../codecs/messages.ts";
import { figureId, typeset, updateTwin } from "../html.ts";
import { part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { chainHtml, formsHtml, insideChunkHtml, noteText, picturesHtml, readingsHtml } from "./static.ts";
import "../codecs/hex.css";
import "./inside-chunk.css";

/** A figure in a cell may be of values whose type has no differences. */
const isFloat = (dtype?: string) => dtype?.startsWith("float") ?? false;

export function mount(host: HTMLElement, props: InsideChunkProps): MountedFigure {
	const chunk = givenChunk(props);
	const synthetic = chunk === undefined;
	if (!host.querySelector(".cw-fig-body"))
		host.innerHTML = insideChunkHtml(props, undefined, synthetic, figureId());
	const worker = new CodecWorker();
	const events = new AbortController();
	const form = part<HTMLFormElement>(host, ".cw-inside-controls");
	const slider = part<HTMLInputElement>(form, "input[type=range]");
	const problem = part<HTMLElement>(host, ".cw-inside-problem");
	const group = (name: string) => part<HTMLFieldSetElement>(host, `fieldset:has(input[name$="-${name}"])`);
	const value = (name: string) => part<HTMLInputElement>(host, `input[name$="-${name}"]:checked`).value;
	/** Levels that the reader chose, by codec. */
	const levels = new Map<string, number>();
	/** By the author or the reader: then it stays. */
	const authors = [...host.querySelectorAll<HTMLInputElement>('input[name$="-codec"]')].find(
		({ defaultChecked }) => defaultChecked,
	)?.value;
	let isShuffleChosen = shuffles(authors as CodecName);
	let turn = 0;
	let isBusy = false;
	let isWanted = false;

	function options(): InsideChunkOptions {
		const codec = value("codec") as CodecName;
		return {
			codec,
			...(levelRange(codec) ? { level: Number(slider.value) } : {}),
			...(shuffles(codec) ? { shuffle: value("shuffle") as InsideChunkOptions["shuffle"] } : {}),
			filter: value("filter") as InsideChunkOptions["filter"],
		};
	}

	/** Another codec begins with its usual level, or with the one that the reader gave it. */
	function chosen(codec: string): void {
		const range = levelRange(codec);
		slider.max = String(range?.most ?? 9);
		slider.min = String(range?.least ?? 0);
		if (range) slider.value = String(levels.get(codec) ?? range.usual);
		// Where the author's codec had no shuffle, one that has it begins with the usual.
		const isWide = (chunk?.values.BYTES_PER_ELEMENT ?? 2) > 1;
		if (shuffles(codec as CodecName) && !isShuffleChosen && isWide) {
			part<HTMLInputElement>(host, 'input[name$="-shuffle"][value="shuffle"]').checked = true;
		}
	}

	/** Which controls mean something with the chosen codec. */
	function arrange(): void {
		const codec = value("codec") as CodecName;
		const range = levelRange(codec);
		slider.disabled = !range;
		if (range) {
			slider.min = String(range.least);
			slider.max = String(range.most);
		}
		part(form, "output").textContent = range ? slider.value : "none";
		group("shuffle").disabled = !shuffles(codec);
		group("filter").disabled = isFloat(chunk?.dtype);
		part(host, ".cw-inside-note").textContent = noteText({
			codec,
			level: 0,
			shuffle: "noshuffle",
			filter: "none",
		});
		host.dataset.form = value("form");
	}

	function show({ steps, measured }: CodecJobs["steps"]["output"]): void {
		const fill = (name: string, html: string) => {
			part(host, `[data-part=${name}]`).innerHTML = html;
		};
		fill("chain", chainHtml(steps));
		fill("pictures", picturesHtml(steps));
		fill("forms", formsHtml(steps));
		fill("readings", readingsHtml(steps, measured));
		const twin = insideChunkTwin(steps, { synthetic, measured });
		part(host, ".cw-fig-summary").textContent = typeset(twin.summary);
		updateTwin(host, twin);
		problem.hidden = true;
		host.dataset.measured = String(turn);
	}

	/** One choice is worked on at a time; of those that come meanwhile, the newest is next. */
	async function take(): Promise<void> {
		isWanted = true;
		if (isBusy) return;
		isBusy = true;
		while (isWanted && !events.signal.aborted) {
			isWanted = false;
			host.setAttribute("aria-busy", "true");
			try {
				const done = await worker.ask("steps", { chunk, options: options() });
				if (!events.signal.aborted && !isWanted) show(done);
			} catch (error) {
				if (events.signal.aborted) break;
				problem.hidden = false;
				problem.textContent = `${(error as Error).message}${isChunkwiseError(error) ? ` ${error.remedy}` : ""}`;
			}
			host.removeAttribute("aria-busy");
		}
		isBusy = false;
	}

	const on = (type: string, listener: (event: Event) => void) =>
		host.addEventListener(type, listener, { signal: events.signal });
	on("submit", (event) => event.preventDefault());
	on("input", ({ target }) => {
		const input = target as HTMLInputElement;
		turn++;
		if (input.name.endsWith("-form")) return arrange();
		if (input.name.endsWith("-shuffle")) isShuffleChosen = true;
		else if (input === slider) levels.set(value("codec"), Number(slider.value));
		else if (input.name.endsWith("-codec")) chosen(input.value);
		arrange();
		void take();
	});

	// It may have been chosen before the figure came to life.
	if (value("codec") !== authors) chosen(value("codec"));
	arrange();
	void take();
	host.dataset.ready = "";
	return {
		destroy() {
			events.abort();
			worker.stop();
			delete host.dataset.ready;
		},
	};
}
