/**
 * A short hash of a text, to tell whether an author changed a cell. Not for secrets: two rounds of FNV-1a over UTF-16
 * code units, 64 bits as 16 hexadecimal digits, at once (the platform's digests are asynchronous and need HTTPS).
 */
export function fingerprint(text: string): string {
	let a = 0x811c9dc5;
	let b = 0x9dc5811c;
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		a = Math.imul(a ^ unit, 0x01000193);
		b = Math.imul(b ^ (unit + i), 0x01000193);
	}
	const hex = (n: number) => (n >>> 0).toString(16).padStart(8, "0");
	return hex(a) + hex(b);
}
