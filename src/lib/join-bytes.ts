/** The parts that a stream gave, as one array; a single part that fills its memory is given as it is. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
	if (parts.length === 1 && parts[0].byteLength === parts[0].buffer.byteLength) return parts[0];
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.byteLength;
	}
	return out;
}
