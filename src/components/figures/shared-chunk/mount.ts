/** The shared-chunk figure alive: two real writers on a store in memory, and what is left of their work. */
import "../../cell/buttons.css";
import type { WriteStep } from "../../../lib/parallel/two-writers.ts";
import {
	type SharedChunkProps,
	type SharedOutcome,
	sharedColumns,
	sharedSetting,
	sharedTwin,
	writerNames,
} from "../../../lib/plan/shared-chunk.ts";
import { figureId, updateTwin } from "../html.ts";
import { debounced, part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { Conductor } from "../parallel-work/conduct.ts";
import { arrayMarkup, sharedChunkHtml, sharedReadings, writersMarkup } from "./static.ts";

export function mount(host: HTMLElement, props: SharedChunkProps): MountedFigure {
	const first = sharedSetting(props);
	if (!host.querySelector(".cw-fig-body")) host.innerHTML = sharedChunkHtml(props, figureId());
	const id = part<HTMLElement>(host, ".cw-fig-body").dataset.id ?? figureId();
	const form = part<HTMLFormElement>(host, ".cw-fig-controls");
	const slider = part<HTMLInputElement>(form, 'input[name="border"]');
	const lock = part<HTMLInputElement>(form, 'input[name="locked"]');
	const array = part<HTMLElement>(host, ".cw-fig-array");
	const list = part<HTMLElement>(host, ".cw-fig-write-steps > ol");
	const problem = part<HTMLElement>(host, ".cw-fig-alert");
	const events = new AbortController();
	const { signal } = events;
	const conductor = new Conductor();
	let closed = false;

	const setting = () => ({ ...first, border: Number(slider.value) });
	const say = debounced((outcome?: SharedOutcome) => updateTwin(host, sharedTwin(setting(), outcome)));

	function show(values?: Uint8Array, outcome?: SharedOutcome): void {
		const now = setting();
		part(form, "output").textContent = slider.value;
		array.innerHTML = arrayMarkup(now, id, values);
		part(host, ".cw-fig-writers").innerHTML = writersMarkup(now);
		for (const [name, , value] of sharedReadings(now, outcome)) {
			const place = part(host, `[data-reading="${name}"] dd`);
			place.textContent = value;
			place.classList.toggle("cw-fig-lossy", name.startsWith("lost") && Number(value) > 0);
		}
	}

	/** What was chosen is drawn, and what was written before is forgotten. */
	function chose(): void {
		show();
		list.innerHTML = '<li class="cw-fig-write-steps-none">Press Write.</li>';
		problem.hidden = true;
		say(undefined);
	}

	async function write(): Promise<void> {
		if (conductor.busy) return;
		const locked = lock.checked;
		const { shape, chunks, border } = setting();
		const button = part<HTMLButtonElement>(form, '[data-act="start"]');
		button.setAttribute("aria-disabled", "true");
		slider.disabled = true;
		const wish = { shape, chunks, border, locked, codec: "blosc-lz4" as const };
		const last = await conductor.ask({ type: "two", writers: wish }, () => {});
		if (closed) return;
		button.removeAttribute("aria-disabled");
		slider.disabled = false;
		if (last.type === "written") {
			const outcome = { lost: last.result.lost, locked };
			show(last.result.values, outcome);
			showSteps(last.result.steps);
			problem.hidden = true;
			say.cancel();
			updateTwin(host, sharedTwin(setting(), outcome));
		} else {
			problem.textContent = last.type === "failed" ? last.message : "It ended.";
			problem.hidden = false;
		}
	}

	/** A line for each chunk that both had: who read and wrote it when, and whose part is left. */
	function showSteps(steps: readonly WriteStep[]): void {
		const both = sharedColumns(setting());
		const column = both ? both[0] / first.chunks[1] : -1;
		const shared = steps.filter(({ chunk }) => chunk[1] === column);
		const keys = [...new Set(shared.map(({ chunk }) => chunk.join("/")))].sort();
		const lines = keys.map((key) => {
			const own = shared.filter(({ chunk }) => chunk.join("/") === key);
			const marks = own.map(
				({ writer, step }) =>
					`<span class="cw-fig-step cw-fig-step-${writerNames[writer].toLowerCase()}"><b>${writerNames[writer]}</b> ${step}</span>`,
			);
			// The last one to write had read before the other wrote: then the other's part is gone.
			const last = own[own.length - 1];
			const other = own.findIndex(({ writer, step }) => writer !== last.writer && step === "wrote");
			const read = own.findIndex(({ writer, step }) => writer === last.writer && step === "read");
			const elements = own.find(({ writer }) => writer !== last.writer)?.elements ?? 0;
			const gone =
				read < other
					? `<em class="cw-fig-lost">${elements} elements of ${writerNames[1 - last.writer]} lost</em>`
					: "<em>nothing lost</em>";
			return `<li><code>c/${key}</code> ${marks.join(" ")} ${gone}</li>`;
		});
		list.innerHTML =
			lines.join("") ||
			'<li class="cw-fig-write-steps-none">No chunk belongs to both: no one waits, nothing is lost.</li>';
	}

	form.addEventListener("submit", (event) => event.preventDefault(), { signal });
	form.addEventListener("input", () => chose(), { signal });
	form.addEventListener(
		"click",
		(event) => {
			if ((event.target as Element).closest("[data-act=start]")) void write();
		},
		{ signal },
	);

	let held: { x: number; border: number; unit: number } | undefined;
	array.addEventListener(
		"pointerdown",
		(event) => {
			if (event.button !== 0 || slider.disabled) return;
			if (!(event.target as Element).closest(".cw-fig-writers-grip")) return;
			const svg = part<SVGSVGElement>(array, "svg");
			const unit = svg.getScreenCTM()?.a ?? 1;
			held = { x: event.clientX, border: Number(slider.value), unit };
			array.setPointerCapture(event.pointerId);
			event.preventDefault();
		},
		{ signal },
	);
	array.addEventListener(
		"pointermove",
		(event) => {
			if (!held) return;
			const moved = held.border + Math.round((event.clientX - held.x) / held.unit);
			const border = String(Math.max(0, Math.min(first.shape[1], moved)));
			if (border === slider.value) return;
			slider.value = border;
			chose();
		},
		{ signal },
	);
	for (const type of ["pointerup", "pointercancel"] as const) {
		array.addEventListener(
			type,
			() => {
				held = undefined;
			},
			{ signal },
		);
	}

	chose();
	host.dataset.ready = "";
	if (host.dataset.wanted !== undefined) void write();
	return {
		destroy() {
			closed = true;
			say.cancel();
			conductor.close();
			events.abort();
			delete host.dataset.ready;
		},
	};
}
