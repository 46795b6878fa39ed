/** The one place where a page's heavy half is loaded. A failed load can be tried again. */
type PageModule = typeof import("./page.ts");

let loading: Promise<PageModule> | undefined;

export function page(): Promise<PageModule> {
	loading ??= import("./page.ts").catch((error) => {
		loading = undefined;
		throw error;
	});
	return loading;
}

export async function controllerOf(cell: HTMLElement): Promise<import("./controller.ts").CellController> {
	return (await page()).controllerOf(cell);
}

/** The reader is about to run something: page and kernel are loaded. A failure is told when a cell is run. */
export function warm(): void {
	page().then(
		({ session }) => session.warm(),
		() => {},
	);
}
