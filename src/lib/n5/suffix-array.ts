/**
 * Order of a text's suffixes in linear time by induced sorting: G. Nong, S. Zhang, W. H. Chan, "Two efficient algorithms
 * for linear time suffix array construction", IEEE Trans. Computers 60 (2011).
 */

/** Where the suffixes begin, the least first; a suffix comes before those that go on from it. Values are 0 to `most`. */
export function suffixArray(text: Int32Array, most: number): Int32Array {
	const n = text.length;
	const sorted = new Int32Array(n);
	if (n === 0) return sorted;
	/** 1 where a suffix is less than the next one. */
	const rises = new Uint8Array(n);
	for (let i = n - 2; i >= 0; i--) {
		rises[i] = text[i] === text[i + 1] ? rises[i + 1] : text[i] < text[i + 1] ? 1 : 0;
	}
	/** Where in the order the falling, then the rising suffixes that begin with a value have their first place. */
	const falling = new Int32Array(most + 2);
	const rising = new Int32Array(most + 2);
	for (let i = 0; i < n; i++) {
		if (rises[i] === 0) rising[text[i]]++;
		else falling[text[i] + 1]++;
	}
	for (let value = 0; value <= most; value++) {
		rising[value] += falling[value];
		falling[value + 1] += rising[value];
	}
	const next = new Int32Array(most + 2);
	/** Sorts all suffixes, given the order of those that rise after a falling one. */
	const induce = (valleys: Int32Array) => {
		sorted.fill(-1);
		next.set(rising);
		for (const start of valleys) sorted[next[text[start]]++] = start;
		next.set(falling);
		sorted[next[text[n - 1]]++] = n - 1;
		for (let i = 0; i < n; i++) {
			const start = sorted[i] - 1;
			if (start >= 0 && rises[start] === 0) sorted[next[text[start]]++] = start;
		}
		next.set(falling);
		for (let i = n - 1; i >= 0; i--) {
			const start = sorted[i] - 1;
			if (start >= 0 && rises[start] === 1) sorted[--next[text[start] + 1]] = start;
		}
	};
	let count = 0;
	const numberOf = new Int32Array(n).fill(-1);
	for (let i = 1; i < n; i++) if (rises[i - 1] === 0 && rises[i] === 1) numberOf[i] = count++;
	const valleys = new Int32Array(count);
	for (let i = 1; i < n; i++) if (numberOf[i] >= 0) valleys[numberOf[i]] = i;
	induce(valleys);
	if (count === 0) return sorted;
	const inOrder = new Int32Array(count);
	let at = 0;
	for (const start of sorted) if (numberOf[start] >= 0) inOrder[at++] = start;
	// Each piece from one valley to the next becomes one value of a shorter text.
	const shorter = new Int32Array(count);
	let value = 0;
	const endOf = (start: number) => (numberOf[start] + 1 < count ? valleys[numberOf[start] + 1] : n);
	for (let i = 1; i < count; i++) {
		let [a, b] = [inOrder[i - 1], inOrder[i]];
		const [endA, endB] = [endOf(a), endOf(b)];
		let same = endA - a === endB - b;
		if (same) {
			while (a < endA && text[a] === text[b]) {
				a++;
				b++;
			}
			same = a < n && b < n && text[a] === text[b];
		}
		if (!same) value++;
		shorter[numberOf[inOrder[i]]] = value;
	}
	if (value === count - 1) {
		for (let i = 0; i < count; i++) inOrder[shorter[i]] = valleys[i];
	} else {
		const order = suffixArray(shorter, value);
		for (let i = 0; i < count; i++) inOrder[i] = valleys[order[i]];
	}
	induce(inOrder);
	return sorted;
}
