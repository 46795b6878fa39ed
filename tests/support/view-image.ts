/** An image on this machine as a viewer's test needs it: positions, and planes of values. */

import { openGroup, readMultiscales } from "../../src/lib/index.ts";
import { folderStore } from "../../src/lib/node.ts";

export async function openImage(folder: string) {
	const [image] = await readMultiscales(await openGroup(folderStore(folder)));
	const level = (n: number) => image.levels[n];
	return {
		scale: (n: number) => level(n).scale as number[],
		shape: (n: number) => level(n).shape,
		chunks: (n: number) => level(n).chunks,
		/** Where an element is; `after` elements further on the axes of a plane. */
		position: (n: number, index: readonly number[], after = 0) =>
			index.map((i, axis) => {
				const { scale = [], translation = [] } = level(n);
				return translation[axis] + (i + (axis === 0 ? 0 : after)) * scale[axis];
			}),
		async plane(n: number, z: number) {
			const { data, shape } = await level(n).array.read([z]);
			return { at: (y: number, x: number) => Number(data[y * shape[1] + x]) };
		},
	};
}
