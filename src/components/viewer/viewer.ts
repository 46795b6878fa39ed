/** A viewer on the page: one stage with its panels, drawn when something has changed, and the controls below it. */
import { hex, type LinkedView, type ViewerLayout, viewFromText, viewToText } from "../../lib/viewer/link.ts";
import { firstView, type PlaneName, planesOf } from "../../lib/viewer/view.ts";
import { typeset } from "../figures/html.ts";
import { debounced, part } from "../figures/live.ts";
import { type Controls, fillControls } from "./controls.ts";
import { StageMessage } from "./message.ts";
import { Overlay, overlayColors } from "./overlay.ts";
import { paint, paintScaleBar } from "./paint.ts";
import { livePanel, placePanels, showWhole, zoomAt } from "./panels.ts";
import { planeRenderer } from "./plane-renderer.ts";
import type { ViewerProps } from "./props.ts";
import { readingAt, readingText } from "./readout.ts";
import type { Renderer } from "./renderer.ts";
import { type PlacedPanel, ViewerState } from "./state.ts";
import type { VolumeView } from "./volume.ts";
import { costTexts, statusText } from "./words.ts";
import type { LiveSource } from "./worker-source.ts";

export class Viewer {
	readonly host: HTMLElement;
	readonly #stage: HTMLElement;
	readonly #form: HTMLFormElement;
	readonly #events = new AbortController();
	readonly #overlay: Overlay;
	readonly #message: StageMessage;
	readonly #say: ReturnType<typeof debounced<string>>;
	#renderer: Renderer;
	#state?: ViewerState;
	#controls?: Controls;
	#volume?: VolumeView;
	#pointed?: { panel: PlacedPanel; dx: number; dy: number };
	#frame = 0;
	#volumesLost = 0;

