/** A progress bar on a terminal's last line; nothing where stderr is no terminal. */
import { formatBytes } from "../lib/format.ts";
import type { Progress } from "../lib/progress.ts";

const barWidth = 24;
const millisecondsBetween = 100;

export interface ProgressBar {
	onProgress?: (progress: Progress) => void;
	/** Takes the bar away, before other output. */
	clear(): void;
}

export function progressBar(stream: NodeJS.WriteStream = process.stderr): ProgressBar {
	if (!stream.isTTY || process.env.TERM === "dumb") return { clear: () => {} };
	let drawn = Number.NEGATIVE_INFINITY;
	let shown = false;
	return {
		onProgress(progress) {
			const now = performance.now();
			const last = progress.total !== undefined && progress.done >= progress.total;
			if (now - drawn < millisecondsBetween && !last) return;
			drawn = now;
			shown = true;
			const line = progressLine(progress);
			stream.write(`\r\u001b[K${line.slice(0, Math.max(20, (stream.columns || 80) - 1))}`);
		},
		clear() {
			if (shown) stream.write("\r\u001b[K");
			shown = false;
		},
	};
}

/** `Reading cells.tif  [############------------]  50 %  64 of 129 pages`. */
export function progressLine({ label, done, total, unit }: Progress): string {
	const amount = (value: number) => (unit === "bytes" ? formatBytes(value) : String(value));
	const of = total === undefined ? amount(done) : `${amount(done)} of ${amount(total)}`;
	const text = unit === "bytes" ? of : `${of} ${unit}`;
	if (total === undefined || total === 0) return `${label}  ${text}`;
	const part = Math.min(1, done / total);
	const full = Math.round(part * barWidth);
	const bar = `[${"#".repeat(full)}${"-".repeat(barWidth - full)}]`;
	return `${label}  ${bar}  ${`${Math.floor(part * 100)} %`.padStart(5)}  ${text}`;
}
