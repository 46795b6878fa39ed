/** What an author or a cell says of a viewer. */
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

/** Lines to try, after measurements of their kind; bandwidth in bytes a second. */
export const lines: readonly { name: string; label: string; latency?: number; bandwidth?: number }[] = [
	{ name: "as it is", label: "as it is" },
	{ name: "lab", label: "lab network: 5 ms, 1 Gbit/s", latency: 5, bandwidth: 125e6 },
	{ name: "home", label: "home: 20 ms, 50 Mbit/s", latency: 20, bandwidth: 6.25e6 },
	{ name: "4G", label: "phone, 4G: 50 ms, 10 Mbit/s", latency: 50, bandwidth: 1.25e6 },
	{ name: "conference", label: "conference Wi-Fi: 200 ms, 1 Mbit/s", latency: 200, bandwidth: 125e3 },
];