	constructor(host: HTMLElement) {
		this.host = host;
		this.#stage = part(host, ".cw-viewer-stage");
		this.#form = part(host, ".cw-viewer-controls");
		this.#message = new StageMessage(this.#stage);
		this.#renderer = planeRenderer(part(host, ".cw-viewer-picture"), this.#events.signal, (other) => {
			this.#renderer = other;
			this.host.dataset.renderer = other.kind;
			this.#schedule();
		});
		this.#overlay = new Overlay(part(host, ".cw-viewer-overlay"), overlayColors(host));
		const status = part(host, ".cw-fig-status");
		this.#say = debounced((text: string) => {
			if (status.textContent !== text) status.textContent = text;
		}, 600);
		this.#listen();
	}

	get state(): ViewerState | undefined {
		return this.#state;
	}

	/** Shows an image in place of the one before. */
	show(source: LiveSource, props: ViewerProps): void {
		this.#leave();
		const { image } = source;
		const size = { width: this.#stage.clientWidth, height: this.#stage.clientHeight };
		const isVolume = planesOf(image).length > 1;
		const first: LinkedView = {
			view: firstView(image, size),
			channels: image.channels,
			layout: isVolume ? (props.layout ?? "planes") : "plane",
			plane: "xy",
		};
		const linked = props.view ? viewFromText(props.view, image, first) : first;
		const state = new ViewerState(source, linked, () => this.#schedule());
		if (!isVolume) state.layout = "plane";
		state.borders = props.borders ?? true;
		this.#state = state;
		this.host.dataset.renderer = this.#renderer.kind;
		for (const place of ["link", "picture", "forget"])
			part<HTMLButtonElement>(this.host, `[data-act=${place}]`).disabled = false;
		part<HTMLElement>(this.host, ".cw-viewer-cost").hidden = false;
		this.#form.hidden = false;
		this.#controls = fillControls(this.host, state, isVolume, () => this.#schedule());
		this.#arrange();
		this.#message.reveal();
		if (!props.view) showWhole(state);
		state.go({});
		this.#schedule();
	}

	/** Says something on the stage in place of an image; after an error there is a way back to the one before. */
	tell(text: string, isError = false): void {
		this.#message.tell(text, isError, isError ? this.#state?.image.name : undefined);
	}

	/** The view as text for a link. */
	get link(): string {
		const state = this.#state;
		return state ? viewToText(state) : "";
	}

	/** The picture as it is drawn now, borders of chunks included where they are shown. */
	async picture(): Promise<Blob> {
		this.#draw();
		const { canvas } = this.#renderer;
		const whole = document.createElement("canvas");
		whole.width = canvas.width;
		whole.height = canvas.height;
		const context = whole.getContext("2d") as CanvasRenderingContext2D;
		const volume = this.#volume?.canvas;
		// What WebGL has drawn is there until the browser shows it: it is copied in the same turn.
		context.drawImage(volume ?? canvas, 0, 0, whole.width, whole.height);
		if (!volume) context.drawImage(this.#overlay.canvas, 0, 0);
		return new Promise((resolve, reject) =>
			whole.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large.")))),
		);
	}

	close(): void {
		this.#events.abort();
		this.#say.cancel();
		cancelAnimationFrame(this.#frame);
		this.#leave();
		this.#renderer.close();
	}

	#leave(): void {
		this.#volume?.close();
		this.#volume = undefined;
		this.#state?.loader.close();
		this.#state?.source.close();
		this.#state = undefined;
	}

	#listen(): void {
		const { signal } = this.#events;
		for (const type of ["focusin", "focusout"]) {
			this.#stage.addEventListener(type, () => this.#schedule(), { signal });
		}
		for (const element of this.#stage.querySelectorAll<HTMLElement>("[data-plane]:not(.cw-viewer-volume)")) {
			livePanel(
				element,
				element.dataset.plane as PlaneName,
				() => this.#state,
				{
					changed: () => this.#schedule(),
					point: (panel, dx = 0, dy = 0) => {
						this.#pointed = panel && { panel, dx, dy };
						this.#showReading();
					},
				},
				signal,
			);
		}
		this.#stage.addEventListener(
			"click",
			(event) => {
				const act = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset.act;
				const state = this.#state;
				const [panel] = state?.panels ?? [];
				if (!state || !act) return;
				if (this.#volume) this.#volume.zoom(act === "in" ? Math.SQRT2 : act === "out" ? Math.SQRT1_2 : 0);
				else if (act === "whole") showWhole(state);
				else if (panel) zoomAt(state, panel, act === "in" ? Math.SQRT2 : Math.SQRT1_2);
				this.#schedule();
			},
			{ signal },
		);
		this.#form.addEventListener("submit", (event) => event.preventDefault(), { signal });
		this.#form.addEventListener("change", ({ target }) => this.#change(target as HTMLInputElement), {
			signal,
		});
		const resized = new ResizeObserver(() => {
			this.#arrange();
			this.#schedule();
		});
		resized.observe(this.#stage);
		const themed = new MutationObserver(() => {
			this.#overlay.colors = overlayColors(this.host);
			this.#schedule();
		});
		themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
		signal.addEventListener("abort", () => {
			resized.disconnect();
			themed.disconnect();
		});
	}

	#change({ name, value, checked }: HTMLInputElement): void {
		const state = this.#state;
		if (!state) return;
		if (name === "level") state.go({ level: value === "auto" ? "auto" : Number(value) });
		else if (name === "borders") state.borders = checked;
		else if (name === "plane") {
			state.plane = value as PlaneName;
			this.#relay(state);
		} else if (name.endsWith("-layout")) {
			state.layout = value as ViewerLayout;
			this.#relay(state);
		}
		this.#schedule();
	}

	/** Other panels: what lies where, and the controls that belong to it. */
	#relay(state: ViewerState): void {
		this.#controls?.relay();
		this.#arrange();
		state.go({});
	}

	/** Lays the panels out for the layout and the size of the stage. */
	#arrange(): void {
		const state = this.#state;
		if (!state) return;
		this.#stage.dataset.layout = state.layout;
		state.sharpness = Math.min(2, devicePixelRatio || 1);
		const volume = part<HTMLElement>(this.#stage, ".cw-viewer-volume");
		volume.hidden = state.layout !== "volume";
		this.#stage.classList.toggle("cw-viewer-in-volume", state.layout === "volume");
		state.panels = placePanels(this.#stage, state);
		// The image came while the stage was hidden.
		if (!(state.view.zoom > 0)) showWhole(state);
		if (state.layout === "volume") void this.#startVolume(volume, state);
		else {
			this.#volume?.close();
			this.#volume = undefined;
			state.want();
		}
	}

	async #startVolume(place: HTMLElement, state: ViewerState): Promise<void> {
		if (this.#volume) return this.#volume.resize();
		const { volumeView } = await import("./volume.ts");
		if (this.#state !== state || state.layout !== "volume" || this.#volume) return;
		this.#volume = volumeView(place, state, () => {
			// The graphics card was taken away: begun again, but not for ever.
			this.#volume?.close();
			this.#volume = undefined;
			if (++this.#volumesLost <= 2) void this.#startVolume(place, state);
			else
				part(place, ".cw-viewer-note").textContent =
					"The graphics card was taken away. The planes are there.";
		});
		this.#schedule();
	}

	#schedule(): void {
		if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw());
	}

	#draw(): void {
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		const state = this.#state;
		if (!state) return;
		if (state.findContrast() || this.host.dataset.channels !== look(state)) {
			this.#controls?.showChannels();
			this.host.dataset.channels = look(state);
		}
		const stage = { width: this.#stage.clientWidth, height: this.#stage.clientHeight };
		if (this.#volume) this.#volume.draw();
		else paint(state, this.#renderer, this.#overlay, stage);
		paintScaleBar(part(this.host, ".cw-viewer-scalebar"), state);
		this.#controls?.showSliders();
		this.#showReading();
		const texts = costTexts(state.plan, state.loader, state.source.opening);
		for (const [name, text] of Object.entries(texts)) {
			const place = part(this.host, `[data-cost=${name}]`);
			const set = typeset(text);
			if (place.textContent !== set) place.textContent = set;
		}
		const failed = state.plan.needed.some(({ id }) => state.loader.state(id) === "failed");
		part<HTMLElement>(this.host, "[data-act=retry]").hidden = !failed;
		this.host.dataset.busy = String(state.loader.busy);
		this.host.dataset.level = String(state.plan.level);
		this.#say(statusText(state.image, state.plan, state.loader) + this.#middle(state));
	}

	#showReading(): void {
		const place = part(this.host, ".cw-viewer-readout");
		const state = this.#state;
		const pointed = this.#pointed;
		const reading = state && pointed && readingAt(state, pointed.panel, pointed.dx, pointed.dy);
		if (!reading) {
			place.textContent = "";
			return;
		}
		place.textContent = readingText(reading);
	}

	/** What lies in the middle of the panel that has the keyboard: what the readout says to those who do not see it. */
	#middle(state: ViewerState): string {
		const focused = this.#stage.querySelector<HTMLElement>("[data-plane]:focus")?.dataset.plane;
		const panel = state.panels.find(({ plane }) => plane.name === focused);
		const reading = panel && readingAt(state, panel, 0, 0);
		return reading ? ` In the middle: ${readingText(reading).replaceAll(" · ", "; ")}.` : "";
	}
}

const look = (state: ViewerState) =>
	state.channels
		.map(
			({ color, window }, i) =>
				`${hex(color)}${window?.start}${window?.end}${state.view.channels.includes(i)}`,
		)
		.join();
