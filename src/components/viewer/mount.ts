/** Brings a viewer's markup to life: opens what it names, or what the reader chooses. */
import { isChunkwiseError } from "../../lib/errors.ts";
import type { ViewedImage } from "../../lib/viewer/image.ts";
import { type LinkedSource, sourceFromText, sourceToText } from "../../lib/viewer/link.ts";
import { figureId } from "../figures/html.ts";
import { part } from "../figures/live.ts";
import type { MountedFigure } from "../figures/mount.ts";
import { saveFile } from "../work/save-file.ts";
import { dropped } from "./dropped.ts";
import { openInKernel } from "./kernel-source.ts";
import { lineControls } from "./line-controls.ts";
import type { ViewerInput } from "./messages.ts";
import { otherViewers } from "./open-in.ts";
import type { ViewerProps } from "./props.ts";
import { viewerHtml } from "./static.ts";
import { Viewer } from "./viewer.ts";
import "../cell/buttons.css";
import "../figures/fields.css";
import "./viewer.css";
import { type LiveSource, openInWorker } from "./worker-source.ts";

export function mount(host: HTMLElement, props: ViewerProps): MountedFigure {
	if (!host.querySelector(".cw-viewer-body")) host.innerHTML = viewerHtml(props, figureId());
	const events = new AbortController();
	const viewer = new Viewer(host);
	const form = part<HTMLFormElement>(host, ".cw-viewer-open");
	const other = part<HTMLDetailsElement>(host, ".cw-viewer-other");
	const done = part(host, ".cw-viewer-done");
	const line = lineControls(host, props.line, (now) => viewer.state?.source.setLine?.(now), events.signal);
	let opening = 0;
	/** What is shown, where it was opened here and not by a cell. */
	let input: ViewerInput | undefined;
	let linked = linkedView(host);
	let named = sourceFromText(linked ?? "");

	/** @param among images of which this one was chosen, by path: they stay to choose from */
	async function open(
		source: Promise<LiveSource>,
		given: ViewerProps,
		from?: ViewerInput,
		among?: readonly string[],
	): Promise<void> {
		const turn = ++opening;
		viewer.tell("Opening the image…");
		host.dataset.opened = "";
		try {
			const opened = await source;
			// Another was asked for meanwhile, or the figure is gone.
			if (turn !== opening || events.signal.aborted) return opened.close();
			input = from;
			const { image } = opened;
			const own = image.others ?? [image.path];
			if (among) image.others = among.flatMap((path) => (path === from?.path ? own : [path]));
			viewer.show(opened, given);
			line.offer(opened.setLine !== undefined);
			host.dataset.opened = opened.image.name;
			done.textContent = "";
			offerOthers(part(host, ".cw-viewer-open-in"), from?.kind === "url" ? from.url : "", image);
		} catch (error) {
			if (turn !== opening || events.signal.aborted) return;
			viewer.tell(words(error, from), true);
			if (!props.kernel) other.open = true;
		}
	}

	/** A view of files is for whoever opens them here, as the link could not. */
	const openInput = (from: ViewerInput, given: ViewerProps = {}, among?: readonly string[]) =>
		open(
			openInWorker(from, line.line()),
			named.local && (from.kind === "files" || from.kind === "folder") ? { ...given, view: linked } : given,
			from,
			among,
		);

	const on = (target: EventTarget, type: string, listener: (event: Event) => void) =>
		target.addEventListener(type, listener, { signal: events.signal });

	on(form, "submit", (event) => {
		event.preventDefault();
		const url = part<HTMLInputElement>(form, "input[name=address]").value.trim();
		if (url) void openInput({ kind: "url", url });
	});
	on(form, "change", (event) => {
		const chosen = event.target as HTMLInputElement;
		if (chosen.type !== "file" || !chosen.files?.length) return;
		void openInput({ kind: "files", files: [...chosen.files] });
		// The same folder can be chosen again.
		chosen.value = "";
	});
	on(part<HTMLSelectElement>(host, "select[name=image]"), "change", ({ target }) => {
		const { value } = target as HTMLSelectElement;
		if (input) void openInput({ ...input, path: value }, {}, viewer.state?.image.others);
	});
	const acts: Record<string, () => void> = {
		computed: () => void openInput({ kind: "computed" }),
		forget: () => viewer.state?.loader.clear(),
		retry: () => viewer.state?.loader.retry(),
		async picture() {
			saveFile(`${viewer.state?.image.name ?? "image"}.png`, await viewer.picture(), "image/png");
			done.textContent = "Saved.";
		},
		async link() {
			const address = new URL(location.href);
			const to = sourceOf(input, props);
			address.hash = `${host.id || "viewer"}?${viewer.link}${sourceToText(to)}`;
			await navigator.clipboard.writeText(address.href).then(
				() => {
					done.textContent = to.local
						? `The link is copied. It keeps the view and not the files: whoever follows it opens “${to.local}” there.`
						: "The link is copied.";
				},
				() => {
					done.textContent = address.href;
				},
			);
		},
	};
	on(host, "click", (event) => {
		const act = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset.act;
		if (act) acts[act]?.();
	});
	const stage = part<HTMLElement>(host, ".cw-viewer-stage");
	on(stage, "dragover", (event) => event.preventDefault());
	on(stage, "drop", async (event) => {
		event.preventDefault();
		const input = await dropped((event as DragEvent).dataTransfer);
		if (input) void openInput(input);
		else viewer.tell("Drop a folder that holds an OME-Zarr or N5, or a .zip or .ozx of one.", true);
	});

	const given = { ...props, view: linked ?? props.view };
	function start(): void {
		if (host.dataset.opened !== undefined) return;
		if (named.local) {
			viewer.tell(
				`This link shows a view of “${named.local}”, which is on somebody’s computer. Open it below to see it.`,
			);
			other.open = true;
			return;
		}
		const source = named.source ?? props.source;
		const path = named.path ?? (named.source ? undefined : props.path);
		if (source === "computed") return void openInput({ kind: "computed" }, given);
		if (!source) return;
		// Within the site an address is counted from its base, wherever the page is.
		const url = new URL(source, new URL(import.meta.env.BASE_URL, location.href)).href;
		void openInput({ kind: "url", url, path }, given);
	}
	acts.start = start;
	on(window, "hashchange", () => {
		const now = linkedView(host);
		if (now === undefined) return;
		linked = now;
		named = sourceFromText(now);
		given.view = now;
		delete host.dataset.opened;
		start();
	});
	if (props.kernel) host.dataset.kernel = "";
	if (props.kernel) void open(openInKernel(props.kernel), given);
	else if (props.input) void openInput(props.input, given);
	else if (linked !== undefined || host.dataset.wanted !== undefined) start();
	host.dataset.ready = "";
	return {
		destroy() {
			events.abort();
			viewer.close();
			delete host.dataset.ready;
		},
	};
}

