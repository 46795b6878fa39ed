/** Why a file cannot be read, with a way out that fits it. */
import { ChunkwiseError, isChunkwiseError } from "../../../lib/errors.ts";
import type { ToldError } from "../messages.ts";

/** Formats of microscopes, by their endings. */
const ofMicroscopes: Record<string, string> = {
	czi: "Zeiss’s format",
	lif: "Leica’s format",
	lsm: "an old format of Zeiss",
	nd2: "Nikon’s format",
	oib: "Olympus’s format",
	oif: "Olympus’s format",
	oir: "Olympus’s format",
	vsi: "Olympus’s format",
	ims: "Imaris’s format",
	mrxs: "3DHISTECH’s format",
	dv: "DeltaVision’s format",
	mrc: "a format of electron microscopy",
};

/** The error for a reader who wants this file converted. */
export function refusal(error: unknown, file: File): unknown {
	if (!isChunkwiseError(error) || error.code !== "not-a-tiff") return error;
	const ending = /\.([^.]+)$/.exec(file.name)?.[1].toLowerCase() ?? "";
	const maker = ofMicroscopes[ending];
	const again = (message: string, remedy: string) =>
		new ChunkwiseError("not-a-tiff", message, { where: file.name, remedy, cause: error });
	if (maker) {
		return again(
			`“${file.name}” is in ${maker}, and this page reads TIFF.`,
			"Open it in Fiji (File, Import, Bio-Formats) and save it as OME-TIFF, or convert it with bioformats2raw, which reads more than 150 formats: the command is below.",
		);
	}
	if (/^(ozx|zip|zarr)$/.test(ending)) {
		return again(
			`“${file.name}” is no TIFF.`,
			"If it is an OME-Zarr already, open it in the viewer of the lesson on multi-scale visualization, or convert it with “npx chunkwise convert”, which reads OME-Zarr and N5 too.",
		);
	}
	return again(
		error.message.replace(/^This/, `“${file.name}”`),
		"Choose a TIFF or OME-TIFF. Of other formats, Fiji (File, Import, Bio-Formats) makes one.",
	);
}

export function told(error: unknown): ToldError {
	if (isChunkwiseError(error)) {
		const { code, message, where, remedy } = error;
		return { code, message, where, remedy };
	}
	if (error instanceof DOMException && error.name === "AbortError")
		return { code: "stopped", message: "Stopped." };
	const { message } = error as Error;
	if (/allocation|out of memory|array length/i.test(message)) {
		return {
			code: "out-of-memory",
			message: "The browser has no memory left for this.",
			remedy: "Close other tabs, choose smaller chunks or no shards, and go on.",
		};
	}
	return { message, remedy: "Try again; if it goes on, report it with the kind of file." };
}
