/** Bytes as hexadecimal numbers in markup: a grid that takes 8 or 16 to a line, as wide as its place. */
import { formatCount } from "../../../lib/format.ts";
import type { ByteField } from "../../../lib/plan/byte-fields.ts";
import type { ByteRow } from "../../../lib/plan/chunk-steps.ts";
import { escapeHtml } from "../html.ts";

/** Kinds of marks; after these they begin again. */
export const markCount = 4;

const hex = (byte: number) => byte.toString(16).padStart(2, "0");

function gridHtml(bytes: Uint8Array, classes: (i: number) => string, label: string): string {
	const cells = Array.from(bytes, (byte, i) => {
		const names = classes(i);
		return names ? `<b class="${names}">${hex(byte)}</b>` : `<b>${hex(byte)}</b>`;
	});
	return `<div class="cw-hex" role="img" aria-label="${escapeHtml(label)}">${cells.join("")}</div>`;
}

const spoken = (bytes: Uint8Array) => Array.from(bytes, hex).join(" ");

/** A line of bytes and where it begins; marked by which byte of its element each is. */
export function rowHtml({ offset, bytes, places }: ByteRow): string {
	const label = `Bytes from ${offset}: ${spoken(bytes)}`;
	const marks = (i: number) => (places ? `cw-hex-place-${Math.min(places[i], markCount - 1)}` : "");
	return `<p class="cw-hex-at">at byte ${formatCount(offset)}</p>${gridHtml(bytes, marks, label)}`;
}

/** Bytes with fields marked under them: each field by the kind of mark that its row in {@link fieldsHtml} has. */
export function fieldBytesHtml({ offset, bytes }: ByteRow, fields: readonly ByteField[]): string {
	const owner = new Int16Array(bytes.length).fill(-1);
	fields.forEach((field, n) => {
		owner.fill(n, field.offset, field.offset + field.length);
	});
	const marks = (i: number) =>
		owner[i] < 0
			? "cw-hex-body"
			: `cw-hex-mark-${owner[i] % markCount}${owner[i] !== owner[i - 1] ? " cw-hex-first" : ""}`;
	return `<p class="cw-hex-at">at byte ${formatCount(offset)}</p>${gridHtml(bytes, marks, `Bytes from ${offset}: ${spoken(bytes)}`)}`;
}

/** The fields as a table: their bytes, names, what they say. */
export function fieldsHtml({ bytes }: ByteRow, fields: readonly ByteField[]): string {
	const rows = fields.map(({ offset, length, label, value }, n) => {
		const own = bytes.subarray(offset, offset + length);
		const short = own.length > 4 ? `${spoken(own.subarray(0, 3))} …` : spoken(own);
		return `<tr><td><code class="cw-hex-mark-${n % markCount}">${short}</code></td><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`;
	});
	return `<table class="cw-hex-fields"><thead><tr><th scope="col">Bytes</th><th scope="col">Field</th><th scope="col">Says</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}
