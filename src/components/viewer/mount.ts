/** Brings a viewer's markup to life: opens what it names, or what the reader chooses. */
import { isChunkwiseError } from "../../lib/errors.ts";
import { figureId } from "../figures/html.ts";
import { part } from "../figures/live.ts";
import type { MountedFigure } from "../figures/mount.ts";
import { saveFile } from "../work/save-file.ts";
import { openInKernel } from "./kernel-source.ts";
import type { ViewerInput } from "./messages.ts";
import { otherViewers } from "./open-in.ts";
import { lines, type ViewerProps } from "./props.ts";
import { viewerHtml } from "./static.ts";
import { Viewer } from "./viewer.ts";
import "../cell/buttons.css";
import "./viewer.css";
import { type LiveSource, openInWorker } from "./worker-source.ts";

export function mount(host: HTMLElement, props: ViewerProps): MountedFigure {
	if (!host.querySelector(".cw-viewer-body")) host.innerHTML = viewerHtml(props, figureId());
	const events = new AbortController();
	const viewer = new Viewer(host);
	const form = part<HTMLFormElement>(host, ".cw-viewer-open");
	const line = part<HTMLSelectElement>(host, "select[name=line]");
	if (props.line) line.value = props.line;
	const chosenLine = () => lines.find(({ name }) => name === line.value) ?? lines[0];
	let opening = 0;

	async function open(source: Promise<LiveSource>, given: ViewerProps, address = ""): Promise<void> {
		const turn = ++opening;
		viewer.tell("Opening the image…");
		host.dataset.opened = "";
		try {
			const opened = await source;
			// Another was asked for meanwhile, or the figure is gone.
			if (turn !== opening || events.signal.aborted) return opened.close();
			viewer.show(opened, given);
			host.dataset.opened = opened.image.name;
			offer(address, opened.image.format);
		} catch (error) {
			if (turn !== opening || events.signal.aborted) return;
			viewer.tell(words(error), true);
			form.hidden = false;
		}
	}

	const openInput = (input: ViewerInput, given: ViewerProps = {}) =>
		open(openInWorker(input, chosenLine()), given, input.kind === "url" ? input.url : "");

	function offer(address: string, format: string): void {
		const place = part<HTMLElement>(host, ".cw-viewer-open-in");
		const others = otherViewers(address, format);
		place.hidden = others.length === 0;
		place.textContent = "The same image in ";
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

	const on = (target: EventTarget, type: string, listener: (event: Event) => void) =>
		target.addEventListener(type, listener, { signal: events.signal });

	on(line, "change", () => viewer.state?.source.setLine?.(chosenLine()));
	on(form, "submit", (event) => {
		event.preventDefault();
		const url = part<HTMLInputElement>(form, "input[name=address]").value.trim();
		if (url) void openInput({ kind: "url", url });
	});
	on(form, "change", (event) => {
		const { files, type } = event.target as HTMLInputElement;
		if (type === "file" && files && files.length > 0) void openInput({ kind: "files", files: [...files] });
	});
	const done = part(host, ".cw-viewer-done");
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
			address.hash = `${host.id || "viewer"}?${viewer.link}`;
			await navigator.clipboard.writeText(address.href).then(
				() => {
					done.textContent = "The link is copied.";
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

	const linked = linkedView(host);
	const given = { ...props, view: linked ?? props.view };
	function start(): void {
		if (host.dataset.opened !== undefined) return;
		if (props.source === "computed") return void openInput({ kind: "computed" }, given);
		if (!props.source) return;
		// Within the site an address is counted from its base, wherever the page is.
		const url = new URL(props.source, new URL(import.meta.env.BASE_URL, location.href)).href;
		void openInput({ kind: "url", url, path: props.path }, given);
	}
	acts.start = start;
	if (props.kernel) void open(openInKernel(props.kernel), given);
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
	const [id, view] = decodeURIComponent(location.hash.slice(1)).split("?");
	return view && id === (host.id || "viewer") ? view : undefined;
}

async function dropped(data: DataTransfer | null): Promise<ViewerInput | undefined> {
	const [item] = data?.items ?? [];
	const getHandle = item && "getAsFileSystemHandle" in item ? item.getAsFileSystemHandle : undefined;
	const file = item?.getAsFile();
	if (getHandle) {
		const handle = (await (getHandle as () => Promise<FileSystemHandle | null>).call(
			item,
		)) as FileSystemHandle | null;
		if (handle?.kind === "directory") return { kind: "folder", handle: handle as FileSystemDirectoryHandle };
	}
	return file && /\.(zip|ozx)$/i.test(file.name) ? { kind: "files", files: [file] } : undefined;
}

function words(error: unknown): string {
	if (!isChunkwiseError(error)) return `The image could not be opened: ${(error as Error).message}`;
	return `${error.message} ${error.remedy}`;
}
