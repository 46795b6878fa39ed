/**
 * What the formats have in common and where they differ, for the page "Formats at a glance". What can be tried is tried
 * by tests/unit/formats-page.test.ts on stores that the library writes. Sources: the specifications that the page names;
 * for HDF5, "Dataset Chunking Issues" and "Partial edge chunk" of the HDF Group.
 */

export interface Comparison {
	/** What the table compares, for those who hear it. */
	caption: string;
	/** One a column. */
	formats: readonly { name: string; specification: string }[];
	/** Cells in the order of the formats. `Text in backticks` is code. */
	rows: readonly { what: string; cells: readonly string[] }[];
}

const zarr3 = "https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html";

export const pixelFormats: Comparison = {
	caption: "Formats that keep arrays",
	formats: [
		{ name: "TIFF, OME-TIFF", specification: "https://docs.openmicroscopy.org/ome-model/latest/ome-tiff/" },
		{ name: "HDF5", specification: "https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html" },
		{ name: "N5", specification: "https://github.com/saalfeldlab/n5#file-system-specification" },
		{ name: "Zarr 2", specification: "https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html" },
		{ name: "Zarr 3", specification: zarr3 },
		{
			name: "Zarr 3 with shards",
			specification: "https://zarr-specs.readthedocs.io/en/latest/v3/codecs/sharding-indexed/index.html",
		},
	],
	rows: [
		{
			what: "What it is",
			cells: [
				"one file, or a set of them",
				"one file",
				"one file or object for each block",
				"one for each chunk",
				"one for each chunk",
				"one for each shard",
			],
		},
		{
			what: "Documents",
			cells: [
				"a directory of tags for each page; OME-XML in a tag of the first",
				"binary headers within the file",
				"`attributes.json`",
				"`.zgroup` `.zarray` `.zattrs`",
				"`zarr.json`",
				"`zarr.json`",
			],
		},
		{
			what: "Smallest part that can be read",
			cells: ["strip or tile", "chunk", "block", "chunk", "chunk", "chunk, by a range"],
		},
		{
			what: "Smallest part that can be written",
			cells: ["in practice the file", "chunk", "block", "chunk", "chunk", "shard"],
		},
		{
			what: "How a part is found",
			cells: [
				"by offsets in the page’s directory",
				"by an index within the file",
				"its key is computed",
				"its key is computed",
				"its key is computed",
				"key of the shard, then the shard’s index",
			],
		},
		{
			what: "Key of chunk 1 along z, 2 along y, 3 along x",
			cells: ["none", "none", "`3/2/1`", "`1.2.3` or `1/2/3`", "`c/1/2/3`", "`c/…` of its shard"],
		},
		{
			what: "Axes are listed",
			cells: [
				"pages of y, x; OME-XML says the order, fastest first: `XYZCT`",
				"slowest first",
				"fastest first",
				"slowest first",
				"slowest first",
				"slowest first",
			],
		},
		{
			what: "Chunk at the edge",
			cells: [
				"tile padded, last strip shorter",
				"stored whole",
				"cropped or padded, its header says which",
				"padded",
				"padded",
				"padded",
			],
		},
		{
			what: "Chunk that is not stored",
			cells: ["an error", "fill value", "zeros", "fill value", "fill value", "fill value"],
		},
		{
			what: "Order of bytes",
			cells: [
				"either, said at the start",
				"either, said by the type",
				"big-endian",
				"either, in `dtype`",
				"either, codec `bytes`",
				"either, codec `bytes`",
			],
		},
		{
			what: "Compression",
			cells: [
				"none, LZW, deflate, JPEG and many more",
				"filters: shuffle, deflate, szip; more as plugins",
				"raw, gzip, bzip2, lz4, xz; Blosc and zstd as additions",
				"filters, then one compressor",
				"a list of codecs",
				"codecs for chunks, others for the index",
			],
		},
		{
			what: "Scale levels and axes are described by",
			cells: [
				"OME-XML; levels in SubIFDs",
				"conventions of programs",
				"several dialects",
				"OME-NGFF 0.1 to 0.4",
				"OME-NGFF 0.5",
				"OME-NGFF 0.5",
			],
		},
		{
			what: "Over HTTP",
			cells: [
				"by ranges, after the directories",
				"by ranges; many small reads unless it was laid out for that",
				"one request a block",
				"one request a chunk",
				"one request a chunk",
				"one for the index, then one a chunk",
			],
		},
	],
};

export const ngffVersions: Comparison = {
	caption: "OME-NGFF 0.4 and 0.5",
	formats: [
		{ name: "OME-NGFF 0.4", specification: "https://ngff.openmicroscopy.org/0.4/" },
		{ name: "OME-NGFF 0.5", specification: "https://ngff.openmicroscopy.org/0.5/" },
	],
	rows: [
		{ what: "Built on", cells: ["Zarr 2", "Zarr 3"] },
		{
			what: "Its metadata is in",
			cells: ["`.zattrs` of the group", "`zarr.json` of the group, below `attributes.ome`"],
		},
		{
			what: "The version is said by",
			cells: ["`multiscales[].version`, which should be there", "`ome.version`, which must be there"],
		},
		{
			what: "Keys of chunks",
			cells: ["with slashes: `0/0/0`", "as the array’s document says, mostly `c/0/0/0`"],
		},
		{
			what: "Axes",
			cells: [
				"2 to 5, each with a name; type and unit should be there; 2 or 3 of space, in the order of the arrays",
				"the same",
			],
		},
		{
			what: "Arrays name their axes",
			cells: ["not asked for", "yes: `dimension_names` must equal the names of the axes"],
		},
		{
			what: "Where a level lies",
			cells: ["`coordinateTransformations`: one `scale`, and perhaps one `translation` after it", "the same"],
		},
		{ what: "Order of levels", cells: ["from fine to coarse", "the same"] },
		{
			what: "Channels",
			cells: ["`omero`: each with a colour and a window; transitional", "the same, below `ome`"],
		},
		{
			what: "Labels",
			cells: ["group `labels`, integer types, as many levels as the image", "the same, below `ome`"],
		},
		{ what: "Plates", cells: ["`plate`, `well`; images below row and column", "the same, below `ome`"] },
		{ what: "Shards", cells: ["no", "yes, as Zarr 3 has them"] },
	],
};

/** What the library reads (R) and writes (W). The names in code are those of the format's own documents. */
export const codecSupport: Comparison = {
	caption: "Codecs: R is read, W is written",
	formats: pixelFormats.formats.filter(({ name }) => ["Zarr 2", "Zarr 3", "N5"].includes(name)),
	rows: [
		{ what: "none", cells: ["R W `raw`", "R W", "R W"] },
		{ what: "Blosc with LZ4 or Zstandard", cells: ["R W `blosc`", "R W `blosc`", "R W `blosc`"] },
		{ what: "Blosc with other compressors inside", cells: ["R", "R", "R"] },
		{ what: "Zstandard", cells: ["R W `zstd`", "R W `zstd`", "R W `zstd`"] },
		{ what: "gzip", cells: ["R W `gzip`", "R W `gzip`", "R W `gzip`"] },
		{ what: "zlib", cells: ["R W `gzip` with `useZlib`", "R W `zlib`", "R `numcodecs.zlib`"] },
		{ what: "LZ4", cells: ["R W `lz4`, Java’s stream", "R `lz4`", "R `numcodecs.lz4`"] },
		{ what: "bzip2", cells: ["R W `bzip2`", "R `bz2`", "R `numcodecs.bz2`"] },
		{ what: "xz", cells: ["R W `xz`", "R `lzma`", "R `numcodecs.lzma`"] },
	],
};
