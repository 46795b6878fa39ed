/** The viewer's markup: the same at build, where nothing is open yet, and under a cell. */
import { lineDials } from "../../lib/plan/lines.ts";
import { viewerLines } from "../../lib/viewer/props.ts";
import { escapeHtml, segmentsHtml } from "../figures/html.ts";
import type { ViewerProps } from "./props.ts";

const planes = [
	{ name: "xy", label: "Plane x, y" },
	{ name: "zy", label: "Plane z, y" },
	{ name: "xz", label: "Plane x, z" },
] as const;

const keys =
	"Arrow keys move, plus and minus zoom, page up and page down go through the planes, 0 shows the whole, B shows or hides chunks.";

export function viewerHtml(props: ViewerProps, id: string): string {
	const button = (act: string, label: string, path: string) =>
		`<button type="button" data-act="${act}" aria-label="${label}" title="${label}"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg></button>`;
	const panels = planes
		.map(
			({ name, label }) =>
				`<div class="cw-viewer-panel" data-plane="${name}" role="application" tabindex="0" aria-roledescription="image viewer" aria-label="${label}. ${keys}" aria-describedby="${id}-status"><span class="cw-viewer-axes" aria-hidden="true"></span></div>`,
		)
		.join("");
	const dial = (name: "latency" | "bandwidth") =>
		`<div class="cw-fig-slider"><label for="${id}-${name}">${name === "latency" ? "Latency" : "Bandwidth"}</label><output for="${id}-${name}"></output><span class="cw-fig-track"><input type="range" id="${id}-${name}" name="${name}" min="0" max="${lineDials[name].length - 1}" step="1"></span></div>`;
	const lineOptions = [...viewerLines, { name: "own", label: "a line of your own" }]
		.map(({ name, label }) => `<option value="${escapeHtml(name)}">${escapeHtml(label)}</option>`)
		.join("");
	return `<figure class="cw-fig-body cw-viewer-body">
${props.title ? `<p class="cw-fig-title">${escapeHtml(props.title)}</p>` : ""}
<div class="cw-viewer-stage" data-layout="${props.layout ?? "planes"}">
<canvas class="cw-viewer-picture" aria-hidden="true"></canvas><canvas class="cw-viewer-overlay" aria-hidden="true"></canvas>
${panels}
<div class="cw-viewer-panel cw-viewer-volume" data-plane="volume" role="application" tabindex="0" aria-roledescription="volume viewer" aria-label="The volume, brightest values through it. Arrow keys turn it, plus and minus zoom." hidden><canvas></canvas><p class="cw-viewer-note" role="status"></p></div>
<p class="cw-viewer-scalebar" aria-hidden="true" hidden><span></span><b></b></p>
<p class="cw-viewer-readout" aria-hidden="true"></p>
<div class="cw-fig-zoom cw-fig-controls">${button("in", "Zoom in", "M8 3V13M3 8H13")}${button("out", "Zoom out", "M3 8H13")}${button("whole", "Show the whole image", "M3 6V3H6M10 3H13V6M13 10V13H10M6 13H3V10")}</div>
<div class="cw-viewer-message" role="status">${greeting(props)}</div>
</div>
<form class="cw-viewer-controls cw-fig-controls" hidden>
<div class="cw-viewer-row">
${segmentsHtml(
	`${id}-layout`,
	"Show",
	[
		{ value: "plane", label: "one plane" },
		{ value: "planes", label: "three planes" },
		{ value: "volume", label: "volume" },
	],
	props.layout ?? "planes",
)}
<label class="cw-viewer-field" hidden><span>Image</span><select name="image"></select></label>
<label class="cw-viewer-field" hidden><span>Plane</span><select name="plane"></select></label>
<label class="cw-viewer-field"><span>Scale level</span><select name="level"></select></label>
<label class="cw-viewer-field cw-viewer-line-field"><span>Line</span><select name="line">${lineOptions}</select></label>
<label class="cw-viewer-check"><input type="checkbox" name="borders"${props.borders === false ? "" : " checked"}><span>chunks</span></label>
</div>
<div class="cw-viewer-sliders cw-viewer-line" hidden>${dial("latency")}${dial("bandwidth")}</div>
<div class="cw-viewer-sliders cw-viewer-axes-sliders"></div>
<fieldset class="cw-viewer-channels"><legend>Channels</legend></fieldset>
<div class="cw-viewer-row cw-viewer-acts">
<button type="button" class="cw-small-button" data-act="forget">Forget chunks</button>
<button type="button" class="cw-small-button" data-act="retry" hidden>Ask again for what failed</button>
<button type="button" class="cw-small-button" data-act="picture">Save picture</button>
<button type="button" class="cw-small-button" data-act="link">Copy link to this view</button>
<span class="cw-viewer-done" role="status"></span>
</div>
<p class="cw-viewer-open-in" hidden></p>
</form>
<details class="cw-viewer-other"${props.kernel ? " hidden" : props.source ? "" : " open"}><summary>${props.source ? "Open another image" : "Open an image"}</summary>
<form class="cw-viewer-open cw-fig-controls">
<label class="cw-viewer-field cw-viewer-address"><span>Address of an OME-Zarr or N5</span><input type="url" name="address" placeholder="https://…/image.ome.zarr" autocomplete="off" spellcheck="false"></label>
<button type="submit" class="cw-small-button">Open</button>
<label class="cw-small-button cw-viewer-file"><input type="file" name="folder" webkitdirectory><span>A folder of this computer…</span></label>
<label class="cw-small-button cw-viewer-file"><input type="file" name="zip" accept=".zip,.ozx"><span>A .zip or .ozx…</span></label>
<button type="button" class="cw-small-button" data-act="computed">A synthetic image of 1 TiB</button>
</form></details>
<ul class="cw-fig-legend cw-viewer-legend" aria-label="Borders of chunks">
${legend()}
</ul>
<div class="cw-viewer-cost" hidden>
<dl class="cw-fig-readings"><div><dt>This view needs</dt><dd data-cost="needed">–</dd></div><div><dt>Fetched so far</dt><dd data-cost="fetched">–</dd></div><div><dt>The whole finest level</dt><dd data-cost="whole">–</dd></div><div><dt>Kept in memory</dt><dd data-cost="kept">–</dd></div></dl>
</div>
<figcaption class="cw-fig-twin"><p class="cw-fig-status" id="${id}-status" aria-live="polite"></p>
<details><summary>Scale levels as a table</summary><div class="cw-fig-scroll" tabindex="0" role="region" aria-label="Scale levels"><table class="cw-viewer-levels"><caption>Scale levels</caption><thead><tr><th scope="col">Level</th><th scope="col">Shape</th><th scope="col">Chunk shape</th><th scope="col" class="cw-fig-right">Chunks</th><th scope="col" class="cw-fig-right">In memory</th><th scope="col">Element</th></tr></thead><tbody></tbody></table></div></details></figcaption>
</figure>`;
}

/** What stands on the stage before there is an image. */
function greeting({ source, kernel }: ViewerProps): string {
	if (kernel) return "<p>Opening the image…</p>";
	if (!source)
		return "<p>Open an OME-Zarr or N5 below, or drop one here: a folder, or a .zip or .ozx of it.</p>";
	return `<p>Nothing is loaded before you ask: first the viewer, then the chunks that you look at.</p><button type="button" class="cw-small-button" data-act="start">Look at the image</button>`;
}

function legend(): string {
	const sample = (name: string, attributes: string, label: string) =>
		`<li><svg viewBox="0 0 18 14" aria-hidden="true"><rect class="cw-viewer-${name}" x="1.5" y="1.5" width="15" height="11" ${attributes}/>${name === "failed" ? '<path class="cw-viewer-failed" d="M1.5 1.5L16.5 12.5M16.5 1.5L1.5 12.5"/>' : ""}</svg>${label}</li>`;
	return [
		sample("waiting", 'stroke-dasharray="3 3"', "wanted"),
		sample("requested", 'stroke-width="2"', "being fetched"),
		sample("cached", "", "there"),
		sample("absent", 'stroke-dasharray="1 2"', "not stored"),
		sample("failed", 'stroke-width="2"', "failed"),
	].join("");
}
