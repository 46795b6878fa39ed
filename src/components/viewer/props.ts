/** What an author or a cell says of a viewer. */
import { networkLines } from "../../lib/plan/lines.ts";
import type { ViewerLayout } from "../../lib/viewer/link.ts";

export interface ViewerProps {
	/**
	 * An address of an OME-Zarr, an N5 or a zip of one, absolute or within the site ("data/phantom.ome.zarr");
	 * "computed" for a synthetic image of 1 TiB; nothing where the reader chooses.
	 */
	source?: string;
	/** Group or array inside the store. */
	path?: string;
	title?: string;
	/** One plane, three that cross, or the volume; default "planes" for a volume. */
	layout?: ViewerLayout;
	/** A view as a link has it: "at=…&zoom=…". */
	view?: string;
	/** Begin with the borders of chunks shown; default true. */
	borders?: boolean;
	/** Begin with a line this slow, one of the names of `lines`; default "as it is". */
	line?: string;
	/** Number by which a kernel knows the image, where a cell displays it. */
	kernel?: string;
}

/** Lines to try: the course's own but this computer, which is what "as it is" mostly is. */
export const lines: readonly { name: string; label: string; latency?: number; bandwidth?: number }[] = [
	{ name: "as it is", label: "as it is" },
	...networkLines.filter(({ name }) => name !== "localhost"),
];
