/** All that a lesson loads of the reader's work before a first intent: a look whether there is any. */
import { thisLesson, workPrefix } from "./keys.ts";

const mine = workPrefix(thisLesson());

function restore(): void {
	import("./restore.ts").then((work) => work.restore()).catch(console.error);
}

try {
	if (Object.keys(localStorage).some((key) => key.startsWith(mine))) restore();
} catch {
	// Blocked storage: nothing can have been saved.
}
addEventListener("storage", ({ key }) => {
	if (key?.startsWith(mine)) restore();
});

/** Code in the address is shown, never run. */
function openLink(): void {
	if (location.hash.startsWith("#code=")) {
		import("./open-link.ts").then((link) => link.openLink(location.hash)).catch(console.error);
	}
}
openLink();
addEventListener("hashchange", openLink);
