/** Keeping the result: one file, a folder, a bucket. */
import { formatBytes, formatCount } from "../../lib/format.ts";
import { part } from "../figures/live.ts";
import { type CallOptions, type WorkerClient, wordsOf } from "./client.ts";
import { canPickFolders, pickFolder } from "./convert-step.ts";
import type { BucketRequest, CopyProgress, KeptConversion } from "./messages.ts";

interface PickFile {
	showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
}

export class SaveStep {
	readonly #step: HTMLElement;
	readonly #client: WorkerClient;
	#stop?: AbortController;
	/** The result that can be saved. */
	#kept?: KeptConversion;

	constructor(step: HTMLElement, client: WorkerClient, signal: AbortSignal) {
		this.#step = step;
		this.#client = client;
		const picks = canPickFolders();
		part<HTMLElement>(step, "[data-act=folder]").hidden = !picks;
		part<HTMLElement>(step, "[data-part=no-folder]").hidden = picks;
		const form = part<HTMLFormElement>(step, "[data-part=bucket-form]");
		form.addEventListener(
			"submit",
			(event) => {
				event.preventDefault();
				void this.upload(form);
			},
			{ signal },
		);
	}

	get isBusy(): boolean {
		return this.#stop !== undefined;
	}

	stop(): void {
		this.#stop?.abort();
	}

	/** Forgets what was said of the result before. */
	show(kept: KeptConversion): void {
		this.#kept = kept;
		this.#say("");
		this.fail("");
	}

	async zip(): Promise<void> {
		const kept = this.#kept;
		if (!kept) return;
		const name = `${kept.name}${kept.choice.format === "ome-zarr-0.5" ? ".ozx" : ".ome.zarr.zip"}`;
		let to: FileSystemFileHandle | undefined;
		try {
			to = await (window as PickFile).showSaveFilePicker?.({ suggestedName: name });
		} catch (error) {
			if ((error as Error).name === "AbortError") return;
			// A page in a frame may not ask: the browser's own download does as well.
		}
		await this.#run(`Writing ${name}`, async (options) => {
			const file = await this.#client.call("zip", { to, id: kept.id }, options);
			if (!file) return `Saved ${to?.name ?? name}.`;
			const link = document.createElement("a");
			link.href = URL.createObjectURL(file);
			link.download = name;
			link.click();
			// The browser has taken the address by then.
			setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
			return `Saved ${name}, ${formatBytes(file.size)}: it is where your browser puts downloads.`;
		});
	}

	async folder(): Promise<void> {
		let to: FileSystemDirectoryHandle;
		try {
			to = await pickFolder();
		} catch (error) {
			if ((error as Error).name !== "AbortError") this.fail(wordsOf(error));
			return;
		}
		await this.#run(`Copying to ${to.name}`, async (options) => {
			const { done, bytes } = await this.#client.call("folder", { to, id: this.#kept?.id }, options);
			return `Saved ${formatCount(done)} files, ${formatBytes(bytes)}, in the folder “${to.name}”.`;
		});
	}

	async upload(form: HTMLFormElement): Promise<void> {
		const wanted = Object.fromEntries(new FormData(form)) as unknown as BucketRequest;
		for (const [name, value] of Object.entries(wanted)) wanted[name as keyof BucketRequest] = value.trim();
		await this.#run("Uploading", async (options) => {
			const { done, address } = await this.#client.call(
				"upload",
				{ to: wanted, id: this.#kept?.id },
				options,
			);
			return `${formatCount(done)} objects are at ${address}`;
		});
	}

	async #run(
		what: string,
		work: (options: CallOptions<"zip"> & CallOptions<"folder"> & CallOptions<"upload">) => Promise<string>,
	): Promise<void> {
		if (this.#stop) return;
		const stop = new AbortController();
		this.#stop = stop;
		const box = part<HTMLElement>(this.#step, "[data-part=saving]");
		const bar = part<HTMLProgressElement>(box, "progress");
		const numbers = part(box, "[data-part=saving-numbers]");
		this.fail("");
		this.#say(`${what}…`);
		bar.value = 0;
		numbers.textContent = "";
		box.hidden = false;
		const onProgress = ({ done, total, bytes }: CopyProgress) => {
			bar.value = total === 0 ? 1 : done / total;
			numbers.textContent = `${formatCount(done)} of ${formatCount(total)} files, ${formatBytes(bytes)}`;
		};
		try {
			this.#say(await work({ signal: stop.signal, onProgress }));
		} catch (error) {
			const stopped = (error as Error).name === "AbortError";
			this.#say(stopped ? "Stopped." : "");
			if (!stopped) this.fail(wordsOf(error));
		} finally {
			this.#stop = undefined;
			box.hidden = true;
		}
	}

	#say(text: string): void {
		part(this.#step, "[data-part=save-said]").textContent = text;
	}

	fail(text: string): void {
		const place = part<HTMLElement>(this.#step, "[data-part=save-error]");
		place.textContent = text;
		place.hidden = text === "";
	}
}
