/** A few cells to begin with. They are data: the tests run each. */
export interface Starter {
	name: string;
	cells: { title: string; source: string }[];
}

export const starters: Starter[] = [
	{
		name: "Open a sample image",
		cells: [
			{
				title: "A sample image",
				source: `import { readImage, samples, toSpatialImage } from "chunkwise";

const image = toSpatialImage(await readImage(await samples.hl60()));
image`,
			},
			{
				title: "One plane",
				source: `import { histogram } from "chunkwise";

const [depth, height, width] = image.shape;
const middle = Math.floor(depth / 2);
const plane = image.data.subarray(middle * height * width, (middle + 1) * height * width);
display(\`plane \${middle} of \${depth}, \${height} × \${width}\`);
histogram(plane)`,
			},
		],
	},
	{
		name: "Write a Zarr by hand",
		cells: [
			{
				title: "An array of two chunks",
				source: `import { memoryStore } from "chunkwise";

const store = memoryStore();
const metadata = {
  zarr_format: 3,
  node_type: "array",
  shape: [4, 4],
  data_type: "uint8",
  chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 4] } },
  chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
  fill_value: 7,
  codecs: [{ name: "bytes" }],
  attributes: {},
};
await store.set("/zarr.json", new TextEncoder().encode(JSON.stringify(metadata)));
// The upper chunk; the lower one is not stored, so it is the fill value.
await store.set("/c/0/0", Uint8Array.from({ length: 8 }, (_, i) => i));
await store.list()`,
			},
			{
				title: "Read it back",
				source: `import { openArray } from "chunkwise";

const array = await openArray(store);
await array.read()`,
			},
		],
	},
	{
		name: "Make a multiscale image",
		cells: [
			{
				title: "A synthetic image",
				source: `import { toSpatialImage } from "chunkwise";

const size = 128;
const pixels = Uint8Array.from({ length: size * size }, (_, i) => {
  const x = (i % size) - size / 2;
  const y = Math.floor(i / size) - size / 2;
  return 127 + 127 * Math.sin(Math.hypot(x, y) / 4);
});
const rings = toSpatialImage({ data: pixels, shape: [size, size], dims: ["y", "x"] });
rings`,
			},
			{
				title: "Its scale levels, as OME-Zarr in memory",
				source: `import { memoryStore, toMultiscale, toNgffZarr, tree } from "chunkwise";

const levels = await toMultiscale(rings, [2, 4]);
const zarr = memoryStore();
await toNgffZarr(zarr, levels);
await tree(zarr)`,
			},
		],
	},
];
