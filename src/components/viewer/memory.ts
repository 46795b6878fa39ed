/** How much of an image a viewer keeps, by what the reader's machine has. */

export interface MemoryBudget {
	/** Bytes of chunks as they were decoded. */
	values: number;
	/** Bytes of planes as they are drawn, most of them on the graphics card. */
	planes: number;
}

const MiB = 1 << 20;

/**
 * A browser ends a page of a phone that takes some hundred MiB, without a word.
 * @param deviceMemory GiB, as far as the browser tells (Chromium does, 8 at most: the Device Memory specification)
 * @param isTouch whether the first pointer is a finger, which is all that is known of an iPhone
 */
export function memoryBudget(deviceMemory: number | undefined, isTouch: boolean): MemoryBudget {
	const isSmall = deviceMemory === undefined ? isTouch : deviceMemory <= 4;
	return isSmall ? { values: 96 * MiB, planes: 64 * MiB } : { values: 256 * MiB, planes: 160 * MiB };
}

/** That of this browser. */
export function budgetHere(): MemoryBudget {
	const { deviceMemory } = navigator as { deviceMemory?: number };
	return memoryBudget(deviceMemory, matchMedia("(pointer: coarse)").matches);
}
