/** The tool's markup: its five steps, complete in the page; what cannot be used yet is hidden. */
import { codecNames } from "../../lib/zarr/codecs.ts";
import { segmentsHtml } from "../figures/html.ts";

const codecLabels: Record<(typeof codecNames)[number], string> = {
	"blosc-lz4": "Blosc with LZ4: fast",
	"blosc-zstd": "Blosc with Zstandard: small",
	zstd: "Zstandard",
	gzip: "gzip: everything reads it",
	none: "none",
};

const methods = [
	["mean", "mean of the voxels"],
	["bin-shrink", "mean, rounded (ITK’s bin shrink)"],
	["gaussian", "Gaussian"],
	["nearest", "one of the voxels (labels, fast)"],
	["mode", "most frequent value (labels)"],
];

const options = (pairs: readonly (readonly string[])[], chosen = "") =>
	pairs
		.map(
			([value, label]) => `<option value="${value}"${value === chosen ? " selected" : ""}>${label}</option>`,
		)
		.join("");

function step(name: string, title: string, hidden: boolean, inner: string): string {
	return `<section class="cw-own-step" data-step="${name}"${hidden ? " hidden" : ""}><h3 tabindex="-1">${title}</h3>${inner}</section>`;
}

const button = (act: string, label: string, more = "") =>
	`<button type="button" class="cw-small-button" data-act="${act}"${more}>${label}</button>`;
const status = (part: string) => `<p class="cw-own-said" data-part="${part}" role="status"></p>`;

function fileStep(): string {
	return `<div class="cw-own-drop"><label><span class="cw-own-choose">Choose a TIFF</span><span>or drop it here: OME-TIFF, ImageJ, BigTIFF; stacks and channels</span><input type="file" name="file"></label></div>
<p class="cw-own-row">${button("start", "Use the sample", ' data-value="sample"')}<span class="cw-own-private"><b>Nothing is uploaded.</b> The file is read where it is, by this browser.</span></p>
${status("file-said")}
<div class="cw-own-kept" data-part="kept" hidden><p></p><p class="cw-own-row">${button("resume", "Go on")}${button("open-kept", "Show the result")}${button("discard", "Remove it")}</p></div>`;
}

function outline(): string {
	return `<ol class="cw-own-outline" data-part="outline"><li><b>See it:</b> what the file says, a plane of it, and the pixel size, which you can correct.</li><li><b>Choose</b> chunks, scale levels and codec, with advice from its shape and from how you will read it.</li><li><b>Convert</b> it here, however large it is, with progress and a way to stop.</li><li><b>Check and keep it:</b> view it, validate it, save it as one file, a folder, or into a bucket.</li></ol>`;
}

function seenStep(): string {
	return `<div class="cw-own-seen"><div class="cw-own-picture" data-part="picture"></div><div class="cw-own-facts"><label class="cw-own-field" data-part="images" hidden><span>Image</span><select name="image"></select></label><dl class="cw-fig-readings" data-part="facts"></dl></div></div>
<form class="cw-own-geometry" data-part="geometry"><p class="cw-own-warning" data-part="unsized" hidden></p><label class="cw-own-field" data-part="pages-are" hidden><span>The pages are</span><select name="pages"><option value="z">planes (z)</option><option value="t">time points (t)</option><option value="c">channels (c)</option></select></label><div class="cw-own-row" data-part="sizes"></div></form>`;
}

function storeStep(id: string): string {
	const use = segmentsHtml(
		`${id}-use`,
		"What you will read most",
		[
			{ value: "planes", label: "planes" },
			{ value: "volumes", label: "volumes" },
			{ value: "film", label: "a film, frame by frame" },
			{ value: "trace", label: "one pixel in time" },
		],
		"planes",
	);
	const place = segmentsHtml(
		`${id}-place`,
		"From where",
		[
			{ value: "web", label: "a viewer on the web" },
			{ value: "cluster", label: "programs beside the data" },
		],
		"web",
	);
	return `<form class="cw-own-store" data-part="store"><div class="cw-own-wishes">${use}${place}<label class="cw-own-check"><input type="checkbox" name="labels"><span>The values are labels (numbers of objects)</span></label></div>
<div class="cw-own-choices"><fieldset class="cw-own-row"><legend>Chunk, in voxels</legend><span class="cw-own-row" data-part="chunks"></span></fieldset>
<label class="cw-own-field"><span>Coarser levels</span><input type="number" name="levels" min="0" max="10" step="1"></label>
<label class="cw-own-field" data-part="z-mode"><span>Along z</span><select name="z">${options([
		["voxels", "halve when voxels are cubes"],
		["with", "halve with y and x"],
		["never", "never halve"],
	])}</select></label>
<label class="cw-own-field"><span>Coarser by</span><select name="method">${options(methods)}</select></label>
<label class="cw-own-field"><span>Codec</span><select name="codec">${options(codecNames.map((name) => [name, codecLabels[name]]))}</select></label>
<label class="cw-own-field"><span>OME-NGFF</span><select name="format">${options([
		["ome-zarr-0.5", "0.5 (Zarr 3)"],
		["ome-zarr-0.4", "0.4 (Zarr 2)"],
	])}</select></label>
<label class="cw-own-check"><input type="checkbox" name="shards"><span>Shards<span data-part="shard-shape"></span></span></label>
${button("advise", "Use the advice again", " hidden")}</div>
${status("store-said")}
<h4>Why</h4><dl class="cw-own-reasons" data-part="reasons"></dl>
<h4>What it costs</h4><div class="cw-fig-scroll" tabindex="0" role="region" aria-label="What reading costs"><table class="cw-own-costs"><thead><tr><th scope="col">Reading</th><th scope="col" class="cw-fig-right">Chunks</th><th scope="col" class="cw-fig-right">Requests</th><th scope="col" class="cw-fig-right">Asked for</th><th scope="col" class="cw-fig-right">Decoded</th><th scope="col" class="cw-fig-right">Times</th></tr></thead><tbody data-part="costs"></tbody></table></div>
<dl class="cw-fig-readings" data-part="totals"></dl></form>`;
}

