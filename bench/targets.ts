/** What the library is to reach (medians, in Node and in Chromium), and whether a measurement does. */

/** What a step is measured against. */
export type Peer = "copy" | "zarrita" | "python";

export interface Target {
	step: string;
	peer: Peer;
	/** Ours, in times of the peer, at most. */
	most: number;
}

const writes = ["none", "blosc-lz4", "blosc-zstd", "zstd", "gzip"];

export const targets: readonly Target[] = [
	{ step: "toMultiscale [2, 4]", peer: "copy", most: 5 },
	{ step: "toMultiscale [2, 4]", peer: "python", most: 0.1 },
	{ step: "readImage", peer: "python", most: 1 },
	// 50 ms where zarrita took 155.
	{ step: "write none", peer: "zarrita", most: 50 / 155 },
	{ step: "write blosc-lz4", peer: "zarrita", most: 0.5 },
	{ step: "write blosc-zstd", peer: "zarrita", most: 0.6 },
	...writes.map((codec): Target => ({ step: `read ${codec}`, peer: "zarrita", most: 0.5 })),
	...writes.map((codec): Target => ({ step: `write ${codec}`, peer: "python", most: 3 })),
	...writes.map((codec): Target => ({ step: `read ${codec}`, peer: "python", most: 3 })),
];

export function targetOf(step: string, peer: Peer): number | undefined {
	return targets.find((target) => target.step === step && target.peer === peer)?.most;
}

/** "0.42 met", "0.81 missed", or the ratio alone where nothing is asked for. */
export function verdict(ratio: number, most: number | undefined): string {
	const text = ratio.toFixed(2);
	return most === undefined ? text : `${text} ${ratio <= most ? "met" : "missed"}`;
}
