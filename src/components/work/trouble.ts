/** Says once, in words, when nothing can be kept. */
import { element } from "../cell/displays/element.ts";
import { onStorageTrouble, store, troubleText } from "./storage.ts";
import "./work.css";

let watching = false;

/** From now on the page says so when the browser keeps nothing, and takes it back when it does again. */
export function watchStorage(): void {
	if (watching) return;
	watching = true;
	const notice = element("p", { class: "cw-work-trouble not-content", role: "status" });
	onStorageTrouble((trouble) => {
		if (!trouble) return notice.remove();
		const place = document.querySelector("chunkwise-controls, [data-work-notices]");
		if (!notice.isConnected) place?.after(notice);
		requestAnimationFrame(() => {
			notice.textContent = troubleText(trouble);
		});
	});
	// A blocked storage says so now, and not after the reader has written something.
	store.keys();
}
