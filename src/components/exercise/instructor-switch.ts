/** `<chunkwise-instructor-switch>`: instructor view, remembered in this browser. */
import { prefix } from "../work/keys.ts";
import { store } from "../work/storage.ts";

const key = `${prefix}instructor`;

function show(on: boolean): void {
	document.documentElement.toggleAttribute("data-instructor", on);
}

class InstructorSwitch extends HTMLElement {
	connectedCallback(): void {
		const box = this.querySelector("input");
		if (!box) return;
		this.hidden = false;
		box.checked = store.get(key) === "on";
		show(box.checked);
		box.addEventListener("change", () => {
			show(box.checked);
			if (box.checked) store.set(key, "on");
			else store.remove(key);
		});
	}
}

if (!customElements.get("chunkwise-instructor-switch"))
	customElements.define("chunkwise-instructor-switch", InstructorSwitch);
