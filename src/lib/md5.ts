/** MD5 (RFC 1321): what S3 gives as the ETag of an object put in one piece. No protection against forgery. */
const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

/** The digest, as 32 hexadecimal digits. */
export function md5(bytes: Uint8Array): string {
	const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
	const words = new Int32Array(16);
	const whole = bytes.length & ~63;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let at = 0; at < whole; at += 64) {
		for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + 4 * i, true);
		step(state, words);
	}
	// The rest, a one bit, zeros, and the length in bits (section 3.1 and 3.2).
	const rest = bytes.length - whole;
	const tail = new Uint8Array(rest < 56 ? 64 : 128);
	tail.set(bytes.subarray(whole));
	tail[rest] = 0x80;
	const end = new DataView(tail.buffer);
	end.setBigUint64(tail.length - 8, BigInt(bytes.length) * 8n, true);
	for (let at = 0; at < tail.length; at += 64) {
		for (let i = 0; i < 16; i++) words[i] = end.getInt32(at + 4 * i, true);
		step(state, words);
	}
	return hex(new Uint8Array(state.buffer));
}

function step(state: Int32Array, words: Int32Array): void {
	let [a, b, c, d] = state;
	for (let i = 0; i < 64; i++) {
		let mixed: number;
		let word: number;
		if (i < 16) {
			mixed = (b & c) | (~b & d);
			word = i;
		} else if (i < 32) {
			mixed = (d & b) | (~d & c);
			word = (5 * i + 1) & 15;
		} else if (i < 48) {
			mixed = b ^ c ^ d;
			word = (3 * i + 5) & 15;
		} else {
			mixed = c ^ (b | ~d);
			word = (7 * i) & 15;
		}
		const sum = (a + mixed + sines[i] + words[word]) | 0;
		const shift = shifts[((i >> 4) << 2) | (i & 3)];
		a = d;
		d = c;
		c = b;
		b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}

function hex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
