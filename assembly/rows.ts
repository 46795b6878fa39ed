/** Copies `count` rows of `row` bytes from one stride to another. Nothing between the target's rows is touched. */
export function copyRows(from: usize, fromStep: i32, to: usize, toStep: i32, count: i32, row: i32): void {
	if (row >= 16) {
		// The last vector of a row overlaps the one before.
		const last = row - 16;
		for (let i = 0; i < count; i++) {
			for (let at = 0; at < last; at += 16) v128.store(to + at, v128.load(from + at));
			v128.store(to + last, v128.load(from + last));
			from += fromStep;
			to += toStep;
		}
		return;
	}
	for (let i = 0; i < count; i++) {
		let at = 0;
		if (row & 8) {
			store<u64>(to, load<u64>(from));
			at = 8;
		}
		if (row & 4) {
			store<u32>(to + at, load<u32>(from + at));
			at += 4;
		}
		if (row & 2) {
			store<u16>(to + at, load<u16>(from + at));
			at += 2;
		}
		if (row & 1) store<u8>(to + at, load<u8>(from + at));
		from += fromStep;
		to += toStep;
	}
}
