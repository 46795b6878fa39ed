/** Tabs that show the tool tell each other when what is kept here has changed. */
const name = "chunkwise own image";

export class OtherTabs {
	readonly #channel?: BroadcastChannel;

	/** @param heard called when another tab began, ended or removed something */
	constructor(heard: () => void) {
		if (typeof BroadcastChannel === "undefined") return;
		this.#channel = new BroadcastChannel(name);
		this.#channel.onmessage = heard;
	}

	tell(): void {
		this.#channel?.postMessage("changed");
	}

	close(): void {
		this.#channel?.close();
	}
}
