/** The viewport figure alive: a window on a synthetic image, and the shelf from which its chunks come. */
import { levelFor, planViewport, type ViewportPlan } from "../../../lib/plan/viewport.ts";
import { describeViewport, type ViewportProps, viewportSettings } from "../../../lib/plan/viewport-text.ts";
import { figureId, typeset } from "../html.ts";
import { debounced, part, reducedMotion } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { between, type Camera, clampCamera, fitScale, type Size, viewportOf, zoomAt } from "./camera.ts";
import { gestures } from "./gestures.ts";
import { type Flight, type Paint, paintFlights, paintWindow, tileRect } from "./paint.ts";
import { drawScaleBar } from "./scale-bar.ts";
import { cellOf, type Rect, shelfOf } from "./shelf.ts";
import { ShelfView } from "./shelf-view.ts";
import { counterTexts, viewportHtml } from "./static.ts";
import { type Tile, TileStore } from "./tiles.ts";

const flightTime = 520;
const moveTime = 260;
const introTime = 3200;

export function mount(host: HTMLElement, props: ViewportProps): MountedFigure {
	const { pyramid, seed } = viewportSettings(props);
	if (!host.querySelector(".cw-fig-body")) host.innerHTML = viewportHtml(props, figureId());
	const scene = part<HTMLElement>(host, ".cw-fig-scene");
	const port = part<HTMLElement>(host, ".cw-fig-port");
	const picture = part<HTMLCanvasElement>(port, "canvas");
	const flightCanvas = part<HTMLCanvasElement>(host, ".cw-fig-flights");
	const scaleBar = part<HTMLElement>(host, ".cw-fig-scalebar");
	const shelfSvg = part<SVGSVGElement>(host, ".cw-fig-shelf svg");
	const keyTag = part<HTMLElement>(host, ".cw-fig-key");
	const status = host.querySelector(".cw-fig-status");
	const events = new AbortController();
	const say = debounced((text: string) => {
		if (status) status.textContent = text;
	}, 700);

	const [height, width] = pyramid.levels[0].shape;
	const image: Size = { width, height };
	const shelf = shelfOf(pyramid);

	let window: Size = { width: port.clientWidth, height: port.clientHeight };
	/** Where the story begins: among the nuclei, at the finest level. */
	const start = (): Camera => ({
		x: width * 0.42,
		y: height * 0.6,
		scale: Math.max(window.width < 450 ? 0.58 : 0.8, fitScale(image, window) * 1.6),
	});
	let camera = clampCamera(reducedMotion() ? start() : { ...start(), scale: 0 }, image, window);
	let moving: { from: Camera; to: Camera; since: number; time: number } | undefined;
	let paint = colors(host);
	let needed = "";
	let scheduled = 0;

	const store = new TileStore(pyramid, seed, reducedMotion() ? 0 : 170, (tile) => {
		if (reducedMotion() || !isNeeded(tile)) tile.state = "cached";
		schedule();
	});

	const shelfView = new ShelfView(host, pyramid, shelf, store);

	function plan(): ViewportPlan {
		return planViewport(pyramid, viewportOf(camera, window), levelFor(pyramid, camera.scale));
	}

	function isNeeded(tile: Tile): boolean {
		const now = plan();
		const within = (c: number, axis: number) => c >= now.first[axis] && c <= now.last[axis];
		return tile.level === now.level && within(tile.cy, 0) && within(tile.cx, 1);
	}

	function schedule(): void {
		if (!scheduled) scheduled = requestAnimationFrame(draw);
	}

	function draw(now: number): void {
		scheduled = 0;
		if (moving) {
			const t = Math.min(1, Math.max(0, (now - moving.since) / moving.time));
			const e = moving.time === introTime ? t * t * (3 - 2 * t) : 1 - (1 - t) ** 3;
			camera = clampCamera(between(moving.from, moving.to, e), image, window);
			if (t >= 1) moving = undefined;
		}
		const need = plan();
		const flights = flying(now);
		request(need);
		paintWindow(picture, store, pyramid, camera, window, need, paint);
		const place = placeOf(port);
		paintFlights(
			flightCanvas,
			{ width: scene.clientWidth, height: scene.clientHeight },
			place,
			flights,
			paint,
		);
		shelfView.draw(need, viewportOf(camera, window));
		drawScaleBar(scaleBar, window, camera);
		if (moving || flights.length > 0) schedule();
	}

	/** Chunks on their way, with where they are; those that have arrived become part of the picture. */
	function flying(now: number): Flight[] {
		const place = placeOf(port);
		const shelfPlace = placeOf(shelfSvg);
		const unit = shelfPlace.width / shelf.width;
		const list: Flight[] = [];
		for (const tile of store.tiles.values()) {
			if (tile.state !== "flying") continue;
			const t = Math.max(0, (now - tile.since) / flightTime);
			if (t >= 1) {
				tile.state = "cached";
				continue;
			}
			const cell = cellOf(pyramid, shelf, tile.level, tile.cy, tile.cx);
			const target = tileRect(pyramid, camera, window, tile);
			list.push({
				tile,
				t,
				from: {
					x: shelfPlace.x + cell.x * unit,
					y: shelfPlace.y + cell.y * unit,
					width: cell.width * unit,
					height: cell.height * unit,
				},
				to: { ...target, x: target.x + place.x, y: target.y + place.y },
			});
		}
		return list;
	}

	/** Where an element lies on the scene. */
	function placeOf(element: Element): Rect {
		const outer = scene.getBoundingClientRect();
		const { left, top, width, height } = element.getBoundingClientRect();
		return { x: left - outer.left, y: top - outer.top, width, height };
	}

	function request(need: ViewportPlan): void {
		const key = `${need.level}:${need.first}:${need.last}`;
		if (key === needed) return;
		needed = key;
		store.need(need.level, need.first, need.last);
		const counts = counterTexts(pyramid, need);
		for (const [name, text] of Object.entries(counts)) {
			for (const place of host.querySelectorAll(`[data-count="${name}"]`)) place.textContent = typeset(text);
		}
		say(typeset(describeViewport(pyramid, need)));
	}

	function go(to: Camera, time = moveTime): void {
		const target = clampCamera(to, image, window);
		if (reducedMotion() || time === 0) {
			moving = undefined;
			camera = target;
		} else moving = { from: camera, to: target, since: performance.now(), time };
		schedule();
	}

	/** Where the camera is going, so that key after key adds up. */
	const goal = () => moving?.to ?? camera;
	const acts: Record<string, () => void> = {
		in: () => go(zoomAt(goal(), Math.SQRT2)),
		out: () => go(zoomAt(goal(), Math.SQRT1_2)),
		whole: () => go({ ...goal(), scale: 0 }),
		start: () => go(start()),
	};
	const step = (dx: number, dy: number) => () => {
		const from = goal();
		go({
			...from,
			x: from.x + (dx * window.width) / from.scale,
			y: from.y + (dy * window.height) / from.scale,
		});
	};
	const keys: Record<string, () => void> = {
		ArrowLeft: step(-0.2, 0),
		ArrowRight: step(0.2, 0),
		ArrowUp: step(0, -0.2),
		ArrowDown: step(0, 0.2),
		"+": acts.in,
		"=": acts.in,
		"-": acts.out,
		_: acts.out,
		"0": acts.whole,
		Home: acts.whole,
		Escape: acts.start,
	};
	port.addEventListener(
		"keydown",
		(event) => {
			const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
			if (!act) return;
			event.preventDefault();
			act();
		},
		{ signal: events.signal },
	);
	host.addEventListener(
		"click",
		(event) => {
			const act = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset.act;
			if (act) acts[act]?.();
		},
		{ signal: events.signal },
	);
	gestures(port, events.signal, {
		pan: (dx, dy) => go({ ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale }, 0),
		zoom: (factor, dx, dy) => go(zoomAt(camera, factor, dx, dy), 0),
		point: (dx, dy) => {
			keyTag.textContent =
				dx === undefined || dy === undefined
					? ""
					: keyAt(camera.x + dx / camera.scale, camera.y + dy / camera.scale);
		},
	});
	gestures(shelfSvg as unknown as HTMLElement, events.signal, {
		press: (x, y) => lookAt(x, y),
		pan: (_dx, _dy, x, y) => lookAt(x, y),
	});

	/** The key of the chunk that holds a point of the image. */
	function keyAt(x: number, y: number): string {
		const now = plan();
		const grid = pyramid.levels[now.level];
		const c = [y, x].map((at, axis) => Math.floor(at / pyramid.factors[now.level] / grid.chunks[axis]));
		const inside = x >= 0 && y >= 0 && x < width && y < height;
		return inside ? `${grid.prefix}/c/${c.join("/")}` : "";
	}

	/** Looks at a place on the shelf, at the level that was touched. */
	function lookAt(x: number, y: number): void {
		const box = shelfSvg.getBoundingClientRect();
		const unit = shelf.width / box.width;
		const at = { x: (x - box.left) * unit, y: (y - box.top) * unit };
		const level = shelf.levels.findIndex((r) => at.x >= r.x - 6 && at.x <= r.x + r.width + 6);
		if (level < 0) return;
		const place = shelf.levels[level];
		const scale = levelFor(pyramid, camera.scale) === level ? camera.scale : 0.8 / pyramid.factors[level];
		go(
			{ x: ((at.x - place.x) / place.width) * width, y: ((at.y - place.y) / place.height) * height, scale },
			scale === camera.scale ? 0 : moveTime,
		);
	}

	const resized = new ResizeObserver(() => {
		window = { width: port.clientWidth, height: port.clientHeight };
		camera = clampCamera(camera, image, window);
		shelfView.resize();
		schedule();
	});
	resized.observe(port);
	const themed = new MutationObserver(() => {
		paint = colors(host);
		schedule();
	});
	themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

	host.dataset.ready = "";
	if (!reducedMotion()) go(start(), introTime);
	schedule();
	return {
		destroy() {
			cancelAnimationFrame(scheduled);
			say.cancel();
			events.abort();
			resized.disconnect();
			themed.disconnect();
			store.close();
			delete host.dataset.ready;
		},
	};
}

/** The site's colours, for a canvas. */
function colors(host: HTMLElement): Paint {
	const style = getComputedStyle(host);
	const token = (name: string, other: string) => style.getPropertyValue(name).trim() || other;
	return {
		ground: token("--cw-data-ground", "#05070b"),
		requested: "#ffc14a",
		ink: token("--cw-data-ink", "#f4f7ff"),
	};
}
