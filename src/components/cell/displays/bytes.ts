/** Bytes as hexadecimal numbers and as text, with what their parts mean. */
import type { ByteAnnotation, BytesDisplay } from "../../../lib/display.ts";
import { formatBytes, formatCount } from "../../../lib/format.ts";
import { element } from "./element.ts";

/** Rows beyond these are behind a button. */
const firstRows = 16;
const rowsInPart = 64;
/** Marks differ by colour and by the line under them; after these they begin again. */
const marks = 4;

export function renderBytes(model: BytesDisplay): HTMLElement {
	const narrow = matchMedia("(max-width: 40rem)");
	const box = element("div", { class: "cw-bytes" });
	const fill = () => box.replaceChildren(...contents(model, narrow.matches ? 8 : 16));
	const follow = () => {
		if (box.isConnected) fill();
		else narrow.removeEventListener("change", follow);
	};
	narrow.addEventListener("change", follow);
	fill();
	return box;
}

function contents(model: BytesDisplay, perRow: number): HTMLElement[] {
	const rowCount = Math.ceil(model.bytes.length / perRow);
	const table = element("table", { class: "cw-bytes-table" });
	const head = ["offset", "bytes", "text"].map((name) => element("th", { scope: "col" }, name));
	table.append(element("thead", {}, element("tr", {}, ...head)));
	const rows = (from: number, to: number) => {
		for (let part = from; part < to; part += rowsInPart) {
			const body = element("tbody", {});
			for (let row = part; row < Math.min(part + rowsInPart, to); row++)
				body.append(line(model, row * perRow, perRow));
			table.append(body);
		}
	};
	rows(0, Math.min(firstRows, rowCount));
	const scroll = element("div", {
		class: "cw-scroll cw-bytes-scroll",
		tabindex: "0",
		role: "group",
		"aria-label": `${formatCount(model.total)} bytes`,
	});
	scroll.append(table);
	const shown: HTMLElement[] = [element("p", { class: "cw-bytes-caption" }, model.caption)];
	if (model.bytes.length > 0) shown.push(scroll);
	if (rowCount > firstRows) {
		const part = model.bytes.length < model.total ? "the first" : "all";
		const more = element(
			"button",
			{ type: "button", class: "cw-small-button" },
			`Show ${part} ${formatBytes(model.bytes.length)}`,
		);
		more.addEventListener("click", () => {
			rows(firstRows, rowCount);
			more.remove();
			scroll.focus();
		});
		shown.push(more);
	}
	if (model.annotations?.length) shown.push(legend(model, model.annotations));
	return shown;
}

/** One row: the address of its first byte, the bytes, the same as text. */
function line(model: BytesDisplay, from: number, perRow: number): HTMLElement {
	const to = Math.min(from + perRow, model.bytes.length);
	const hex = element("td", { class: "cw-bytes-hex" });
	const text = element("td", { class: "cw-bytes-text" });
	for (let at = from; at < to; ) {
		const { index, end } = annotationAt(model.annotations ?? [], at, to);
		const bytes = [...model.bytes.subarray(at, end)];
		const words = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
		const letters = bytes.map(letter).join("");
		if (index < 0) {
			hex.append(words);
			text.append(letters);
		} else {
			const title = model.annotations?.[index].label ?? "";
			const name = `cw-bytes-mark cw-bytes-mark-${index % marks}`;
			hex.append(element("span", { class: name, title }, words));
			text.append(element("span", { class: name, title }, letters));
		}
		if (end < to) hex.append(" ");
		at = end;
	}
	return element("tr", {}, element("th", { scope: "row" }, address(model, from)), hex, text);
}

/** The annotation that holds at a byte (-1 for none), and where in this row that ends. */
function annotationAt(
	annotations: readonly ByteAnnotation[],
	at: number,
	limit: number,
): { index: number; end: number } {
	const index = annotations.findIndex(({ offset, length }) => offset <= at && at < offset + length);
	if (index >= 0) {
		const { offset, length } = annotations[index];
		return { index, end: Math.min(limit, offset + length) };
	}
	const next = annotations.filter(({ offset }) => offset > at).map(({ offset }) => offset);
	return { index, end: Math.min(limit, ...next) };
}

function legend(model: BytesDisplay, annotations: readonly ByteAnnotation[]): HTMLElement {
	const list = element("ul", { class: "cw-bytes-legend" });
	annotations.forEach(({ offset, length, label }, i) => {
		const mark = element(
			"span",
			{ class: `cw-bytes-mark cw-bytes-mark-${i % marks}`, "aria-hidden": "true" },
			"00",
		);
		const where =
			length === 1
				? `byte ${address(model, offset)}`
				: `${address(model, offset)} to ${address(model, offset + length - 1)}`;
		list.append(
			element("li", {}, mark, " ", element("span", { class: "cw-bytes-place" }, where), ` ${label}`),
		);
	});
	return list;
}

function address({ start = 0 }: BytesDisplay, at: number): string {
	return (start + at).toString(16).padStart(8, "0");
}

function letter(byte: number): string {
	return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";
}
