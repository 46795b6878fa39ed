/**
 * A synthetic fluorescence image of cell nuclei, computed piece by piece: any rectangle at any scale level, always the
 * same for one seed. Nuclei are deformed ellipses with chromatin texture and nucleoli, some out of focus, some dividing;
 * photon noise as in a camera's image. It imitates no particular experiment.
 */

export interface Nucleus {
	x: number;
	y: number;
	/** Half axes, in pixels of the finest level. */
	a: number;
	b: number;
	angle: number;
	brightness: number;
	/** Width of the blurred edge, as a share of the half axis: more where out of focus. */
	softness: number;
	/** Shift of the texture, so that no two look alike. */
	shift: number;
	/** Dark bodies within: centre in units of the half axes, and radius. */
	nucleoli: { u: number; v: number; r: number }[];
}

/** Size of one pixel of the finest level, in micrometres: nuclei come out about 12 µm long. */
export const pixelSize = 0.1;

/** A small repeatable source of numbers in [0, 1) (mulberry32). */
export function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

/** The nuclei of an image, in clusters, hardly overlapping. */
export function scatter(width: number, height: number, seed: number): Nucleus[] {
	const next = random(seed);
	const normal = () => (next() + next() + next() + next() - 2) * 1.732;
	const wanted = Math.round((width * height) / 40000);
	const centres = Array.from({ length: Math.max(3, Math.round(wanted / 12)) }, () => ({
		x: next() * width,
		y: next() * height,
		spread: 110 + 170 * next(),
	}));
	const nuclei: Nucleus[] = [];
	for (let tries = 0; nuclei.length < wanted && tries < wanted * 40; tries++) {
		const loose = next() < 0.25;
		const centre = centres[Math.floor(next() * centres.length)];
		const x = loose ? next() * width : centre.x + normal() * centre.spread;
		const y = loose ? next() * height : centre.y + normal() * centre.spread;
		if (x < -40 || y < -40 || x > width + 40 || y > height + 40) continue;
		const deep = next() < 0.2;
		const dividing = !deep && next() < 0.05;
		const a = dividing ? 54 + 10 * next() : 52 + 20 * next();
		const b = dividing ? 15 + 5 * next() : a * (0.72 + 0.24 * next());
		const close = nuclei.some(
			(n) => Math.hypot(n.x - x, n.y - y) < (n.a + n.b + a + b) * (deep ? 0.3 : 0.475),
		);
		if (close) continue;
		nuclei.push({
			x,
			y,
			a: deep ? a * 1.15 : a,
			b: deep ? b * 1.15 : b,
			angle: next() * Math.PI,
			brightness: dividing ? 0.86 : deep ? 0.14 + 0.14 * next() : 0.36 + 0.32 * next(),
			softness: deep ? 0.65 + 0.35 * next() : dividing ? 0.4 : 0.12 + 0.08 * next(),
			shift: Math.floor(next() * 4096),
			nucleoli: dividing || deep ? [] : spots(next),
		});
	}
	return nuclei;
}

function spots(next: () => number): Nucleus["nucleoli"] {
	return Array.from({ length: 1 + Math.floor(next() * 3) }, () => {
		const turn = next() * 2 * Math.PI;
		const out = 0.15 + 0.4 * next();
		return { u: Math.cos(turn) * out, v: Math.sin(turn) * out, r: 0.13 + 0.1 * next() };
	});
}

const latticeBits = 7;
const latticeSize = 1 << latticeBits;

/** A periodic field of numbers, smooth between its knots. */
function lattice(seed: number): Float32Array {
	const next = random(seed);
	return Float32Array.from({ length: latticeSize * latticeSize }, next);
}

function smoothAt(field: Float32Array, x: number, y: number): number {
	const mask = latticeSize - 1;
	const x0 = Math.floor(x);
	const y0 = Math.floor(y);
	const fx = x - x0;
	const fy = y - y0;
	const sx = fx * fx * (3 - 2 * fx);
	const sy = fy * fy * (3 - 2 * fy);
	const r0 = (y0 & mask) << latticeBits;
	const r1 = ((y0 + 1) & mask) << latticeBits;
	const c0 = x0 & mask;
	const c1 = (x0 + 1) & mask;
	const top = field[r0 | c0] + (field[r0 | c1] - field[r0 | c0]) * sx;
	const bottom = field[r1 | c0] + (field[r1 | c1] - field[r1 | c0]) * sx;
	return top + (bottom - top) * sy;
}

/** Square of the distance, in half axes, at which a nucleus's stray light ends. */
const haloReach = 5.2;

/** Wavelengths of the texture, in pixels of the finest level, and their weights. */
const octaves = [
	{ length: 26, weight: 0.5 },
	{ length: 11, weight: 0.32 },
	{ length: 5, weight: 0.18 },
];

