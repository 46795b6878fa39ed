/** Byte shuffle as Blosc has it: byte 0 of all elements, then byte 1, and so on. Bytes beyond the last element stay. */

/** Bytes 0, 2, 4, … of two vectors. */
function evens(a: v128, b: v128): v128 {
	return v128.shuffle<u8>(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

/** Bytes 1, 3, 5, … of two vectors. */
function odds(a: v128, b: v128): v128 {
	return v128.shuffle<u8>(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

/** The first halves of two vectors, byte by byte in turn. */
function zipLow(a: v128, b: v128): v128 {
	return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

/** The second halves of two vectors, byte by byte in turn. */
function zipHigh(a: v128, b: v128): v128 {
	return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

export function shuffle(source: usize, target: usize, size: i32, typeSize: i32): void {
	const count = size / typeSize;
	let done = 0;
	if (typeSize === 2) done = shuffle2(source, target, count);
	else if (typeSize === 4) done = shuffle4(source, target, count);
	else if (typeSize === 8) done = shuffle8(source, target, count);
	for (let byte = 0; byte < typeSize; byte++) {
		const row = target + byte * count;
		for (let i = done; i < count; i++) store<u8>(row + i, load<u8>(source + i * typeSize + byte));
	}
	const whole = count * typeSize;
	memory.copy(target + whole, source + whole, size - whole);
}

export function unshuffle(source: usize, target: usize, size: i32, typeSize: i32): void {
	const count = size / typeSize;
	let done = 0;
	if (typeSize === 2) done = unshuffle2(source, target, count);
	else if (typeSize === 4) done = unshuffle4(source, target, count);
	else if (typeSize === 8) done = unshuffle8(source, target, count);
	for (let byte = 0; byte < typeSize; byte++) {
		const row = source + byte * count;
		for (let i = done; i < count; i++) store<u8>(target + i * typeSize + byte, load<u8>(row + i));
	}
	const whole = count * typeSize;
	memory.copy(target + whole, source + whole, size - whole);
}

function shuffle2(source: usize, target: usize, count: i32): i32 {
	const whole = count & ~15;
	for (let i = 0; i < whole; i += 16) {
		const a = v128.load(source + 2 * i);
		const b = v128.load(source + 2 * i, 16);
		v128.store(target + i, evens(a, b));
		v128.store(target + count + i, odds(a, b));
	}
	return whole;
}

function unshuffle2(source: usize, target: usize, count: i32): i32 {
	const whole = count & ~15;
	for (let i = 0; i < whole; i += 16) {
		const a = v128.load(source + i);
		const b = v128.load(source + count + i);
		v128.store(target + 2 * i, zipLow(a, b));
		v128.store(target + 2 * i, zipHigh(a, b), 16);
	}
	return whole;
}

function shuffle4(source: usize, target: usize, count: i32): i32 {
	const whole = count & ~15;
	for (let i = 0; i < whole; i += 16) {
		const at = source + 4 * i;
		const a = v128.load(at);
		const b = v128.load(at, 16);
		const c = v128.load(at, 32);
		const d = v128.load(at, 48);
		const even1 = evens(a, b);
		const even2 = evens(c, d);
		const odd1 = odds(a, b);
		const odd2 = odds(c, d);
		const to = target + i;
		v128.store(to, evens(even1, even2));
		v128.store(to + count, evens(odd1, odd2));
		v128.store(to + 2 * count, odds(even1, even2));
		v128.store(to + 3 * count, odds(odd1, odd2));
	}
	return whole;
}

function unshuffle4(source: usize, target: usize, count: i32): i32 {
	const whole = count & ~15;
	for (let i = 0; i < whole; i += 16) {
		const from = source + i;
		const b0 = v128.load(from);
		const b1 = v128.load(from + count);
		const b2 = v128.load(from + 2 * count);
		const b3 = v128.load(from + 3 * count);
		const even1 = zipLow(b0, b2);
		const even2 = zipHigh(b0, b2);
		const odd1 = zipLow(b1, b3);
		const odd2 = zipHigh(b1, b3);
		const to = target + 4 * i;
		v128.store(to, zipLow(even1, odd1));
		v128.store(to, zipHigh(even1, odd1), 16);
		v128.store(to, zipLow(even2, odd2), 32);
		v128.store(to, zipHigh(even2, odd2), 48);
	}
	return whole;
}

function shuffle8(source: usize, target: usize, count: i32): i32 {
	const whole = count & ~15;
	for (let i = 0; i < whole; i += 16) {
		const at = source + 8 * i;
		const v0 = v128.load(at);
		const v1 = v128.load(at, 16);
		const v2 = v128.load(at, 32);
		const v3 = v128.load(at, 48);
		const v4 = v128.load(at, 64);
		const v5 = v128.load(at, 80);
		const v6 = v128.load(at, 96);
		const v7 = v128.load(at, 112);
		const to = target + i;
		half8(evens(v0, v1), evens(v2, v3), evens(v4, v5), evens(v6, v7), to, count);
		half8(odds(v0, v1), odds(v2, v3), odds(v4, v5), odds(v6, v7), to + count, count);
	}
	return whole;
}

/** Rows 0, 2, 4 and 6 (of `to`) out of 16 groups of four bytes. */
function half8(a: v128, b: v128, c: v128, d: v128, to: usize, count: i32): void {
	const even1 = evens(a, b);
	const even2 = evens(c, d);
	const odd1 = odds(a, b);
	const odd2 = odds(c, d);
	v128.store(to, evens(even1, even2));
	v128.store(to + 2 * count, evens(odd1, odd2));
	v128.store(to + 4 * count, odds(even1, even2));
	v128.store(to + 6 * count, odds(odd1, odd2));
}

function unshuffle8(source: usize, target: usize, count: i32): i32 {
	const whole = count & ~15;
	for (let i = 0; i < whole; i += 16) {
		const from = source + i;
		const b0 = v128.load(from);
		const b1 = v128.load(from + count);
		const b2 = v128.load(from + 2 * count);
		const b3 = v128.load(from + 3 * count);
		const b4 = v128.load(from + 4 * count);
		const b5 = v128.load(from + 5 * count);
		const b6 = v128.load(from + 6 * count);
		const b7 = v128.load(from + 7 * count);
		eight(b0, b1, b2, b3, b4, b5, b6, b7, target + 8 * i);
	}
	return whole;
}

/** 16 elements of eight bytes out of their rows. */
function eight(
	b0: v128,
	b1: v128,
	b2: v128,
	b3: v128,
	b4: v128,
	b5: v128,
	b6: v128,
	b7: v128,
	to: usize,
): void {
	quarter(zipLow(b0, b4), zipLow(b1, b5), zipLow(b2, b6), zipLow(b3, b7), to);
	quarter(zipHigh(b0, b4), zipHigh(b1, b5), zipHigh(b2, b6), zipHigh(b3, b7), to + 64);
}

function quarter(p04: v128, p15: v128, p26: v128, p37: v128, to: usize): void {
	const even1 = zipLow(p04, p26);
	const even2 = zipHigh(p04, p26);
	const odd1 = zipLow(p15, p37);
	const odd2 = zipHigh(p15, p37);
	v128.store(to, zipLow(even1, odd1));
	v128.store(to, zipHigh(even1, odd1), 16);
	v128.store(to, zipLow(even2, odd2), 32);
	v128.store(to, zipHigh(even2, odd2), 48);
}
