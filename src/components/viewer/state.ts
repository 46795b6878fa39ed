/** What a viewer shows, and the image behind it: changed by the controls, drawn by the painter. */
import { contrastOf } from "../../lib/viewer/contrast.ts";
import type { ViewedChannel, ViewedImage } from "../../lib/viewer/image.ts";
import { type DrawnChunk, drawnChunks } from "../../lib/viewer/layers.ts";
import type { LinkedView, ViewerLayout } from "../../lib/viewer/link.ts";
import { ChunkLoader } from "../../lib/viewer/loader.ts";
import { type Panel, planLevel, planView, type ViewPlan } from "../../lib/viewer/plan.ts";
import { clampView, type Plane, type PlaneName, planesOf, type View } from "../../lib/viewer/view.ts";
import { budgetHere } from "./memory.ts";
import type { Rect } from "./renderer.ts";
import type { LiveSource } from "./worker-source.ts";

/** A panel and where it lies on the stage. */
export interface PlacedPanel extends Panel {
	place: Rect;
}

export class ViewerState {
	readonly source: LiveSource;
	readonly image: ViewedImage;
	readonly loader: ChunkLoader;
	view: View;
	channels: ViewedChannel[];
	layout: ViewerLayout;
	plane: PlaneName;
	borders = true;
	panels: PlacedPanel[] = [];
	plan: ViewPlan;
	sharpness = 1;
	/** A level that is wanted whole, for a volume, in place of what the panels show. */
	wholeLevel?: number;

	constructor(source: LiveSource, first: LinkedView, changed: () => void) {
		this.source = source;
		this.image = source.image;
		this.loader = new ChunkLoader(source, { budget: budgetHere().values, onChange: changed });
		this.view = first.view;
		this.channels = [...first.channels];
		this.layout = first.layout;
		this.plane = first.plane;
		this.plan = planView(this.image, this.view, []);
	}

	get planes(): Plane[] {
		return planesOf(this.image);
	}

	/** Moves the view; what it then needs is asked for. */
	go(view: Partial<View>): void {
		const [first] = this.panels;
		const size = first?.size ?? { width: 512, height: 512 };
		this.view = clampView(this.image, { ...this.view, ...view }, size);
		this.want();
	}

	/** Says to the loader what is needed now. */
	want(): void {
		this.plan =
			this.wholeLevel === undefined
				? planView(this.image, this.view, this.panels, this.sharpness)
				: planLevel(this.image, this.view, this.wholeLevel);
		this.loader.want(this.plan.wishes);
	}

	/** What a panel draws now. */
	drawn(panel: Panel): DrawnChunk[] {
		return drawnChunks(this.image, this.view, panel, this.plan.level, (id) => this.loader.state(id));
	}

	/** Gives channels without a window one, from the chunks that are there; true where one was found. */
	findContrast(): boolean {
		let found = false;
		const axis = this.image.axes.findIndex(({ role }) => role === "channel");
		for (const index of this.view.channels) {
			const channel = this.channels[index];
			if (!channel || channel.window) continue;
			const chunks = [...this.plan.wishes].filter(({ coords, level }) => {
				const length = axis < 0 ? 1 : this.image.levels[level].chunks[axis];
				return axis < 0 || Math.floor(index / length) === coords[axis];
			});
			const values = chunks.slice(0, 16).map(({ id }) => this.loader.values(id));
			const seen = values.filter((part) => part !== undefined);
			// Nothing is stored of what is seen: all of it is one value.
			if (chunks.length > 0 && chunks.every(({ id }) => this.loader.state(id) === "absent"))
				seen.push(Float64Array.of(this.image.levels[this.plan.level].fill));
			const contrast = contrastOf(seen);
			if (!contrast) continue;
			const limits = channel.limits ?? contrast.limits;
			this.channels[index] = { ...channel, window: contrast.window, limits };
			found = true;
		}
		return found;
	}
}