function convertStep(): string {
	return `<form class="cw-own-convert" data-part="convert"><div class="cw-own-row"><label class="cw-own-field"><span>Name</span><input type="text" name="name" autocomplete="off" spellcheck="false"></label><label class="cw-own-field" data-part="to"><span>Write to</span><select name="to"><option value="browser">this browser’s private files</option><option value="folder">a folder of this computer…</option></select></label>
<button type="submit" class="cw-own-primary">Convert</button></div></form>
<p class="cw-own-warning" data-part="room" hidden></p>
<div class="cw-own-progress" data-part="progress" hidden><progress max="1" value="0" aria-label="Conversion"></progress><dl class="cw-fig-readings"></dl><p class="cw-own-row">${button("pause", "Pause")}${button("cancel", "Cancel and remove")}</p></div>
${status("convert-said")}<p class="cw-own-error" data-part="convert-error" role="alert" hidden></p>
<details class="cw-own-commands" data-part="commands"><summary>The same on the command line</summary><div></div></details>`;
}

function resultStep(): string {
	const bucket = [
		["endpoint", "Endpoint", "url", "https://s3.example.org; empty for Amazon"],
		["bucket", "Bucket", "text", ""],
		["prefix", "Prefix", "text", "path in the bucket, or nothing"],
		["region", "Region", "text", "us-east-1"],
		["accessKeyId", "Access key", "text", ""],
		["secretAccessKey", "Secret key", "password", ""],
		["sessionToken", "Session token", "password", "where your key has one"],
	]
		.map(
			([name, label, type, hint]) =>
				`<label class="cw-own-field"><span>${label}</span><input type="${type}" name="${name}" placeholder="${hint}" autocomplete="off" spellcheck="false"${name === "bucket" ? " required" : ""}></label>`,
		)
		.join("");
	return `<dl class="cw-fig-readings" data-part="made"></dl>
<div data-part="view"></div>
<details data-part="inspect"><summary>What was written</summary><div></div></details>
<details data-part="validate"><summary>Is it valid?</summary><div></div></details>
<h4>Keep it</h4><p class="cw-own-row">${button("zip", "Save as one file")}${button("folder", "Save as a folder…")}${button("discard", "Remove it from this browser")}</p>
<p class="cw-own-warning" data-part="no-folder" hidden>This browser does not let pages write into folders (Chrome and Edge on computers do). Save one file and unpack it: any program that opens zip files does.</p>
<details data-part="bucket"><summary>Put it into an S3 bucket</summary><form data-part="bucket-form"><p>Amazon S3, MinIO, Ceph, Google Cloud Storage with interoperability keys. Keys stay in this page’s memory, are sent to the endpoint as signatures only, and are gone when the page is. The bucket must let this site in: a CORS rule with GET, HEAD, PUT and all headers.</p><div class="cw-own-bucket">${bucket}</div><p class="cw-own-row"><button type="submit" class="cw-small-button">Put it there</button></p></form></details>
<div class="cw-own-progress" data-part="saving" hidden><progress max="1" value="0" aria-label="Saving"></progress><p class="cw-own-row">${button("stop-saving", "Stop")}<span data-part="saving-numbers"></span></p></div>
${status("save-said")}<p class="cw-own-error" data-part="save-error" role="alert" hidden></p>`;
}

export function ownImageHtml(id: string): string {
	return `<div class="cw-own">
${step("file", "1. Your image", false, fileStep() + outline())}
${step("seen", "2. What the file says", true, seenStep())}
${step("store", "3. How to store it", true, storeStep(id))}
${step("convert", "4. Convert", true, convertStep())}
${step("result", "5. The result", true, resultStep())}
</div>`;
}
