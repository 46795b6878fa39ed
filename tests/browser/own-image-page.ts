/** The tool "Your own image" on its page, as tests press and read it. */
import type { Page } from "playwright/test";

export const path = "lessons/your-image/";
export const step = (page: Page, name: string) => page.locator(`[data-step=${name}]`);
export const said = (page: Page, part: string) => page.locator(`.cw-own [data-part=${part}]`);
/** A button of the tool; the page has others of such names. */
export const press = (page: Page, name: string) =>
	page.locator(".cw-own").getByRole("button", { name, exact: true }).click();

/** The browser's own download in place of its dialog, which a test cannot answer. */
export const withoutDialogs = (page: Page) =>
	page.addInitScript(() => {
		delete (window as { showSaveFilePicker?: unknown }).showSaveFilePicker;
	});

/** Names below a folder of the browser's private files. */
export const privateFiles = (page: Page) =>
	page.evaluate(async () => {
		const names: string[] = [];
		const walk = async (folder: FileSystemDirectoryHandle, at: string) => {
			for await (const [name, handle] of folder.entries()) {
				if (handle.kind === "file") names.push(at + name);
				else await walk(handle as FileSystemDirectoryHandle, `${at}${name}/`);
			}
		};
		await walk(await navigator.storage.getDirectory(), "");
		return names.filter((name) => name.startsWith("own-image/"));
	});
