/** Bytes as a display: hexadecimal, text, and what its parts mean. */
import { type ByteAnnotation, type BytesDisplay, type Displayable, displaySymbol } from "../display.ts";
import { formatCount, summarize } from "../format.ts";

/** More bytes than these are counted, not shown. */
export const mostShown = 1 << 16;

/** How {@link viewBytes} shows bytes. */
export interface ByteViewOptions {
	/** Address of the first byte, where the bytes are a part of something; default 0. */
	start?: number;
	/** Parts with a meaning; offsets count from the first byte given. */
	annotations?: readonly ByteAnnotation[];
}

/** The display of bytes under the caption; the first 64 KiB of them. */
export function describeBytes(
	data: ArrayBuffer | ArrayBufferView,
	caption: string,
	{ start, annotations }: ByteViewOptions = {},
): BytesDisplay {
	const bytes = ArrayBuffer.isView(data)
		? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
		: new Uint8Array(data);
	return {
		kind: "bytes",
		caption,
		// A copy: the view may be of a much larger buffer, or one that changes.
		bytes: bytes.slice(0, mostShown),
		total: bytes.length,
		...(start ? { start } : {}),
		...(annotations ? { annotations } : {}),
	};
}

/** Bytes as hexadecimal numbers and text; made by {@link viewBytes}. */
export class ByteView implements Displayable {
	readonly #model: BytesDisplay;

	constructor(data: ArrayBuffer | ArrayBufferView, options: ByteViewOptions = {}) {
		const view = ArrayBuffer.isView(data)
			? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
			: new Uint8Array(data);
		const short = summarize(view.length, (i) => view[i], false);
		this.#model = describeBytes(data, `${formatCount(view.length)} bytes: ${short}`, options);
	}

	toString(): string {
		return this.#model.caption;
	}

	[displaySymbol](): BytesDisplay {
		return this.#model;
	}
}

/** Shows bytes in a cell: `viewBytes(header, { annotations: [{ offset: 0, length: 2, label: "mode" }] })`. */
export function viewBytes(data: ArrayBuffer | ArrayBufferView, options?: ByteViewOptions): ByteView {
	return new ByteView(data, options);
}
