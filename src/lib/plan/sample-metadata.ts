/** Metadata to explore where no other is given: of a synthetic image of two channels, as this library writes it. */
import { libraryVersion } from "../version.ts";

/** The `zarr.json` of the image's group; the tests write such an image and compare. */
export const sampleMetadata: Record<string, unknown> = {
	zarr_format: 3,
	node_type: "group",
	attributes: {
		ome: {
			version: "0.5",
			multiscales: [
				{
					name: "nuclei",
					axes: [
						{ name: "c", type: "channel" },
						{ name: "z", type: "space", unit: "micrometer" },
						{ name: "y", type: "space", unit: "micrometer" },
						{ name: "x", type: "space", unit: "micrometer" },
					],
					datasets: [
						{
							path: "scale0/nuclei",
							coordinateTransformations: [
								{ type: "scale", scale: [1, 0.2, 0.125, 0.125] },
								{ type: "translation", translation: [0, 0, 0, 0] },
							],
						},
						{
							path: "scale1/nuclei",
							coordinateTransformations: [
								{ type: "scale", scale: [1, 0.4, 0.25, 0.25] },
								{ type: "translation", translation: [0, 0.30000000000000004, 0.0625, 0.1875] },
							],
						},
						{
							path: "scale2/nuclei",
							coordinateTransformations: [
								{ type: "scale", scale: [1, 1.6, 1, 1] },
								{ type: "translation", translation: [0, 0.9000000000000001, 0.9375, 0.8125] },
							],
						},
					],
					type: "mean",
					metadata: {
						method: "chunkwise.toMultiscale",
						version: libraryVersion,
						description:
							"Each element is the mean over a bin of elements of the level before, in float64; integers are truncated toward zero. Where an axis does not divide, the excess is dropped at its start.",
						kwargs: {
							method: "mean",
							scaleFactors: [
								{ c: 1, z: 2, y: 2, x: 2 },
								{ c: 1, z: 4, y: 4, x: 4 },
							],
						},
					},
				},
			],
			omero: {
				name: "nuclei",
				channels: [
					{
						active: true,
						coefficient: 1,
						color: "0080FF",
						family: "linear",
						inverted: false,
						label: "DAPI",
						window: { min: 0, max: 4095, start: 90, end: 900 },
					},
					{
						active: true,
						coefficient: 1,
						color: "FF8000",
						family: "linear",
						inverted: false,
						label: "Actin",
						window: { min: 0, max: 4095, start: 100, end: 2500 },
					},
				],
				rdefs: { model: "color" },
			},
		},
	},
};

/** Shapes of its levels by path, slowest axis first. */
export const sampleShapes: Record<string, number[]> = {
	"scale0/nuclei": [2, 129, 212, 363],
	"scale1/nuclei": [2, 64, 106, 181],
	"scale2/nuclei": [2, 16, 26, 45],
};
