/** Step 4: the conversion, its progress, and the ways to stop it. */
import { formatBytes, formatCount, formatDuration } from "../../lib/format.ts";
import { keepStorage } from "../../lib/stores/storage.ts";
import { part } from "../figures/live.ts";
import { type WorkerClient, wordsOf } from "./client.ts";
import { keepMark } from "./mark.ts";
import type { ConversionProgress, ConversionRequest, KeptConversion } from "./messages.ts";
import { readings } from "./readings.ts";
import { sameConversion } from "./same-conversion.ts";

interface PickFolder {
	showDirectoryPicker?(options: { mode: "readwrite"; id?: string }): Promise<FileSystemDirectoryHandle>;
}

export const canPickFolders = (): boolean => "showDirectoryPicker" in window;

/** @throws AbortError where the reader picks none */
export function pickFolder(): Promise<FileSystemDirectoryHandle> {
	return (window as PickFolder).showDirectoryPicker?.({
		mode: "readwrite",
		id: "own-image",
	}) as Promise<FileSystemDirectoryHandle>;
}

/** Shares of the work at which a sentence is said: a screen reader is not told every second. */
const saidAt = 0.25;

export interface ConvertEvents {
	/** Called with what was made. */
	done(kept: KeptConversion): void;
	/** Called when the worker has begun, and nobody else may any more. */
	begun(): void;
	/** Called when it begins and when it ends in any way. */
	busy(isBusy: boolean): void;
}

export class ConvertStep {
	readonly #step: HTMLElement;
	readonly #client: WorkerClient;
	readonly #events: ConvertEvents;
	#stop?: AbortController;
	/** What the reader wants when they stop it. */
	#remove = false;
	/** Quarters that were said. */
	#said = 0;
	/** What the reader was told will be replaced. */
	#replaces = "";

	constructor(step: HTMLElement, client: WorkerClient, events: ConvertEvents) {
		this.#step = step;
		this.#client = client;
		this.#events = events;
		const to = part<HTMLElement>(step, "[data-part=to]");
		to.hidden = !canPickFolders();
	}

