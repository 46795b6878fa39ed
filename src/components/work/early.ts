/** All that a lesson loads of the reader's work before a first intent: a look whether there is any. */
import { runPrefix, thisLesson, workPrefix } from "./keys.ts";

const mine = workPrefix(thisLesson());
const runs = runPrefix(thisLesson());

function restore(): void {
	import("./restore.ts").then((work) => work.restore()).catch(console.error);
}

try {
	const keys = Object.keys(localStorage);
	if (keys.some((key) => key.startsWith(mine))) restore();
	// A page of this lesson was ended by the browser while a cell ran, or another tab runs one now.
	if (keys.some((key) => key.startsWith(runs))) {
		import("../cell/after-crash.ts").then((crash) => crash.tellEndedPages()).catch(console.error);
	}
} catch {
	// Blocked storage: nothing can have been saved.
}
addEventListener("storage", ({ key }) => {
	if (key?.startsWith(mine)) restore();
});

// Shown again by Back: what other pages stored meanwhile was not told.
addEventListener("pageshow", ({ persisted }) => {
	if (persisted) restore();
});

/** Code in the address is shown, never run. */
function openLink(): void {
	if (location.hash.startsWith("#code=")) {
		import("./open-link.ts").then((link) => link.openLink(location.hash)).catch(console.error);
	}
}
openLink();
addEventListener("hashchange", openLink);
