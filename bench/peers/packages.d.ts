/** What the measurement uses of packages that are installed on request only: types are checked without them too. */
declare module "@deck.gl/core" {
	export class Deck {
		constructor(props: Record<string, unknown>);
		setProps(props: Record<string, unknown>): void;
	}
	export class OrthographicView {
		constructor(props: Record<string, unknown>);
	}
}
declare module "@hms-dbmi/viv" {
	export class MultiscaleImageLayer {
		constructor(props: Record<string, unknown>);
	}
	export class ColorPaletteExtension {}
	export function loadOmeZarr(url: string, options: { type: "multiscales" }): Promise<{ data: unknown }>;
}
declare module "@niivue/niivue" {
	export class Niivue {
		constructor(options: Record<string, unknown>);
		readonly sliceTypeRender: number;
		attachToCanvas(canvas: HTMLCanvasElement): Promise<unknown>;
		loadVolumes(volumes: Record<string, unknown>[]): Promise<unknown>;
		setSliceType(type: number): unknown;
	}
}
