/** Step 5: the result looked at: its numbers, a viewer on it, its documents, what validation says. */
import { formatBytes, formatCount, formatDuration } from "../../lib/format.ts";
import type { Validation } from "../../lib/ngff/validate/document.ts";
import { element } from "../cell/displays/element.ts";
import { part } from "../figures/live.ts";
import type { MountedFigure } from "../figures/mount.ts";
import { type WorkerClient, wordsOf } from "./client.ts";
import type { Inspection, KeptConversion } from "./messages.ts";
import { readings } from "./readings.ts";

export class ResultStep {
	readonly #step: HTMLElement;
	readonly #client: WorkerClient;
	/** The result that is shown. */
	shown?: KeptConversion;
	#viewer?: MountedFigure;
	#looked = new Set<string>();

	constructor(step: HTMLElement, client: WorkerClient, signal: AbortSignal) {
		this.#step = step;
		this.#client = client;
		for (const name of ["inspect", "validate"] as const) {
			const details = this.#part<HTMLDetailsElement>(name);
			details.addEventListener("toggle", () => details.open && void this.#look(name), { signal });
		}
	}

	/** @param handle of the folder that holds the result */
	async show(kept: KeptConversion, handle: FileSystemDirectoryHandle): Promise<void> {
		const { report, milliseconds, choice } = kept;
		this.#looked.clear();
		for (const name of ["inspect", "validate"]) this.#part<HTMLDetailsElement>(name).open = false;
		readings(this.#part("made"), [
			["Name", `${kept.name}.ome.zarr`],
			["Levels", (report?.levels ?? []).map(({ shape }) => shape.join(" × ")).join(", ")],
			["Chunks", choice.chunks.join(" × ")],
			["Shards", choice.shards?.join(" × ") ?? ""],
			["Voxels, all levels", formatBytes(report?.bytes ?? 0)],
			["Stored", `${formatBytes(report?.stored ?? 0)} in ${formatCount(report?.objects ?? 0)} files`],
			["It took", formatDuration(milliseconds)],
		]);
		this.close();
		this.shown = kept;
		await this.#view(handle);
	}

	close(): void {
		this.shown = undefined;
		this.#viewer?.destroy();
		this.#viewer = undefined;
		this.#part("view").replaceChildren();
	}

	async #view(handle: FileSystemDirectoryHandle): Promise<void> {
		const host = element("div", { id: "own-image-viewer" });
		this.#part("view").append(host);
		try {
			const { mountFigure } = await import("../figures/mount.ts");
			this.#viewer = await mountFigure(host, "viewer", {
				input: { kind: "folder", handle },
				layout: "plane",
			});
			host.classList.add("cw-viewer");
		} catch (error) {
			host.textContent = wordsOf(error);
		}
	}

	async #look(name: "inspect" | "validate"): Promise<void> {
		if (this.#looked.has(name)) return;
		this.#looked.add(name);
		const place = part<HTMLElement>(this.#part(name), ":scope > div");
		place.replaceChildren(element("p", { role: "status" }, "Looking…"));
		const id = this.shown?.id;
		try {
			await import("../cell/displays/styles.ts");
			place.replaceChildren(
				...(name === "inspect"
					? await inspected(await this.#client.call("inspect", { id }))
					: validated(await this.#client.call("validate", { id }))),
			);
		} catch (error) {
			this.#looked.delete(name);
			place.replaceChildren(element("p", { class: "cw-own-error", role: "alert" }, wordsOf(error)));
		}
	}

	#part<T extends HTMLElement = HTMLElement>(name: string): T {
		return part<T>(this.#step, `[data-part=${name}]`);
	}
}

async function inspected({ tree, documents, keys, bytes }: Inspection): Promise<HTMLElement[]> {
	const { render } = await import("../cell/displays/render.ts");
	const all = element("p", {}, `${formatCount(keys)} files, ${formatBytes(bytes)} of chunks. The hierarchy:`);
	return [
		all,
		render({ kind: "text", text: tree }),
		...documents.map(({ key, value }) =>
			element("details", {}, element("summary", {}, key), render({ kind: "json", value })),
		),
	];
}

function validated({ valid, version, findings }: Validation): HTMLElement[] {
	const errors = findings.filter(({ severity }) => severity === "error").length;
	const verdict = valid
		? `It follows OME-NGFF ${version}: metadata and arrays were held against its rules.`
		: `It does not follow OME-NGFF ${version}: ${errors} ${errors === 1 ? "rule is" : "rules are"} broken.`;
	const told = findings.map(({ severity, path, pointer, message, remedy, section }) =>
		element(
			"li",
			{},
			element("b", {}, severity === "error" ? "Error" : "Advice"),
			` at ${path ? `${path}: ` : ""}${pointer}: ${message} ${remedy} `,
			element("a", { href: section.url, rel: "noopener", target: "_blank" }, section.title),
		),
	);
	return [
		element("p", { class: valid ? "cw-own-valid" : "cw-own-error" }, verdict),
		element("ul", {}, ...told),
	];
}
