/** What an author says of a viewer, `<MultiscaleViewer source="…" />`. */
import { type NetworkLine, networkLines } from "../plan/lines.ts";
import type { ViewerLayout } from "./link.ts";

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
	/** Begin with a line this slow, one of the names of `viewerLines`; default "as it is". */
	line?: string;
	/** Its name in the page's address, so that a link can restore a view. */
	id?: string;
}

/** Lines to try: the course's own but this computer, which is what "as it is" mostly is. */
export const viewerLines: readonly (Pick<NetworkLine, "name" | "label"> & Partial<NetworkLine>)[] = [
	{ name: "as it is", label: "as it is" },
	...networkLines.filter(({ name }) => name !== "localhost"),
];
