/** Step 2: what the file says, and a plane of it with a slider for each other axis. */
import { formatBytes, formatCount } from "../../lib/format.ts";
import type { ImageToStore } from "../../lib/plan/conversion-plan.ts";
import { storedItemBytes } from "../../lib/plan/conversion-plan.ts";
import { product } from "../../lib/types.ts";
import { element } from "../cell/displays/element.ts";
import { newestOnly } from "../cell/displays/live.ts";
import { debounced, part } from "../figures/live.ts";
import { type WorkerClient, wordsOf } from "./client.ts";
import type { ChosenImage, FileFacts, ImageFacts } from "./messages.ts";
import { readings } from "./readings.ts";

export class SeenStep {
	readonly #step: HTMLElement;
	readonly #client: WorkerClient;
	readonly #want: (wanted: { chosen: ChosenImage; at: Record<string, number> }) => void;
	#at: Record<string, number> = {};
	#axes = "";
	#note = "";

	constructor(step: HTMLElement, client: WorkerClient) {
		this.#step = step;
		this.#client = client;
		this.#want = newestOnly((wanted) => this.#draw(wanted));
		this.again = debounced((chosen: ChosenImage) => this.picture(chosen, undefined));
	}

	/** Draws the plane again, when the reader has paused. */
	readonly again: (chosen: ChosenImage) => void;

	facts(file: FileFacts, facts: ImageFacts, image: ImageToStore): void {
		const bytes = product(image.shape) * storedItemBytes(image);
		readings(part(this.#step, "[data-part=facts]"), [
			["File", `${file.name}, ${formatBytes(file.bytes)}`],
			["Kind", `${file.kind}, ${file.byteOrder}-endian`],
			["Pages", formatCount(file.pages)],
			["Axes", `(${image.dims.join(", ")})`],
			["Shape", image.shape.map((n) => formatCount(n)).join(" × ")],
			["Type", facts.stored ?? facts.dtype],
			["In memory", formatBytes(bytes)],
			["Compression", file.compression === "none" ? "none" : file.compression],
			["Stored in", file.blocks],
			...(facts.channels.length > 0 ? [["Channels", facts.channels.join(", ")] as [string, string]] : []),
		]);
	}

	/** Shows a plane; `image` where its axes are new. */
	picture(chosen: ChosenImage, image: ImageToStore | undefined): void {
		const axes = image ? `${image.dims} ${image.shape}` : this.#axes;
		if (image && axes !== this.#axes) {
			this.#axes = axes;
			this.#at = {};
			this.#sliders(chosen, image);
		}
		this.#want({ chosen, at: this.#at });
	}

	#sliders(chosen: ChosenImage, { dims, shape }: ImageToStore): void {
		const box = element("div", { class: "cw-own-planes", role: "group", "aria-label": "Plane" });
		for (const [axis, dim] of dims.entries()) {
			if (dim === "y" || dim === "x" || shape[axis] < 2) continue;
			const middle = dim === "c" || dim === "t" ? 0 : Math.floor(shape[axis] / 2);
			const slider = element("input", {
				type: "range",
				min: "0",
				max: String(shape[axis] - 1),
				value: String(middle),
				"aria-label": `Plane along ${dim}`,
			});
			const place = element("output", {}, `${dim} = ${middle}`);
			slider.addEventListener("input", () => {
				this.#at[dim] = slider.valueAsNumber;
				place.textContent = `${dim} = ${slider.value}`;
				this.#want({ chosen: this.#chosen ?? chosen, at: { ...this.#at } });
			});
			box.append(element("label", {}, place, slider));
		}
		const host = part(this.#step, "[data-part=picture]");
		host.replaceChildren(
			element("div", { class: "cw-picture" }),
			box,
			element("p", { class: "cw-own-note" }),
			element("p", { class: "cw-own-error", role: "alert", hidden: "" }),
		);
	}

	#chosen?: ChosenImage;

	async #draw({ chosen, at }: { chosen: ChosenImage; at: Record<string, number> }): Promise<void> {
		this.#chosen = chosen;
		const host = part(this.#step, "[data-part=picture]");
		const note = part(host, ".cw-own-note");
		const failure = part<HTMLElement>(host, ".cw-own-error");
		try {
			const [{ picture, note: said }, { drawPicture }] = await Promise.all([
				this.#client.call("preview", { ...chosen, at }),
				import("../cell/displays/picture.ts"),
				import("../cell/displays/styles.ts"),
			]);
			const place = part<HTMLElement>(host, ".cw-picture");
			drawPicture(place, picture);
			this.#note = said;
			note.textContent = this.#note;
			failure.hidden = true;
		} catch (error) {
			failure.textContent = wordsOf(error);
			failure.hidden = false;
		}
	}
}

/** Offers the images of a file that holds several. */
export function offerImages(field: HTMLElement, { images }: FileFacts): void {
	field.hidden = images.length < 2;
	part(field, "select").replaceChildren(
		...images.map(({ name, shape, problem }, i) =>
			element(
				"option",
				{ value: String(i), ...(problem ? { disabled: "" } : {}) },
				problem ? `${name}: cannot be read` : `${name}, ${shape.join(" × ")}`,
			),
		),
	);
}
