/** Brings the tool's markup to life: file, what it says, how to store it, the conversion, the result. */
import { formatBytes } from "../../lib/format.ts";
import { figureId } from "../figures/html.ts";
import { part } from "../figures/live.ts";
import type { MountedFigure } from "../figures/mount.ts";
import { WorkerClient, wordsOf } from "./client.ts";
import { ConvertStep, pickFolder } from "./convert-step.ts";
import { ImageSteps, type OpenFile } from "./image-steps.ts";
import { Kept, resultFolder } from "./kept.ts";
import { keepMark } from "./mark.ts";
import type { ConversionRequest, KeptConversion } from "./messages.ts";
import { PageParts } from "./page-parts.ts";
import { ResultStep } from "./result-step.ts";
import { sampleFile } from "./sample-file.ts";
import { SaveStep } from "./save-step.ts";
import { offerImages } from "./seen-step.ts";
import { ownImageHtml } from "./static.ts";
import { isConverting } from "./turns.ts";
import "../figures/fields.css";
import "./forms.css";
import "./own-image.css";

export function mount(host: HTMLElement): MountedFigure {
	if (!host.querySelector(".cw-own")) host.innerHTML = ownImageHtml(figureId());
	return new OwnImage(host);
}

class OwnImage implements MountedFigure {
	readonly #page: PageParts;
	readonly #client = new WorkerClient();
	readonly #events = new AbortController();
	readonly #image: ImageSteps;
	readonly #convert: ConvertStep;
	readonly #result: ResultStep;
	readonly #save: SaveStep;
	#file?: OpenFile;
	readonly #kept: Kept;
	#folder?: FileSystemDirectoryHandle;
	/** The reader wants to go on with what was kept, and the file is not open yet. */
	#resuming = false;
	/** Between the reader's press and the conversion. */
	#starting = false;

