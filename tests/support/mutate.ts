/** Damage to bytes, the same for the same seed: what a fuzz test gives to a reader. */

/** Random numbers below 2^32 (mulberry32). */
export function randomOf(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return (t ^ (t >>> 14)) >>> 0;
	};
}

/** A damaged copy: bits turned, words made extreme, a run copied elsewhere, zeroed or cut off. */
export function damaged(bytes: Uint8Array, seed: number): Uint8Array {
	const random = randomOf(seed);
	const below = (limit: number) => (limit > 0 ? random() % limit : 0);
	let out = bytes.slice();
	const extremes = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, 0x80000000];
	// Headers and directories are small: most damage goes to the first and last bytes.
	const place = () => [below(64), below(out.length), out.length - 1 - below(256)][below(3)];
	for (let n = 1 + below(4); n > 0 && out.length > 8; n--) {
		const at = Math.min(Math.max(0, place()), out.length - 1);
		const kind = below(6);
		if (kind <= 1) out[at] ^= 1 << below(8);
		else if (kind === 2) out[at] = random();
		else if (kind === 3) {
			const view = new DataView(out.buffer);
			const word = extremes[below(extremes.length)];
			if (at + 4 <= out.length) view.setUint32(at, word, below(2) === 1);
		} else if (kind === 4) out.copyWithin(at, below(out.length), below(out.length));
		else if (below(3) === 0) out = out.slice(0, below(out.length));
		else out.fill(0, at, at + below(16));
	}
	return out;
}
