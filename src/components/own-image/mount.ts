/** Brings the tool's markup to life: file, what it says, how to store it, the conversion, the result. */
import { formatBytes } from "../../lib/format.ts";
import { planConversion } from "../../lib/plan/conversion-plan.ts";
import { figureId } from "../figures/html.ts";
import { debounced, part } from "../figures/live.ts";
import type { MountedFigure } from "../figures/mount.ts";
import { WorkerClient, wordsOf } from "./client.ts";
import { showCommands } from "./commands-view.ts";
import { ConvertStep, pickFolder } from "./convert-step.ts";
import { GeometryForm } from "./geometry-form.ts";
import { resultFolder, showKept } from "./kept-box.ts";
import { keepMark } from "./mark.ts";
import type {
	ChosenImage,
	ConversionRequest,
	FileFacts,
	FileMark,
	ImageFacts,
	KeptConversion,
} from "./messages.ts";
import { PageParts } from "./page-parts.ts";
import { ResultStep } from "./result-step.ts";
import { sampleFile } from "./sample-file.ts";
import { SaveStep } from "./save-step.ts";
import { offerImages, SeenStep } from "./seen-step.ts";
import { ownImageHtml } from "./static.ts";
import { StorageForm } from "./storage-form.ts";
import "./own-image.css";

export function mount(host: HTMLElement): MountedFigure {
	if (!host.querySelector(".cw-own")) host.innerHTML = ownImageHtml(figureId());
	return new OwnImage(host);
}

class OwnImage implements MountedFigure {
	readonly #page: PageParts;
	readonly #client = new WorkerClient();
	readonly #events = new AbortController();
	readonly #seen: SeenStep;
	readonly #geometry: GeometryForm;
	readonly #storage: StorageForm;
	readonly #convert: ConvertStep;
	readonly #result: ResultStep;
	readonly #save: SaveStep;
	#file?: { mark: FileMark; facts: FileFacts };
	#image = 0;
	#kept?: KeptConversion;
	#folder?: FileSystemDirectoryHandle;
	/** The reader wants to go on with what was kept, and the file is not open yet. */
	#resuming = false;
	readonly #measure = debounced(() => void this.#measured());