	constructor(host: HTMLElement) {
		this.#page = new PageParts(host);
		const { signal } = this.#events;
		const step = (name: string) => part<HTMLElement>(host, `[data-step=${name}]`);
		this.#convert = new ConvertStep(step("convert"), this.#client, {
			done: (kept) => void this.#done(kept).catch((error) => this.#page.say(wordsOf(error), true)),
			begun: () => this.#kept.tell(),
			busy: (busy) => this.#busy(busy),
		});
		this.#image = new ImageSteps(this.#page, this.#client, this.#convert, signal);
		this.#result = new ResultStep(step("result"), this.#client, signal);
		this.#save = new SaveStep(step("result"), this.#client, signal);
		this.#kept = new Kept(this.#page.part("kept"), this.#client, {
			isBusy: () => this.#convert.isBusy,
			changed: () => this.#checkShown(),
		});
		this.#page.listen(
			{
				acts: {
					start: () => this.#sample(),
					resume: () => this.#resume(),
					"open-kept": () => this.#openKept(),
					discard: () => this.#discard(),
					advise: () => this.#image.advise(),
					cancel: () => this.#convert.cancel(),
					pause: () => this.#convert.pause(),
					zip: () => this.#save.zip(),
					folder: () => this.#save.folder(),
					"stop-saving": () => this.#save.stop(),
				},
				open: (file) => void this.#open(file),
				start: () => void this.#start(),
				renamed: () => this.#image.choiceChanged(),
				image: (index) => this.#file && this.#image.show(this.#file, index),
			},
			signal,
		);
		const { files } = this.#page.input;
		// Chosen before the script was there.
		if (files?.length) void this.#open(files[0]);
		else if (host.dataset.wanted === "sample") void this.#sample();
		void this.#kept.look();
		host.dataset.ready = "";
	}

	destroy(): void {
		this.#events.abort();
		this.#result.close();
		this.#kept.close();
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
		if (this.#save.isBusy)
			return this.#page.say("The result is being saved: let that end, or stop it first.", true);
		this.#result.close();
		this.#convert.reset();
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
			this.#image.show(this.#file, first);
			if (this.#resuming) return await this.#goOn();
		} catch (error) {
			this.#page.reach();
			this.#file = undefined;
			this.#page.say(wordsOf(error), true);
		}
		if (!this.#convert.isBusy && !this.#result.shown) this.#kept.show();
	}

	async #start(): Promise<void> {
		if (!this.#file || this.#convert.isBusy || this.#starting) return;
		this.#starting = true;
		const asked = await this.#asked().finally(() => {
			this.#starting = false;
		});
		if (asked) await this.#run(asked.request, asked.folder);
	}

	/** What the reader asks for, with what it takes; undefined where it cannot begin now, which is said. */
	async #asked(): Promise<{ request: ConversionRequest; folder?: FileSystemDirectoryHandle } | undefined> {
		const refusal = this.#save.isBusy
			? "The result is being saved: let that end, or stop it first."
			: (await isConverting())
				? "An image is being converted in another tab: let that end, or pause it there."
				: "";
		if (refusal) {
			this.#convert.say(refusal);
			return;
		}
		// Another tab may have changed it.
		const before = await this.#kept.read();
		const { wantsFolder } = this.#convert;
		const guess = this.#folder?.name ?? before?.folder;
		if (this.#convert.wouldReplace(before, this.#image.request(wantsFolder ? guess : undefined))) return;
		const folder = wantsFolder ? (this.#folder ?? (await this.#pick())) : undefined;
		if (wantsFolder && !folder) return;
		const request = this.#image.request(folder?.name);
		if (this.#convert.wouldReplace(before, request)) return;
		return { request, folder };
	}

	async #pick(): Promise<FileSystemDirectoryHandle | undefined> {
		this.#folder = await pickFolder().catch(() => undefined);
		return this.#folder;
	}

	async #run(request: ConversionRequest, folder?: FileSystemDirectoryHandle): Promise<void> {
		this.#result.close();
		this.#page.reach("seen", "store", "convert");
		this.#kept.now = undefined;
		this.#kept.hide();
		await this.#convert.run(request, folder);
		this.#folder = undefined;
		this.#kept.tell();
		// Paused, refused or failed: what is there can be gone on with, or shown again.
		if (!this.#kept.now) await this.#kept.look();
	}

	#busy(busy: boolean): void {
		this.#page.host.dataset.busy = String(busy);
		this.#page.input.disabled = busy;
		for (const form of ["geometry", "store"]) this.#page.part(form).inert = busy;
	}

	async #done(kept: KeptConversion): Promise<void> {
		this.#kept.now = kept;
		keepMark(true);
		this.#save.show(kept);
		const handle = await resultFolder(kept, this.#folder);
		this.#page.reach(...(this.#file ? ["seen", "store", "convert"] : []), "result");
		await this.#result.show(kept, handle);
	}

	#withoutResult(): void {
		this.#result.close();
		this.#convert.reset();
		this.#page.reach(...(this.#file ? ["seen", "store", "convert"] : []));
	}

	/** Another tab may have removed or replaced what is shown. */
	#checkShown(): void {
		const { shown } = this.#result;
		if (!shown) return;
		if (this.#kept.now?.id === shown.id) return this.#kept.hide();
		this.#withoutResult();
		this.#page.say(`${shown.name}.ome.zarr was removed or replaced in another tab.`);
	}

	async #resume(): Promise<void> {
		const kept = this.#kept.now;
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
		const kept = this.#kept.now;
		if (!kept || !this.#file) return;
		if (this.#file.mark.name !== kept.file.name || this.#file.mark.size !== kept.file.size) {
			return this.#page.say(
				`This is another file: choose ${kept.file.name} of ${formatBytes(kept.file.size)}.`,
				true,
			);
		}
		this.#resuming = false;
		this.#image.restore(this.#file, kept);
		this.#page.go("convert");
		const { file, chosen, name, choice, folder } = kept;
		await this.#run(
			{ file, chosen, name, choice, ...(folder === undefined ? {} : { folder }) },
			this.#folder,
		);
	}

	async #openKept(): Promise<void> {
		const kept = this.#kept.now;
		if (!kept?.report) return;
		if (kept.folder !== undefined) {
			if (!(await this.#pick())) return;
			await this.#client.call("kept", { folder: this.#folder });
		}
		try {
			await this.#done(kept);
			this.#kept.hide();
			this.#page.go("result");
		} catch (error) {
			this.#page.say(wordsOf(error), true);
		}
	}

	async #discard(): Promise<void> {
		const kept = this.#kept.now;
		try {
			await this.#client.call("discard", { folder: this.#folder });
		} catch (error) {
			if (this.#result.shown) this.#save.fail(wordsOf(error));
			else this.#page.say(wordsOf(error), true);
			return;
		}
		keepMark(false);
		this.#kept.now = undefined;
		this.#kept.hide();
		this.#kept.tell();
		this.#withoutResult();
		const half = kept?.folder !== undefined && !kept.report && !this.#folder;
		this.#page.say(
			`Removed from this browser.${half ? ` What was written to the folder “${kept.folder}” is yours to remove: ${kept.name}.ome.zarr is not whole.` : ""}`,
		);
	}
}
