/** Network lines to try a plan or a viewer on. */

/** A line between a reader and a store. */
export interface NetworkLine {
	/** Short name, as an author writes it. */
	name: string;
	label: string;
	/** Milliseconds from a request to the first byte of its answer. */
	latency: number;
	/** Bytes a second, for all requests together. */
	bandwidth: number;
	/** Requests under way at once; a browser opens 6 connections to a host that speaks HTTP/1.1. */
	atOnce: number;
}

/** Round numbers of their kind (November 2026), easy to reckon with: not measured on any one line. */
export const networkLines: readonly NetworkLine[] = [
	line("localhost", "this computer: 0.5 ms, 10 Gbit/s", 0.5, 1.25e9),
	line("lab", "lab network: 5 ms, 1 Gbit/s", 5, 125e6),
	line("home", "home: 20 ms, 50 Mbit/s", 20, 6.25e6),
	line("4G", "phone, 4G: 50 ms, 10 Mbit/s", 50, 1.25e6),
	line("conference", "conference Wi-Fi: 200 ms, 1 Mbit/s", 200, 125e3),
];

function line(name: string, label: string, latency: number, bandwidth: number): NetworkLine {
	return { name, label, latency, bandwidth, atOnce: 6 };
}

/** A line of one's own, with a label that says what it is: `20 ms, 50 Mbit/s`. */
export function ownLine(latency: number, bandwidth: number, atOnce: number): NetworkLine {
	return {
		name: "own",
		label: `a line of ${latency} ms, ${formatBits(bandwidth)}`,
		latency,
		bandwidth,
		atOnce,
	};
}

/** What the sliders of a line of one's own go through: milliseconds, and bytes a second. */
export const lineDials = {
	latency: [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
	bandwidth: [1e5, 1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 5e8, 1e9, 1e10].map((bits) => bits / 8),
} as const;

/** Bytes a second as lines are sold: `50 Mbit/s`. Decimal units. */
export function formatBits(bandwidth: number): string {
	const bits = 8 * bandwidth;
	const [unit, name] = bits >= 1e9 ? [1e9, "Gbit/s"] : bits >= 1e6 ? [1e6, "Mbit/s"] : [1e3, "kbit/s"];
	return `${Number((bits / (unit as number)).toPrecision(3))} ${name}`;
}
