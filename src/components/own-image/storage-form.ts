/** Step 3: how the image is to be stored. The advice fills the form until the reader chooses otherwise. */
import {
	type Advice,
	adviseConversion,
	adviseFactors,
	adviseShards,
	type HalvingAlongZ,
	type ReadingPlace,
	type ReadingUse,
	usesOf,
} from "../../lib/plan/conversion-advice.ts";
import type { ImageToStore, StorageChoice } from "../../lib/plan/conversion-plan.ts";
import { element } from "../cell/displays/element.ts";
import { part } from "../figures/live.ts";
import type { Calls } from "./messages.ts";
import { showAdvice, showCodecs, showPlan } from "./storage-words.ts";

type Measured = Calls["measure"]["output"];

export class StorageForm {
	readonly #form: HTMLFormElement;
	readonly #changed: () => void;
	#image?: ImageToStore;
	#advice?: Advice;
	#measured?: Measured;
	/** Whether the fields are the reader's own. */
	#own = false;

	constructor(form: HTMLFormElement, changed: () => void, signal: AbortSignal) {
		this.#form = form;
		this.#changed = changed;
		form.addEventListener("submit", (event) => event.preventDefault(), { signal });
		form.addEventListener(
			"input",
			({ target }) => {
				const wish = (target as Element).closest(".cw-own-wishes");
				if (!wish) this.#own = true;
				else this.#own = false;
				if ((target as HTMLInputElement).name === "format" && this.#value("format") === "ome-zarr-0.4") {
					this.#check("shards").checked = false;
				}
				this.#update();
			},
			{ signal },
		);
	}

	/** Begins with an image; what the reader chose for the one before stays where it fits. */
	show(image: ImageToStore): void {
		const other = this.#image?.dims.join() !== image.dims.join();
		this.#image = image;
		if (other) {
			this.#own = false;
			this.#chunkFields(image);
			this.#offerUses(image);
		}
		this.#update();
	}

	/** Bytes of a chunk as each codec stores it. */
	measured(measured: Measured | undefined): void {
		this.#measured = measured;
		showCodecs(this.#form, measured);
		if (this.#image) showPlan(this.#form, this.#image, this.choice, measured);
	}

	/** Forgets what the reader chose. */
	advise(): void {
		this.#own = false;
		this.#update();
	}

	/** Fills in what a conversion that is gone on with had. */
	restore(choice: StorageChoice): void {
		this.#own = true;
		this.#fill(choice);
		// Levels that the form has no words for stay those of the conversion.
		this.#restored = choice;
		this.#update();
	}

	#restored?: StorageChoice;

	get choice(): StorageChoice {
		const image = this.#image as ImageToStore;
		if (this.#restored) return this.#restored;
		const chunks = image.dims.map((dim, axis) => {
			const wanted = Math.round(this.#input(`chunk-${dim}`).valueAsNumber);
			return Math.max(1, Math.min(Number.isFinite(wanted) ? wanted : 1, image.shape[axis]));
		});
		const format = this.#value("format") as StorageChoice["format"];
		const along = this.#value("z") as HalvingAlongZ;
		const count = Math.max(0, Math.round(this.#input("levels").valueAsNumber || 0));
		return {
			format,
			chunks,
			...(this.#check("shards").checked && format === "ome-zarr-0.5"
				? { shards: adviseShards(image, chunks) }
				: {}),
			factors: adviseFactors(image, { along, count }),
			method: this.#value("method") as StorageChoice["method"],
			codec: this.#value("codec") as StorageChoice["codec"],
		};
	}

	#update(): void {
		const image = this.#image;
		if (!image) return;
		const use = this.#radio("use") as ReadingUse;
		const place = this.#radio("place") as ReadingPlace;
		const format = this.#own ? (this.#value("format") as StorageChoice["format"]) : undefined;
		this.#advice = adviseConversion(image, { use, place, labels: this.#check("labels").checked, format });
		if (!this.#own) {
			this.#restored = undefined;
			this.#fill(this.#advice.choice);
		}
		const { choice } = this;
		this.#check("shards").disabled = choice.format === "ome-zarr-0.4";
		part<HTMLElement>(this.#form, "[data-act=advise]").hidden = !this.#own;
		showAdvice(this.#form, this.#advice, choice, this.#own);
		showPlan(this.#form, image, choice, this.#measured);
		this.#changed();
	}

	#fill(choice: StorageChoice): void {
		const image = this.#image as ImageToStore;
		for (const [axis, dim] of image.dims.entries())
			this.#input(`chunk-${dim}`).value = String(choice.chunks[axis]);
		this.#input("levels").value = String(choice.factors.length);
		this.#select("z").value = "voxels";
		this.#select("method").value = choice.method;
		this.#select("codec").value = choice.codec;
		this.#select("format").value = choice.format;
		this.#check("shards").checked = choice.shards !== undefined;
	}

	#chunkFields({ dims, shape }: ImageToStore): void {
		part(this.#form, "[data-part=chunks]").replaceChildren(
			...dims.map((dim, axis) =>
				element(
					"label",
					{ class: "cw-own-field" },
					element("span", {}, dim),
					element("input", {
						type: "number",
						name: `chunk-${dim}`,
						min: "1",
						max: String(shape[axis]),
						step: "1",
						"aria-label": `Length of a chunk along ${dim}`,
					}),
				),
			),
		);
		part<HTMLElement>(this.#form, "[data-part=z-mode]").hidden = !dims.includes("z");
	}

	#offerUses(image: ImageToStore): void {
		const uses = usesOf(image);
		const radios = [...this.#form.querySelectorAll<HTMLInputElement>('input[type=radio][name$="-use"]')];
		for (const radio of radios) {
			part<HTMLElement>(
				radio.closest("div") as HTMLElement,
				`label:has(input[value=${radio.value}])`,
			).hidden = !uses.includes(radio.value as ReadingUse);
		}
		// A stack of planes is most often looked at from all sides, a stack of time points one after the other.
		const first = uses.includes("film") ? "film" : uses.includes("volumes") ? "volumes" : "planes";
		for (const radio of radios) radio.checked = radio.value === first;
	}

	#radio(name: string): string {
		return part<HTMLInputElement>(this.#form, `input[type=radio][name$="-${name}"]:checked`).value;
	}

	#input(name: string): HTMLInputElement {
		return part(this.#form, `input[name="${name}"]`);
	}

	#check(name: string): HTMLInputElement {
		return this.#input(name);
	}

	#select(name: string): HTMLSelectElement {
		return part(this.#form, `select[name="${name}"]`);
	}

	#value(name: string): string {
		return this.#select(name).value;
	}
}
