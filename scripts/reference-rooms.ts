/** The pages of the API reference: one for each room of src/lib, in the order in which a reader meets them. */
export const referenceRooms: Readonly<Record<string, { title: string; description: string }>> = {
	samples: {
		title: "Samples and files",
		description: "The course's sample image, and single files from the network.",
	},
	tiff: { title: "TIFF", description: "Reading TIFF, BigTIFF, ImageJ and OME-TIFF files." },
	image: { title: "Images", description: "Spatial images: arrays with axes, spacing, origin and units." },
	multiscale: { title: "Multiscale", description: "Scale levels and the methods that compute them." },
	zarr: { title: "Zarr", description: "Arrays and groups of Zarr v2 and v3, read and written." },
	n5: { title: "N5", description: "N5 datasets and their multiscale dialects, read and written." },
	ngff: { title: "OME-NGFF", description: "OME-Zarr images: metadata, reading, writing and validation." },
	convert: { title: "Conversion", description: "From one format to another with bounded memory." },
	download: {
		title: "Copies",
		description: "Whole hierarchies, or some of their levels, from store to store.",
	},
	stores: {
		title: "Stores",
		description: "Memory, browser storage, folders, HTTP, S3 and zip files as key to bytes.",
	},
	bucket: { title: "The bucket", description: "An object store in the browser, with the API of S3." },
	parallel: { title: "Parallel work", description: "Worker pools and task graphs." },
	plan: {
		title: "Planning",
		description: "Which chunks, requests and bytes a wish needs, before anything is read.",
	},
	view: { title: "Views", description: "Bytes, lines and histograms, shown under a cell." },
	viewer: { title: "The viewer", description: "Looking at an image of any size, chunk by chunk." },
	basics: { title: "Basics", description: "Errors, progress, displays, formatting and byte sources." },
	node: {
		title: "In Node",
		description: 'What "chunkwise/node" adds: files and folders of this computer, and its threads.',
	},
};

/**
 * The room of a file of src/lib by its path there: "zarr/array.ts" is in zarr, "errors.ts" among the basics.
 * @throws Error where its folder has no room yet, so that new folders get a page of their own
 */
export function roomOf(file: string): string {
	const [folder, ...rest] = file.split("/");
	if (rest.length === 0) return "basics";
	if (!(folder in referenceRooms)) {
		throw new Error(
			`src/lib/${folder} has no page in the API reference: add it to scripts/reference-rooms.ts.`,
		);
	}
	return folder;
}