/** The view that the page's address has for this viewer. */
function linkedView(host: HTMLElement): string | undefined {
	const [, id, view] = /^#([^?]*)\?(.+)$/.exec(location.hash) ?? [];
	return id === (host.id || "viewer") ? view : undefined;
}

/** What a link must say to lead to this image: nothing, where the page itself names it. */
function sourceOf(input: ViewerInput | undefined, props: ViewerProps): LinkedSource {
	if (!input) return {};
	const own = props.source && new URL(props.source, new URL(import.meta.env.BASE_URL, location.href)).href;
	const path = input.path;
	switch (input.kind) {
		case "computed":
			return props.source === "computed" ? {} : { source: "computed" };
		case "url":
			if (input.url === own) return path === props.path ? {} : { path };
			return { source: input.url, path };
		case "folder":
			return { local: input.handle.name, path };
		case "files": {
			const [first] = input.files;
			return { local: first.webkitRelativePath.split("/")[0] || first.name, path };
		}
	}
}

/** Links to the same image in other viewers, or why there are none. */
function offerOthers(place: HTMLElement, address: string, image: ViewedImage): void {
	const others = otherViewers(address, image);
	place.hidden = false;
	place.textContent =
		others.length > 0
			? "The same image in "
			: "vizarr, neuroglancer and the OME-NGFF validator open an image once it is at a public https address.";
	for (const [i, { name, address: to }] of others.entries()) {
		const link = document.createElement("a");
		link.href = to;
		link.target = "_blank";
		link.rel = "noopener";
		link.textContent = name;
		if (i > 0) place.append(i === others.length - 1 ? " or " : ", ");
		place.append(link);
	}
}

/** Why nothing was opened: what was tried, what is wrong, the way out. */
function words(error: unknown, from: ViewerInput | undefined): string {
	if (!isChunkwiseError(error)) return `The image could not be opened: ${(error as Error).message}`;
	const { message, where = "/", remedy } = error;
	const tried = from?.kind === "url" && !message.includes(from.url) ? `${from.url}: ` : "";
	return `${tried}${message}${where === "/" || message.includes(where) ? "" : ` (${where})`} ${remedy}`;
}
