/** Steps 2 and 3, and the calls below step 4: an image of the open file, as the reader says it is and wants it stored. */
import { planConversion } from "../../lib/plan/conversion-plan.ts";
import { debounced, part } from "../figures/live.ts";
import type { WorkerClient } from "./client.ts";
import { showCommands } from "./commands-view.ts";
import type { ConvertStep } from "./convert-step.ts";
import { GeometryForm } from "./geometry-form.ts";
import type { ChosenImage, ConversionRequest, FileFacts, FileMark, ImageFacts } from "./messages.ts";
import type { PageParts } from "./page-parts.ts";
import { SeenStep } from "./seen-step.ts";
import { StorageForm } from "./storage-form.ts";

export interface OpenFile {
	mark: FileMark;
	facts: FileFacts;
}

export class ImageSteps {
	readonly #page: PageParts;
	readonly #client: WorkerClient;
	readonly #convert: ConvertStep;
	readonly #seen: SeenStep;
	readonly #geometry: GeometryForm;
	readonly #storage: StorageForm;
	#file?: OpenFile;
	#image = 0;
	readonly #measure = debounced(() => void this.#measured());

	constructor(page: PageParts, client: WorkerClient, convert: ConvertStep, signal: AbortSignal) {
		this.#page = page;
		this.#client = client;
		this.#convert = convert;
		this.#seen = new SeenStep(part(page.host, "[data-step=seen]"), client);
		this.#geometry = new GeometryForm(page.part("geometry"), () => this.#geometryChanged(), signal);
		this.#storage = new StorageForm(page.part("store"), () => this.choiceChanged(), signal);
	}

	/** An image of an open file. */
	show(file: OpenFile, index: number): void {
		this.#file = file;
		const facts = file.facts.images[index];
		this.#image = index;
		part<HTMLSelectElement>(this.#page.part("images"), "select").value = String(index);
		this.#geometry.show(facts);
		this.#convert.name = facts.name.replace(/[/\\]/g, "-");
		this.#geometryChanged(true);
	}

	/** Forgets what the reader chose in step 3. */
	advise(): void {
		this.#storage.advise();
	}

	/** What the forms ask for. @param folder name of the one that is written to */
	request(folder: string | undefined): ConversionRequest {
		return {
			file: this.#open.mark,
			chosen: this.#chosen,
			name: this.#convert.name,
			choice: this.#storage.choice,
			...(folder === undefined ? {} : { folder }),
		};
	}

	/** Fills in what a conversion that is gone on with had. */
	restore(file: OpenFile, { chosen, choice, name }: ConversionRequest): void {
		this.show(file, chosen.image);
		this.#geometry.restore(chosen);
		this.#geometryChanged();
		this.#storage.restore(choice);
		this.#convert.name = name;
	}

	/** The choice or the name is another: so are the calls, and perhaps what it takes. */
	choiceChanged(): void {
		const { image, corrected } = this.#geometry.said;
		const { choice } = this.#storage;
		const { mark, facts } = this.#open;
		const { series } = this.#facts;
		showCommands(part(this.#page.part("commands"), ":scope > div"), {
			...{ file: mark.name, name: this.#convert.name, image, choice, corrected },
			plainPages: facts.pages > 1 && /^(Big)?TIFF$/.test(facts.kind),
			...(facts.images.length > 1 ? { series } : {}),
		});
		this.#measure(undefined);
	}

	/** Forms are shown for an open file alone. */
	get #open(): OpenFile {
		return this.#file as OpenFile;
	}

	get #facts(): ImageFacts {
		return this.#open.facts.images[this.#image];
	}

	get #chosen(): ChosenImage {
		return { image: this.#image, ...this.#geometry.said.change };
	}

	#geometryChanged(now = false): void {
		const { image } = this.#geometry.said;
		this.#seen.facts(this.#open.facts, this.#facts, image);
		if (now) this.#seen.picture(this.#chosen, image);
		else this.#seen.again(this.#chosen);
		this.#storage.show(image);
	}

	async #measured(): Promise<void> {
		if (!this.#file || this.#convert.isBusy) return;
		const { choice } = this.#storage;
		const plan = planConversion(this.#geometry.said.image, choice);
		const found = await this.#client
			.call("measure", { ...this.#chosen, chunks: choice.chunks })
			.catch(() => undefined);
		this.#storage.measured(found);
		const ratio = found?.stored[choice.codec];
		await this.#convert.checkRoom(ratio && found ? (plan.bytes * ratio) / found.memory : plan.bytes);
	}
}