	get wantsFolder(): boolean {
		return part<HTMLSelectElement>(this.#step, "select[name=to]").value === "folder";
	}

	get name(): string {
		// A name of a file or folder on any system.
		const typed = part<HTMLInputElement>(this.#step, "input[name=name]").value.trim();
		return typed.replace(/[/\\:*?"<>|\p{Cc}]+/gu, "-").replace(/^\.+|\.+$/g, "") || "image";
	}

	set name(name: string) {
		part<HTMLInputElement>(this.#step, "input[name=name]").value = name;
	}

	get isBusy(): boolean {
		return this.#stop !== undefined;
	}

	/** Says beforehand where there may be too little room. */
	async checkRoom(bytes: number | undefined): Promise<void> {
		const warning = part<HTMLElement>(this.#step, "[data-part=room]");
		const { used = 0, quota } = await this.#client.call("room", undefined).catch(() => ({}) as never);
		const free = quota === undefined ? undefined : quota - used;
		const tight = bytes !== undefined && free !== undefined && bytes > free && !this.wantsFolder;
		warning.hidden = !tight;
		if (!tight) return;
		const folder = canPickFolders() ? " Write to a folder of this computer instead," : " Use";
		warning.textContent = `The browser has ${formatBytes(free)} left for this site, and the result may take ${formatBytes(bytes)}.${folder} fewer levels or a codec that makes smaller chunks, or convert on the command line.`;
	}

	/** Whether something would be lost that the reader has not said a word about; a second press is one. */
	wouldReplace(kept: KeptConversion | undefined, request: ConversionRequest): boolean {
		if (!kept || (kept.report ? kept.folder !== undefined : sameConversion(kept, request))) return false;
		const told = JSON.stringify(kept);
		if (this.#replaces === told) return false;
		this.#replaces = told;
		this.#fail("");
		this.say(
			kept.report
				? `This replaces ${kept.name}.ome.zarr, which is still in this browser. Save that first, or press Convert again.`
				: `This begins anew, and removes what was done of the conversion of ${kept.file.name}. Press Convert again if you want that.`,
		);
		return true;
	}

	/** Converts, or goes on. */
	async run(request: ConversionRequest, folder?: FileSystemDirectoryHandle): Promise<void> {
		const stop = new AbortController();
		this.#stop = stop;
		this.#remove = false;
		this.#said = 0;
		let begun = false;
		// The browser should not clear by itself what took minutes; where it does not promise that, all works the same.
		void keepStorage().catch(() => {});
		this.#show(true);
		this.#fail("");
		this.say(`Converting ${request.name}.`);
		keepMark(true);
		try {
			const kept = await this.#client.call(
				"convert",
				{ request, folder },
				{
					signal: stop.signal,
					onProgress: (progress) => {
						if (!begun) this.#events.begun();
						begun = true;
						this.#progress(progress);
					},
				},
			);
			const { report, milliseconds } = kept;
			this.say(
				`Done in ${formatDuration(milliseconds)}: ${formatBytes(report?.bytes ?? 0)} of voxels became ${formatBytes(report?.stored ?? 0)} in ${formatCount(report?.objects ?? 0)} files.`,
			);
			this.#events.done(kept);
		} catch (error) {
			await this.#ended(error, folder);
		} finally {
			this.#stop = undefined;
			this.#show(false);
		}
	}

	async #ended(error: unknown, folder?: FileSystemDirectoryHandle): Promise<void> {
		if ((error as Error).name !== "AbortError") {
			this.say("");
			this.#fail(wordsOf(error));
			return;
		}
		if (!this.#remove) {
			this.say("Paused. What is done is kept: press Convert to go on, now or after the page was closed.");
			return;
		}
		try {
			await this.#client.call("discard", { folder });
			keepMark(false);
			this.say("Cancelled. What was written is removed.");
		} catch (failure) {
			this.#fail(wordsOf(failure));
		}
	}

	pause(): void {
		this.#stop?.abort();
	}

	cancel(): void {
		this.#remove = true;
		this.say("Removing what was written…");
		this.#stop?.abort();
	}

	#show(busy: boolean): void {
		this.#step.dataset.busy = String(busy);
		const primary = part<HTMLButtonElement>(this.#step, ".cw-own-primary");
		const progress = part<HTMLElement>(this.#step, "[data-part=progress]");
		// Who came by the keyboard goes on from the button that is there now.
		const [from, to] = busy
			? [primary, part<HTMLElement>(progress, "[data-act=pause]")]
			: [progress, primary];
		const follow = from.contains(document.activeElement);
		primary.disabled = busy;
		progress.hidden = !busy;
		if (follow) to.focus({ preventScroll: true });
		this.#events.busy(busy);
	}

	#progress({ chunks, total, before, written, milliseconds }: ConversionProgress): void {
		const bar = part<HTMLProgressElement>(this.#step, "progress");
		bar.value = total === 0 ? 1 : chunks / total;
		const now = chunks - before;
		// The first chunks pay for starting.
		const left = now > 0 && milliseconds > 2000 ? (milliseconds / now) * (total - chunks) : undefined;
		const percent = `${Math.floor(bar.value * 100)} %`;
		const time = left === undefined ? "" : `about ${formatDuration(left)}`;
		readings(part(this.#step, "[data-part=progress] dl"), [
			["Done", percent],
			["Chunks", `${formatCount(chunks)} of ${formatCount(total)}`],
			["Written", formatBytes(written)],
			["So far", formatDuration(milliseconds)],
			["Left", time],
		]);
		const quarters = Math.floor(bar.value / saidAt);
		if (quarters <= this.#said || bar.value >= 1) return;
		this.#said = quarters;
		this.say(`${percent} converted${time ? `, ${time} left` : ""}.`);
	}

	/** Forgets what was said of the conversion before. */
	reset(): void {
		this.say("");
		this.#fail("");
	}

	say(text: string): void {
		part(this.#step, "[data-part=convert-said]").textContent = text;
	}

	#fail(text: string): void {
		const place = part<HTMLElement>(this.#step, "[data-part=convert-error]");
		place.textContent = text;
		place.hidden = text === "";
	}
}