export interface Specimen {
	width: number;
	height: number;
	seed: number;
	nuclei: Nucleus[];
	field: Float32Array;
}

export function specimen(width: number, height: number, seed: number): Specimen {
	return { width, height, seed, nuclei: scatter(width, height, seed), field: lattice(seed ^ 0x9e3779b9) };
}

/**
 * Intensities, 0 (dark) to 1 and a little above, of a rectangle of one scale level.
 * @param factor pixels of the finest level in one of this level; detail finer than a pixel is left out
 * @param left, top, width, height of the rectangle in pixels of this level
 */
export function intensities(
	s: Specimen,
	factor: number,
	left: number,
	top: number,
	width: number,
	height: number,
): Float32Array {
	const out = new Float32Array(width * height);
	for (const nucleus of s.nuclei) addNucleus(s, nucleus, factor, left, top, width, height, out);
	addNoise(s, factor, left, top, width, height, out);
	return out;
}

function addNucleus(
	{ field }: Specimen,
	n: Nucleus,
	factor: number,
	left: number,
	top: number,
	width: number,
	height: number,
	out: Float32Array,
): void {
	const reach = n.a * Math.sqrt(haloReach);
	const x0 = Math.max(0, Math.floor((n.x - reach) / factor - left));
	const x1 = Math.min(width, Math.ceil((n.x + reach) / factor - left));
	const y0 = Math.max(0, Math.floor((n.y - reach) / factor - top));
	const y1 = Math.min(height, Math.ceil((n.y + reach) / factor - top));
	if (x0 >= x1 || y0 >= y1) return;
	const cos = Math.cos(n.angle);
	const sin = Math.sin(n.angle);
	const texture = octaves.filter((octave) => octave.length >= 1.5 * factor);
	const contrast = n.softness > 0.5 ? 0.15 : 0.66;
	// Blur within a pixel: a level's pixel cannot show a sharper edge than itself.
	const soft = Math.max(n.softness, (0.7 * factor) / n.b);
	for (let py = y0; py < y1; py++) {
		const wy = (top + py + 0.5) * factor;
		const dy = wy - n.y;
		for (let px = x0; px < x1; px++) {
			const wx = (left + px + 0.5) * factor;
			const dx = wx - n.x;
			const u = (dx * cos + dy * sin) / n.a;
			const v = (dy * cos - dx * sin) / n.b;
			const d2 = u * u + v * v;
			if (d2 > haloReach) continue;
			const wobble = smoothAt(field, wx / 46 + n.shift, wy / 46) - 0.5;
			const r = Math.sqrt(d2) * (1 + 0.22 * wobble);
			let value = 0;
			const edge = (1 - r) / soft + 0.5;
			if (edge > 0) {
				const body = edge >= 1 ? 1 : edge * edge * (3 - 2 * edge);
				let grain = 0;
				for (const { length, weight } of texture) {
					grain += weight * (smoothAt(field, wx / length + n.shift, wy / length + n.shift) - 0.5);
				}
				let tone = 1 + 1.9 * contrast * grain + 0.1 * (1 - d2);
				for (const spot of n.nucleoli) {
					const q = ((u - spot.u) ** 2 + (v - spot.v) ** 2) / (spot.r * spot.r);
					if (q < 4) tone -= 0.6 * Math.exp(-q * 1.3);
				}
				value = body * n.brightness * Math.max(0.08, tone);
			}
			// Light of what is above and below the focus.
			const halo = 1 - d2 / haloReach;
			value += 0.16 * n.brightness * halo * halo * halo;
			out[py * width + px] += value;
		}
	}
}

/** Background and photon noise, drawn from the pixel's place so that every tile agrees with its neighbours. */
function addNoise(
	{ seed, field }: Specimen,
	factor: number,
	left: number,
	top: number,
	width: number,
	height: number,
	out: Float32Array,
): void {
	for (let py = 0; py < height; py++) {
		for (let px = 0; px < width; px++) {
			const i = py * width + px;
			let h = Math.imul(left + px + 1, 0x27d4eb2d) ^ Math.imul(top + py + 1, 0x165667b1) ^ (seed + factor);
			h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
			h ^= h >>> 13;
			// Two halves of the hash added: a bell rather than a box.
			const noise = ((h & 0xffff) + ((h >>> 16) & 0xffff)) / 65535 - 1;
			const haze = 0.02 + 0.03 * smoothAt(field, ((left + px) * factor) / 420, ((top + py) * factor) / 420);
			const value = out[i] + haze;
			// Averaging factor² pixels leaves 1/factor of the noise.
			out[i] = Math.max(0, value + (noise * 0.14 * Math.sqrt(value)) / factor);
		}
	}
}
