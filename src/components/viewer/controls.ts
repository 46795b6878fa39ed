/** The controls below a viewer's stage: filled when an image is opened, and kept true as it is looked at. */
import type { ViewedChannel } from "../../lib/viewer/image.ts";
import { typeset } from "../figures/html.ts";
import { part } from "../figures/live.ts";
import { axisSliders } from "./axis-sliders.ts";
import { channelControls } from "./channels.ts";
import type { ViewerState } from "./state.ts";
import { levelRows } from "./words.ts";

export interface Controls {
	/** The channels as they are now. */
	showChannels(): void;
	/** Where the sliders of axes stand now. */
	showSliders(): void;
	/** Other sliders, for another layout. */
	rebuildSliders(): void;
}

/**
 * @param isVolume whether there is more than one plane to show
 * @param changed called when a control has changed the state
 */
export function fillControls(
	host: HTMLElement,
	state: ViewerState,
	isVolume: boolean,
	changed: () => void,
): Controls {
	const { image } = state;
	const form = part<HTMLFormElement>(host, ".cw-viewer-controls");
	const level = part<HTMLSelectElement>(form, "select[name=level]");
	level.replaceChildren(
		new Option("by zoom", "auto"),
		...image.levels.map((of, i) => new Option(`${i}: ${of.shape.join(" × ")}`, String(i))),
	);
	level.value = String(state.view.level);
	for (const radio of form.querySelectorAll<HTMLInputElement>("input[name$='-layout']")) {
		radio.checked = radio.value === state.layout;
		radio.disabled = !isVolume && radio.value !== "plane";
	}
	part<HTMLInputElement>(form, "input[name=borders]").checked = state.borders;
	const channels = channelControls(part(form, ".cw-viewer-channels"), state.channels, changeChannel);
	fillLevels(host, state);
	for (const panel of host.querySelectorAll<HTMLElement>(".cw-viewer-panel")) {
		const plane = state.planes.find(({ name }) => name === panel.dataset.plane);
		const axes = panel.querySelector(".cw-viewer-axes");
		if (axes && plane) {
			axes.textContent = `${image.axes[plane.horizontal].name} → ${image.axes[plane.vertical].name} ↓`;
		}
	}
	const place = part<HTMLElement>(form, ".cw-viewer-axes-sliders");
	let sliders = axisSliders(place, state, changed);

	function changeChannel(index: number, channel: ViewedChannel, isShown: boolean): void {
		state.channels[index] = channel;
		const shown = state.view.channels.filter((other) => other !== index);
		state.go({ channels: (isShown ? [...shown, index] : shown).sort((a, b) => a - b) });
		changed();
	}

	return {
		showChannels: () => channels.show(state.channels, state.view.channels),
		showSliders: () => sliders.show(),
		rebuildSliders() {
			sliders = axisSliders(place, state, changed);
		},
	};
}

/** The table of scale levels. */
function fillLevels(host: HTMLElement, { image }: ViewerState): void {
	const rows = levelRows(image).map((row) => {
		const cells = row.map((text, i) => {
			const cell = document.createElement(i === 0 ? "th" : "td");
			if (i === 0) cell.setAttribute("scope", "row");
			if (i === 3 || i === 4) cell.className = "cw-fig-right";
			cell.textContent = typeset(text);
			return cell;
		});
		const line = document.createElement("tr");
		line.append(...cells);
		return line;
	});
	part(host, ".cw-viewer-levels tbody").replaceChildren(...rows);
}
