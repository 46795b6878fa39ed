/** The course's figures by name. Each is loaded when it is first needed. */
import "./figures.css";

/** A figure on the page; `destroy` stops it and leaves its last picture. */
export interface MountedFigure {
	destroy(): void;
}

/** What a figure's module gives. `host` may hold the figure's static markup already. */
export interface FigureModule {
	mount(host: HTMLElement, props: never): MountedFigure | Promise<MountedFigure>;
}

const figures: Record<string, () => Promise<FigureModule>> = {
	"bin-diagram": () => import("./bin-diagram/mount.ts"),
	"chunk-grid": () => import("./chunk-grid/mount.ts"),
	"compression-lab": () => import("./compression-lab/mount.ts"),
	"inside-chunk": () => import("./inside-chunk/mount.ts"),
	"key-path": () => import("./key-path/mount.ts"),
	"parallel-work": () => import("./parallel-work/mount.ts"),
	"own-image": () => import("../own-image/mount.ts"),
	pyramid: () => import("./pyramid/mount.ts"),
	"ngff-explorer": () => import("./ngff-explorer/mount.ts"),
	"request-waterfall": () => import("./request-waterfall/mount.ts"),
	"shared-chunk": () => import("./shared-chunk/mount.ts"),
	"storage-comparison": () => import("./storage-comparison/mount.ts"),
	viewer: () => import("../viewer/mount.ts"),
	viewport: () => import("./viewport/mount.ts"),
};

/** Names that {@link mountFigure} knows. */
export const figureNames: readonly string[] = Object.keys(figures);

/**
 * Draws a figure into `host`, or brings the static markup in it to life.
 * @throws Error where there is no such figure, and ChunkwiseError where the props describe nothing to draw
 */
export async function mountFigure(
	host: HTMLElement,
	figure: string,
	props: Record<string, unknown>,
): Promise<MountedFigure> {
	const load = figures[figure];
	if (!load) throw new Error(`There is no figure ${figure}; there are ${figureNames.join(", ")}.`);
	const module = await load();
	host.classList.add("cw-fig", "not-content");
	host.dataset.figure = figure;
	return module.mount(host, props as never);
}
