/** The channels' controls: shown or hidden, colour, and the values drawn black and full. */

import type { ViewedChannel } from "../../lib/viewer/image.ts";
import { hex } from "../../lib/viewer/link.ts";

/** Channels with controls of their own: a list of hundreds would be no control. */
const mostListed = 24;

export interface ChannelControls {
	/** Puts the channels as they are now into the controls. */
	show(channels: readonly ViewedChannel[], shown: readonly number[]): void;
}

/**
 * @param changed hears of a channel that was changed: its new state, and whether it is shown
 */
export function channelControls(
	host: HTMLFieldSetElement,
	channels: readonly ViewedChannel[],
	changed: (index: number, channel: ViewedChannel, isShown: boolean) => void,
): ChannelControls {
	const list = document.createElement("ul");
	const rows = channels.slice(0, mostListed).map((channel, index) => row(channel, index));
	list.append(...rows.map(({ element }) => element));
	host.querySelector("ul")?.remove();
	host.append(list);
	host.hidden = false;
	const beyond = channels.length - rows.length;
	if (beyond > 0) {
		const item = document.createElement("li");
		item.textContent = `and ${beyond} more, which are not listed`;
		list.append(item);
	}
	return {
		show(now, shown) {
			for (const [index, { show }] of rows.entries()) show(now[index], shown.includes(index));
		},
	};

	function row(first: ViewedChannel, index: number) {
		let channel = first;
		const element = document.createElement("li");
		const check = input("checkbox");
		const name = document.createElement("label");
		name.append(check, ` ${channel.label}`);
		const color = input("color");
		color.setAttribute("aria-label", `Colour of ${channel.label}`);
		const low = input("range");
		const high = input("range");
		const lowText = document.createElement("output");
		const highText = document.createElement("output");
		low.setAttribute("aria-label", `${channel.label}: value drawn black`);
		high.setAttribute("aria-label", `${channel.label}: value drawn full`);
		const auto = document.createElement("button");
		auto.type = "button";
		auto.className = "cw-small-button";
		auto.textContent = "Auto";
		auto.setAttribute("aria-label", `Auto: contrast of ${channel.label} from what is seen`);
		element.append(name, color, lowText, low, high, highText, auto);
		const tell = () => changed(index, channel, check.checked);
		check.addEventListener("change", tell);
		color.addEventListener("input", () => {
			const parts = [1, 3, 5].map((at) => Number.parseInt(color.value.slice(at, at + 2), 16) / 255);
			channel = { ...channel, color: parts as [number, number, number] };
			tell();
		});
		const slide = () => {
			const least = step();
			const start = Math.min(low.valueAsNumber, high.valueAsNumber - least);
			const end = Math.max(high.valueAsNumber, start + least);
			channel = { ...channel, window: { start, end } };
			words();
			tell();
		};
		low.addEventListener("input", slide);
		high.addEventListener("input", slide);
		auto.addEventListener("click", () => {
			channel = { ...channel, window: undefined };
			tell();
		});

		function step(): number {
			const { min = 0, max = 1 } = channel.limits ?? {};
			return max - min > 64 && Number.isInteger(min) && Number.isInteger(max) ? 1 : (max - min) / 1000;
		}

		function words(): void {
			const { window } = channel;
			lowText.textContent = window ? short(window.start) : "";
			highText.textContent = window ? short(window.end) : "";
		}

		function show(now: ViewedChannel, isShown: boolean): void {
			channel = now;
			check.checked = isShown;
			color.value = `#${hex(now.color)}`;
			const { window, limits } = now;
			for (const slider of [low, high]) {
				slider.disabled = !window;
				slider.min = String(Math.min(limits?.min ?? 0, window?.start ?? 0));
				slider.max = String(Math.max(limits?.max ?? 1, window?.end ?? 1));
				slider.step = String(step());
			}
			if (window) {
				low.value = String(window.start);
				high.value = String(window.end);
			}
			words();
		}
		return { element, show };
	}
}

function input(type: string): HTMLInputElement {
	const made = document.createElement("input");
	made.type = type;
	return made;
}

/** A grey value as few figures as tell it. */
function short(value: number): string {
	return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
