/** The controls below a viewer's stage: filled when an image is opened, and kept true as it is looked at. */
import type { ViewedChannel } from "../../lib/viewer/image.ts";
import type { Plane } from "../../lib/viewer/view.ts";
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
	/** Other sliders and choices, for another layout or plane. */
	relay(): void;
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
		if (!axes || !plane) continue;
		const [across, down] = namesOf(state, plane);
		axes.textContent = `${across} → ${down} ↓`;
		// Of an image whose axes have other names or another order.
		panel.ariaLabel = (panel.ariaLabel ?? "").replace(/^[^.]*/, `Plane ${across}, ${down}`);
	}
	const planes = part<HTMLSelectElement>(form, "select[name=plane]");
	const planeField = planes.parentElement as HTMLElement;
	planes.replaceChildren(
		...state.planes.map((plane) => new Option(namesOf(state, plane).join(", "), plane.name)),
	);
	planes.value = state.plane;
	planeField.hidden = state.layout !== "plane" || !isVolume;
	const images = part<HTMLSelectElement>(form, "select[name=image]");
	images.replaceChildren(...(image.others ?? []).map((path) => new Option(path, path)));
	images.value = image.path;
	(images.parentElement as HTMLElement).hidden = !image.others || host.dataset.kernel !== undefined;
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
		relay() {
			sliders = axisSliders(place, state, changed);
			planeField.hidden = state.layout !== "plane" || !isVolume;
		},
	};
}

const namesOf = ({ image }: ViewerState, { horizontal, vertical }: Plane): [string, string] => [
	image.axes[horizontal].name,
	image.axes[vertical].name,
];

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
