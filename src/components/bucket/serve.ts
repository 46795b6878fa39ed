/** Brings the bucket's service worker up, once a cell asks for a bucket. */
import { siteRoot } from "../cell/settings.ts";
import { bucketFolder, workerFile } from "./paths.ts";

/** Until it has started and has this page. */
const longestWait = 10_000;

/** The address of all buckets; and, where nobody serves it, why. */
export async function serveBucket(): Promise<{ url: string; why?: string }> {
	const url = siteRoot + bucketFolder;
	try {
		if (!globalThis.isSecureContext) {
			return { url, why: "browsers allow service workers only over https, or on this machine itself." };
		}
		if (!("serviceWorker" in navigator)) {
			return { url, why: "this browser or window has no service workers (private windows may have none)." };
		}
		// Safari before 26: files can be written by workers of a page only.
		if (!("createWritable" in (globalThis.FileSystemFileHandle?.prototype ?? {}))) {
			return { url, why: "this browser has no way to write files from a service worker." };
		}
		const registration = await navigator.serviceWorker.register(siteRoot + workerFile, {
			scope: siteRoot,
			updateViaCache: "none",
		});
		const worker = registration.active ?? registration.waiting ?? registration.installing;
		if (!worker) return { url, why: "the service worker ended before it began." };
		await until(worker, "statechange", () => worker.state === "activated");
		if (!navigator.serviceWorker.controller) {
			worker.postMessage("claim");
			await until(
				navigator.serviceWorker,
				"controllerchange",
				() => navigator.serviceWorker.controller !== null,
			);
		}
		return { url };
	} catch (error) {
		return { url, why: `the service worker could not be started (${(error as Error).message}).` };
	}
}

/** Resolves when the condition holds, looked at again at each event. */
function until(target: EventTarget, event: string, holds: () => boolean): Promise<void> {
	return new Promise((resolve, reject) => {
		const look = () => {
			if (!holds()) return;
			clearTimeout(timer);
			target.removeEventListener(event, look);
			resolve();
		};
		const timer = setTimeout(() => {
			target.removeEventListener(event, look);
			reject(new Error(`it did not answer within ${longestWait / 1000} s`));
		}, longestWait);
		target.addEventListener(event, look);
		look();
	});
}
