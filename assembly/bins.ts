/** Means over bins of 8- and 16-bit integers. The sums fit an i32; the elements of a bin are a power of two. */

/** The sums of 2 or 4 neighbours, four bins. */
function sums<T>(at: usize, factor: i32): v128 {
	const first = pairs<T>(at);
	if (factor === 2) return first;
	const second = pairs<T>(at + 8 * sizeof<T>());
	return i32x4.add(
		v128.shuffle<i32>(first, second, 0, 2, 4, 6),
		v128.shuffle<i32>(first, second, 1, 3, 5, 7),
	);
}

/** The sums of two neighbours out of eight elements. */
function pairs<T>(at: usize): v128 {
	if (sizeof<T>() === 2) {
		return isSigned<T>()
			? i32x4.extadd_pairwise_i16x8_s(v128.load(at))
			: i32x4.extadd_pairwise_i16x8_u(v128.load(at));
	}
	return isSigned<T>()
		? i32x4.extadd_pairwise_i16x8_s(v128.load_ext<i8>(at))
		: i32x4.extadd_pairwise_i16x8_u(v128.load_ext<u8>(at));
}

/** Divides by 2^shift, toward zero or, where halves were added, down; stores four elements. */
function divide<T>(sum: v128, target: usize, shift: i32, round: bool): void {
	if (isSigned<T>() && !round) {
		sum = i32x4.add(sum, v128.and(i32x4.shr_s(sum, 31), i32x4.splat((1 << shift) - 1)));
	}
	const mean = i32x4.shr_s(sum, shift);
	if (sizeof<T>() === 2) {
		const narrow = isSigned<T>() ? i16x8.narrow_i32x4_s(mean, mean) : i16x8.narrow_i32x4_u(mean, mean);
		v128.store_lane<u64>(target, narrow, 0);
	} else {
		const half = i16x8.narrow_i32x4_s(mean, mean);
		const narrow = isSigned<T>() ? i8x16.narrow_i16x8_s(half, half) : i8x16.narrow_i16x8_u(half, half);
		v128.store_lane<u32>(target, narrow, 0);
	}
}

/**
 * `count` rows of `width` bins, of `planes` × `rows` × `factor` (2 or 4) elements each. Up to 3 elements beyond the last
 * row are written, and up to 32 bytes read.
 * @param planeStep bytes between the planes of a bin
 * @param rowStep bytes between rows; those of the bins follow each other
 * @param round whether halves go up; else toward zero
 */
function bins<T>(
	source: usize,
	planeStep: i32,
	planes: i32,
	rowStep: i32,
	rows: i32,
	factor: i32,
	target: usize,
	width: i32,
	count: i32,
	shift: i32,
	round: bool,
): void {
	const size = <i32>sizeof<T>();
	const start = i32x4.splat(round ? (1 << shift) >> 1 : 0);
	const halving = planes === 2 && rows === 2 && factor === 2;
	for (let i = 0; i < count; i++) {
		const row = source + i * rows * rowStep;
		const to = target + i * width * size;
		if (halving) {
			const b = row + rowStep;
			const c = row + planeStep;
			const d = c + rowStep;
			for (let x = 0; x < width; x += 4) {
				const at = 2 * x * size;
				const upper = i32x4.add(pairs<T>(row + at), pairs<T>(b + at));
				const lower = i32x4.add(pairs<T>(c + at), pairs<T>(d + at));
				divide<T>(i32x4.add(start, i32x4.add(upper, lower)), to + x * size, shift, round);
			}
			continue;
		}
		for (let x = 0; x < width; x += 4) {
			let sum = start;
			for (let plane = 0; plane < planes; plane++) {
				let at = row + plane * planeStep + x * factor * size;
				for (let r = 0; r < rows; r++, at += rowStep) sum = i32x4.add(sum, sums<T>(at, factor));
			}
			divide<T>(sum, to + x * size, shift, round);
		}
	}
}

/** @param kind bytes of an element, negative where it is signed */
export function binMeans(
	kind: i32,
	source: usize,
	planeStep: i32,
	planes: i32,
	rowStep: i32,
	rows: i32,
	factor: i32,
	target: usize,
	width: i32,
	count: i32,
	shift: i32,
	round: bool,
): void {
	if (kind === 1)
		bins<u8>(source, planeStep, planes, rowStep, rows, factor, target, width, count, shift, round);
	else if (kind === 2)
		bins<u16>(source, planeStep, planes, rowStep, rows, factor, target, width, count, shift, round);
	else if (kind === -1)
		bins<i8>(source, planeStep, planes, rowStep, rows, factor, target, width, count, shift, round);
	else bins<i16>(source, planeStep, planes, rowStep, rows, factor, target, width, count, shift, round);
}
