/** A view as a short text for an address, and back. */
import type { ViewedChannel, ViewedImage } from "./image.ts";
import type { PlaneName, View } from "./view.ts";

/** What of a viewer a link keeps. */
export interface LinkedView {
	view: View;
	channels: readonly ViewedChannel[];
	layout: ViewerLayout;
	plane: PlaneName;
}

/** One plane, three that cross, or the volume. */
export type ViewerLayout = "plane" | "planes" | "volume";

export const layouts: readonly ViewerLayout[] = ["plane", "planes", "volume"];
const planes: readonly PlaneName[] = ["xy", "xz", "zy"];

/** `at=1,2.5,3&zoom=0.5&level=auto&show=planes&plane=xy&c=0:100:2600:00ff00`: channels that are shown, with windows. */
export function viewToText({ view, channels, layout, plane }: LinkedView): string {
	const parts = new URLSearchParams({
		at: view.at.map(short).join(","),
		zoom: short(view.zoom),
		level: String(view.level),
		show: layout,
		plane,
	});
	for (const channel of view.channels) {
		const { window, color } = channels[channel];
		const limits = window ? [short(window.start), short(window.end)] : ["", ""];
		parts.append("c", [channel, ...limits, hex(color)].join(":"));
	}
	return parts.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
}

/**
 * What a text says of a view of this image; whatever it does not say, or says wrongly, stays as `first` has it.
 * The result wants `clampView`.
 */
export function viewFromText(text: string, image: ViewedImage, first: LinkedView): LinkedView {
	const parts = new URLSearchParams(text);
	const numbers = (parts.get("at") ?? "").split(",").map(Number);
	const usable = numbers.length === image.axes.length && numbers.every(Number.isFinite);
	const zoom = Number(parts.get("zoom"));
	const level = Number(parts.get("level") ?? Number.NaN);
	const channels = first.channels.map((channel) => ({ ...channel }));
	const shown: number[] = [];
	for (const entry of parts.getAll("c")) {
		const [index, start, end, color] = entry.split(":");
		const channel = index === "" ? undefined : channels[Number(index)];
		if (!channel) continue;
		shown.push(Number(index));
		if (start && end && Number(end) > Number(start)) {
			channel.window = { start: Number(start), end: Number(end) };
			const { min, max } = channel.limits ?? { min: Number(start), max: Number(end) };
			channel.limits = { min: Math.min(min, Number(start)), max: Math.max(max, Number(end)) };
		}
		const rgb = /^([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color ?? "");
		if (rgb)
			channel.color = rgb.slice(1).map((part) => Number.parseInt(part, 16) / 255) as [number, number, number];
	}
	const named = <T extends string>(key: string, of: readonly T[], otherwise: T) =>
		of.find((name) => name === parts.get(key)) ?? otherwise;
	return {
		view: {
			at: usable ? numbers : first.view.at,
			zoom: zoom > 0 && Number.isFinite(zoom) ? zoom : first.view.zoom,
			level: Number.isInteger(level) && level >= 0 ? level : parts.has("level") ? "auto" : first.view.level,
			channels: parts.has("c") ? shown : first.view.channels,
		},
		channels,
		layout: named("show", layouts, first.layout),
		plane: named("plane", planes, first.plane),
	};
}

/** Which image a link is to, where it is not the one that the viewer has by itself. */
export interface LinkedSource {
	/** An address, or "computed". */
	source?: string;
	/** Name of what was opened from the reader's own computer, which no link can reach. */
	local?: string;
	/** Group or array inside it. */
	path?: string;
}

/** `&src=https://…&image=A/1/0`, to be put behind {@link viewToText}; "" where there is nothing to say. */
export function sourceToText({ source, local, path }: LinkedSource): string {
	const given = { src: source, local, image: path };
	const parts = Object.entries(given).flatMap(([key, value]) =>
		value ? [`&${key}=${encodeURIComponent(value).replaceAll("%2F", "/").replaceAll("%3A", ":")}`] : [],
	);
	return parts.join("");
}

/** The image that a link names; an address that is not of the web is left out. */
export function sourceFromText(text: string): LinkedSource {
	const parts = new URLSearchParams(text);
	const source = parts.get("src") ?? "";
	const isUsable = source === "computed" || (URL.canParse(source) && /^https?:/i.test(source));
	const [local, path] = [parts.get("local"), parts.get("image")];
	return {
		...(isUsable ? { source } : {}),
		...(local ? { local } : {}),
		...(path ? { path } : {}),
	};
}

const short = (value: number) => String(Number(value.toPrecision(7)));

/** Six hexadecimal digits. */
export function hex(color: readonly [number, number, number]): string {
	return color
		.map((part) =>
			Math.round(part * 255)
				.toString(16)
				.padStart(2, "0"),
		)
		.join("");
}
