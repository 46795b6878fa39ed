/** How an array is parted into bins. */
import { cStrides } from "../types.ts";

/** How one array is binned: what is dropped and what remains. */
export interface BinPlan {
	shape: readonly number[];
	/** Input elements for one output element, along each axis. */
	factors: readonly number[];
	/** Elements dropped at the start of each axis: the excess, or none where it is dropped at the end. */
	trim: number[];
	outShape: number[];
}

export function planBins(
	shape: readonly number[],
	factors: readonly number[],
	trimAt: "start" | "end" = "start",
): BinPlan {
	return {
		shape,
		factors,
		trim: shape.map((n, axis) => (trimAt === "start" ? n % factors[axis] : 0)),
		outShape: shape.map((n, axis) => Math.floor(n / factors[axis])),
	};
}

/** Offset of the first input element of each output row: all axes but the last. */
export function rowOffsets(plan: BinPlan): (row: number) => number {
	const strides = cStrides(plan.shape);
	const last = plan.shape.length - 1;
	return (row) => {
		let rest = row;
		let offset = plan.trim[last];
		for (let axis = last - 1; axis >= 0; axis--) {
			const size = plan.outShape[axis];
			const index = rest % size;
			rest = (rest - index) / size;
			offset += (plan.trim[axis] + index * plan.factors[axis]) * strides[axis];
		}
		return offset;
	};
}
