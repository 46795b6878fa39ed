/** Which memory a message carries to another thread: moved where it may be, else copied, and never more than needed. */

/** A value with its own memory, and the buffers of it that can be moved. */
export interface Parcel<T> {
	value: T;
	transfer: ArrayBuffer[];
}

/**
 * The input of a job ready to be posted. A view of a part of a buffer would take the whole buffer along: it is copied
 * here, and the copy is moved. What is named in `given` is moved.
 */
export function packInput<T extends object>(input: T, given: readonly ArrayBuffer[] = []): Parcel<T> {
	const transfer = new Set(given);
	const value = mapViews(input, (view) => {
		const { buffer } = view;
		if (!isOwnable(buffer) || transfer.has(buffer) || fills(view)) return view;
		const copy = copyOf(view);
		transfer.add(copy.buffer as ArrayBuffer);
		return copy;
	});
	return { value, transfer: [...transfer] };
}

/** The output of a job ready to be posted by the worker, which does not need it any more. */
export function packOutput(output: unknown): Parcel<unknown> {
	const transfer = new Set<ArrayBuffer>();
	const value = mapViews(output, (view) => {
		if (!isOwnable(view.buffer)) return view;
		const own = fills(view) ? view : copyOf(view);
		transfer.add(own.buffer as ArrayBuffer);
		return own;
	});
	return { value, transfer: [...transfer] };
}

/** The output of a job that ran here, not sharing memory with an input that the caller keeps. */
export function apartFrom<T>(output: T, input: object, given: readonly ArrayBuffer[] = []): T {
	const kept = new Set<ArrayBufferLike>();
	mapViews(input, (view) => {
		if (!given.includes(view.buffer as ArrayBuffer)) kept.add(view.buffer);
		return view;
	});
	return mapViews(output, (view) => (kept.has(view.buffer) ? copyOf(view) : view)) as T;
}

type View = ArrayBufferView & { slice(): View };

function mapViews<T>(value: T, change: (view: View) => View): T {
	if (isTyped(value)) return change(value) as T;
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(value).map(([key, item]) => [key, isTyped(item) ? change(item) : item]);
	return Array.isArray(value) ? value : Object.fromEntries(entries);
}

function isTyped(value: unknown): value is View {
	return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function isOwnable(buffer: ArrayBufferLike): buffer is ArrayBuffer {
	return buffer instanceof ArrayBuffer;
}

function fills(view: ArrayBufferView): boolean {
	return view.byteLength === view.buffer.byteLength;
}

/** Node's Buffer makes a view of `slice()`; a typed array's own makes a copy. */
function copyOf(view: View): View {
	if (view instanceof Uint8Array) return Uint8Array.prototype.slice.call(view) as unknown as View;
	return view.slice();
}