	constructor(host: HTMLElement) {
		this.#page = new PageParts(host);
		const { signal } = this.#events;
		const step = (name: string) => part<HTMLElement>(host, `[data-step=${name}]`);
		this.#seen = new SeenStep(step("seen"), this.#client);
		this.#geometry = new GeometryForm(this.#page.part("geometry"), () => this.#geometryChanged(), signal);
		this.#storage = new StorageForm(this.#page.part("store"), () => this.#choiceChanged(), signal);
		this.#convert = new ConvertStep(step("convert"), this.#client, {
			done: (kept) => void this.#done(kept),
			busy: (busy) => this.#busy(busy),
		});
		this.#result = new ResultStep(step("result"), this.#client, signal);
		this.#save = new SaveStep(step("result"), this.#client, signal);
		this.#page.listen(
			{
				acts: {
					start: () => this.#sample(),
					resume: () => this.#resume(),
					"open-kept": () => this.#openKept(),
					discard: () => this.#discard(),
					advise: () => this.#storage.advise(),
					cancel: () => this.#convert.cancel(),
					pause: () => this.#convert.pause(),
					zip: () => this.#kept && this.#save.zip(this.#kept),
					folder: () => this.#save.folder(),
					"stop-saving": () => this.#save.stop(),
				},
				open: (file) => void this.#open(file),
				start: () => void this.#start(),
				renamed: () => this.#choiceChanged(),
				image: (index) => this.#showImage(index),
			},
			signal,
		);
		const { files } = this.#page.input;
		// Chosen before the script was there.
		if (files?.length) void this.#open(files[0]);
		else if (host.dataset.wanted === "sample") void this.#sample();
		void this.#look();
		host.dataset.ready = "";
	}

	destroy(): void {
		this.#events.abort();
		this.#result.close();
		this.#client.close();
		delete this.#page.host.dataset.ready;
	}

	async #sample(): Promise<void> {
		this.#page.say("Fetching the sample…");
		try {
			await this.#open(await sampleFile(), true);
		} catch (error) {
			this.#page.say(wordsOf(error), true);
		}
	}

	async #open(file: File, sample = false): Promise<void> {
		if (this.#convert.isBusy)
			return this.#page.say("A conversion is under way: cancel or pause it first.", true);
		this.#page.say(`Opening ${file.name}…`);
		try {
			const facts = await this.#client.call("open", file);
			const { name, size, lastModified } = file;
			this.#file = { mark: { name, size, lastModified, ...(sample ? { sample } : {}) }, facts };
			this.#page.reach("seen", "store", "convert");
			const several =
				facts.images.length > 1 ? ` It holds ${facts.images.length} images; choose one below.` : "";
			const what = sample
				? "The sample is synthetic: computed nuclei, as in the lessons."
				: `${name} is open.`;
			this.#page.say(`${what}${several}`);
			offerImages(this.#page.part("images"), facts);
			const first = facts.images.findIndex(({ problem }) => !problem);
			if (first < 0) return this.#page.say(wordsOf(facts.images[0].problem), true);
			this.#showImage(first);
			if (this.#resuming) await this.#goOn();
		} catch (error) {
			this.#page.reach();
			this.#file = undefined;
			this.#page.say(wordsOf(error), true);
		}
	}

	#showImage(index: number): void {
		const facts = this.#facts(index);
		this.#image = index;
		part<HTMLSelectElement>(this.#page.part("images"), "select").value = String(index);
		this.#geometry.show(facts);
		this.#convert.name = facts.name.replace(/[/\\]/g, "-");
		this.#geometryChanged(true);
	}

	#facts(index = this.#image): ImageFacts {
		return (this.#file as { facts: FileFacts }).facts.images[index];
	}

	get #chosen(): ChosenImage {
		return { image: this.#image, ...this.#geometry.said.change };
	}

	#geometryChanged(now = false): void {
		const { image } = this.#geometry.said;
		const { facts } = this.#file as { facts: FileFacts };
		this.#seen.facts(facts, this.#facts(), image);
		if (now) this.#seen.picture(this.#chosen, image);
		else this.#seen.again(this.#chosen);
		this.#storage.show(image);
	}

	#choiceChanged(): void {
		const { image, corrected } = this.#geometry.said;
		const { choice } = this.#storage;
		const { mark, facts } = this.#file as { mark: FileMark; facts: FileFacts };
		const { series } = facts.images[this.#image];
		showCommands(part(this.#page.part("commands"), ":scope > div"), {
			...{ file: mark.name, name: this.#convert.name, image, choice, corrected },
			plainPages: facts.pages > 1 && /^(Big)?TIFF$/.test(facts.kind),
			...(facts.images.length > 1 ? { series } : {}),
		});
		this.#measure(undefined);
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

	async #start(): Promise<void> {
		if (!this.#file || this.#convert.isBusy || this.#convert.wouldReplace(this.#kept)) return;
		const folder = this.#convert.wantsFolder ? (this.#folder ?? (await this.#pick())) : undefined;
		if (this.#convert.wantsFolder && !folder) return;
		const request: ConversionRequest = {
			file: this.#file.mark,
			chosen: this.#chosen,
			name: this.#convert.name,
			choice: this.#storage.choice,
			...(folder ? { folder: folder.name } : {}),
		};
		await this.#run(request, folder);
	}

	async #pick(): Promise<FileSystemDirectoryHandle | undefined> {
		this.#folder = await pickFolder().catch(() => undefined);
		return this.#folder;
	}

	async #run(request: ConversionRequest, folder?: FileSystemDirectoryHandle): Promise<void> {
		this.#result.close();
		this.#page.reach("seen", "store", "convert");
		this.#kept = undefined;
		this.#page.part("kept").hidden = true;
		await this.#convert.run(request, folder);
		this.#folder = undefined;
	}

	#busy(busy: boolean): void {
		this.#page.host.dataset.busy = String(busy);
		this.#page.input.disabled = busy;
		for (const form of ["geometry", "store"]) this.#page.part(form).inert = busy;
	}

	async #done(kept: KeptConversion): Promise<void> {
		this.#kept = kept;
		keepMark(true);
		this.#save.reset();
		const handle = await resultFolder(kept, this.#folder);
		this.#page.reach(...(this.#file ? ["seen", "store", "convert"] : []), "result");
		await this.#result.show(kept, handle);
	}

	/** What an earlier visit left. */
	async #look(): Promise<void> {
		const kept = await this.#client.call("kept", {}).catch(() => undefined);
		if (!kept) return keepMark(false);
		if (this.#convert.isBusy || this.#kept) return;
		this.#kept = kept;
		showKept(this.#page.part("kept"), kept);
	}

	async #resume(): Promise<void> {
		const kept = this.#kept;
		if (!kept) return;
		// While the press counts as the reader's wish.
		if (kept.folder !== undefined && !(await this.#pick())) return;
		this.#resuming = true;
		if (kept.file.sample) return this.#sample();
		if (this.#file?.mark.name === kept.file.name) return this.#goOn();
		this.#page.say(`Choose ${kept.file.name} again: a page may not open files of your computer by itself.`);
		this.#page.input.focus();
	}

	async #goOn(): Promise<void> {
		const kept = this.#kept;
		if (!kept || !this.#file) return;
		if (this.#file.mark.name !== kept.file.name || this.#file.mark.size !== kept.file.size) {
			return this.#page.say(
				`This is another file: choose ${kept.file.name} of ${formatBytes(kept.file.size)}.`,
				true,
			);
		}
		this.#resuming = false;
		this.#showImage(kept.chosen.image);
		this.#geometry.restore(kept.chosen);
		this.#geometryChanged();
		this.#storage.restore(kept.choice);
		this.#convert.name = kept.name;
		const { file, chosen, name, choice, folder } = kept;
		await this.#run(
			{ file, chosen, name, choice, ...(folder === undefined ? {} : { folder }) },
			this.#folder,
		);
	}

	async #openKept(): Promise<void> {
		const kept = this.#kept;
		if (!kept?.report) return;
		if (kept.folder !== undefined) {
			if (!(await this.#pick())) return;
			await this.#client.call("kept", { folder: this.#folder });
		}
		this.#page.part("kept").hidden = true;
		await this.#done(kept).catch((error) => this.#page.say(wordsOf(error), true));
	}

	async #discard(): Promise<void> {
		try {
			this.#result.close();
			await this.#client.call("discard", { folder: this.#folder });
			keepMark(false);
			this.#kept = undefined;
			this.#page.part("kept").hidden = true;
			this.#page.reach(...(this.#file ? ["seen", "store", "convert"] : []));
			this.#page.say("Removed from this browser.");
		} catch (error) {
			this.#page.say(wordsOf(error), true);
		}
	}
}
