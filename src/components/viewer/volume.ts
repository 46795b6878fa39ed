/** The volume as the brightest values along each line of sight, of the finest level that fits the graphics card. */
import { formatBytes } from "../../lib/format.ts";
import { product } from "../../lib/types.ts";
import { channelAxis, drawnAxes, levelChunks } from "../../lib/viewer/image.ts";
import { type ChunkWish, chunkBytes } from "../../lib/viewer/plan.ts";
import { cutChunk } from "../../lib/viewer/plane.ts";
import { gestures } from "../figures/viewport/gestures.ts";
import { fitCanvas } from "./renderer.ts";
import type { ViewerState } from "./state.ts";
import { link, newTexture, rotation } from "./volume-gl.ts";

/** Voxels of a level that are drawn at once, of one channel. */
const mostVoxels = 20e6;
/** Channels on each other. */
const mostChannels = 4;
/** Milliseconds that a picture may take: while it is turned or chunks come in, and when it rests. */
const quick = 30;
const careful = 350;
const restAfter = 180;

export interface VolumeView {
	readonly canvas: HTMLCanvasElement;
	draw(): void;
	resize(): void;
	/** By a factor; 0 shows it whole again, from the front. */
	zoom(factor: number): void;
	close(): void;
}

/** A channel's texture, and which chunks are in it with which window. */
interface Filled {
	texture: WebGLTexture;
	channel: number;
	window: string;
	chunks: Set<string>;
}

/** @param lost called where the graphics card is taken away */
export function volumeView(place: HTMLElement, state: ViewerState, lost: () => void): VolumeView {
	const canvas = fresh(place);
	const note = place.querySelector(".cw-viewer-note");
	const say = (text: string) => {
		if (note && note.textContent !== text) note.textContent = text;
	};
	const gl = canvas.getContext("webgl2", { alpha: false, antialias: false });
	const { image } = state;
	const axes = drawnAxes(image);
	const dims = [axes.z ?? axes.y, axes.y, axes.x];
	const level = levelThatFits(state, dims, gl);
	if (!gl || level === undefined) {
		say(
			gl
				? `No scale level is small enough to be drawn as a volume: the coarsest has ${image.levels.at(-1)?.shape.join(" × ")} elements.`
				: "This browser offers no WebGL2, which a volume needs. The planes show the same image.",
		);
		return { canvas, draw() {}, resize() {}, zoom() {}, close() {} };
	}
	const { shape, chunks, scale, fill } = image.levels[level];
	const [depth, height, width] = dims.map((axis) => shape[axis]);
	const lengths = dims.map((axis) => shape[axis] * Math.abs(scale[axis]));
	const longest = Math.max(...lengths);
	const extent = [lengths[2], lengths[1], lengths[0]].map((length) => length / longest);
	const program = link(gl);
	const filled: Filled[] = [];
	const events = new AbortController();
	let angles = { across: 0.5, down: 0.35 };
	let near = 1;
	/** Milliseconds for a million samples of the volume, as the last picture took. */
	let cost: number | undefined;
	let resting: ReturnType<typeof setTimeout> | undefined;
	let frame = 0;

	say(
		`Scale level ${level}: ${[depth, height, width].join(" × ")} voxels in ${levelChunks(image.levels[level])} chunks, ${formatBytes(chunkBytes(image, level) * levelChunks(image.levels[level]))}. Brightest values along each line of sight.`,
	);
	canvas.addEventListener("webglcontextlost", lost, { signal: events.signal });
	gestures(place, events.signal, {
		pan(dx, dy) {
			angles = { across: angles.across - dx * 0.008, down: clamp(angles.down + dy * 0.008) };
			again();
		},
		zoom(factor) {
			near = Math.min(8, Math.max(0.5, near * factor));
			again();
		},
	});
	place.addEventListener(
		"keydown",
		({ key, ctrlKey, metaKey, altKey }) => {
			if (ctrlKey || metaKey || altKey) return;
			const turn = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
			if (turn)
				angles = { across: angles.across + turn[0] * 0.15, down: clamp(angles.down + turn[1] * 0.15) };
			else if (key === "+" || key === "=") near = Math.min(8, near * Math.SQRT2);
			else if (key === "-") near = Math.max(0.5, near / Math.SQRT2);
			else return;
			again();
		},
		{ signal: events.signal },
	);
	state.wholeLevel = level;
	state.want();

	function again(): void {
		frame ||= requestAnimationFrame(draw);
	}

	/** Quickly and coarsely now, sharply when nothing has changed for a moment. */
	function draw(): void {
		cancelAnimationFrame(frame);
		frame = 0;
		if (events.signal.aborted) return;
		clearTimeout(resting);
		render(quick);
		resting = setTimeout(() => render(careful), restAfter);
	}

	function render(budget: number): void {
		if (!gl || events.signal.aborted) return;
		const shown = state.view.channels.filter((c) => state.channels[c]?.window).slice(0, mostChannels);
		for (const [slot, channel] of shown.entries()) fillChannel(slot, channel);
		const steps = Math.min(1024, Math.max(64, depth, height, width));
		const samples = (sharpness: number) =>
			(place.clientWidth * place.clientHeight * sharpness ** 2 * steps * Math.max(1, shown.length)) / 1e6;
		// The first picture is a small one, to see how quick this machine is.
		const wanted = cost === undefined ? 0.2 : Math.sqrt(budget / (cost * samples(1)));
		const sharpness = Math.min(state.sharpness, Math.max(0.15, wanted));
		fitCanvas(canvas, place.clientWidth, place.clientHeight, sharpness);
		gl.viewport(0, 0, canvas.width, canvas.height);
		gl.useProgram(program);
		const at = (name: string) => gl.getUniformLocation(program, name);
		for (let slot = 0; slot < mostChannels; slot++) {
			gl.activeTexture(gl.TEXTURE0 + slot);
			gl.bindTexture(gl.TEXTURE_3D, (filled[slot] ?? filled[0])?.texture ?? null);
			gl.uniform1i(at(`volume${slot}`), slot);
		}
		const colors = Array.from({ length: mostChannels }, (_, i) =>
			i < shown.length ? state.channels[shown[i]].color : [0, 0, 0],
		);
		gl.uniform3fv(at("colors"), colors.flat());
		gl.uniform1i(at("count"), shown.length);
		gl.uniform1i(at("steps"), steps);
		gl.uniformMatrix3fv(at("turn"), false, rotation(angles.across, angles.down));
		gl.uniform3fv(at("extent"), extent);
		const wide = canvas.width / Math.max(1, canvas.height);
		const half = 0.75 / near;
		gl.uniform2f(at("screen"), half * Math.max(1, wide), half * Math.max(1, 1 / wide));
		const started = performance.now();
		gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
		// Reading a pixel waits for the picture: what it took decides how large the next one may be.
		gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
		cost = Math.max(1e-4, (performance.now() - started) / samples(sharpness));
	}

	/** Puts the chunks that have come into a channel's texture: as shares of its window, in bytes, which are smoothed. */
	function fillChannel(slot: number, channel: number): void {
		if (!gl) return;
		const { start, end } = state.channels[channel].window as { start: number; end: number };
		const window = `${start} ${end}`;
		let entry = filled[slot];
		if (!entry) {
			entry = { texture: newTexture(gl, width, height, depth), channel, window, chunks: new Set() };
			filled[slot] = entry;
		}
		if (entry.channel !== channel || entry.window !== window) {
			Object.assign(entry, { channel, window });
			entry.chunks.clear();
		}
		gl.activeTexture(gl.TEXTURE0);
		gl.bindTexture(gl.TEXTURE_3D, entry.texture);
		for (const wish of state.plan.needed) {
			if (entry.chunks.has(wish.id)) continue;
			const values = state.loader.values(wish.id);
			const isAbsent = state.loader.state(wish.id) === "absent";
			if (!values && !isAbsent) continue;
			const index = indexIn(wish, channel);
			if (!index) continue;
			entry.chunks.add(wish.id);
			const size = dims.map((axis) => Math.min(chunks[axis], shape[axis] - wish.coords[axis] * chunks[axis]));
			const bytes = new Uint8Array(product(size));
			const share = (value: number) => Math.min(255, Math.max(0, ((value - start) / (end - start)) * 255));
			if (!values) bytes.fill(share(fill));
			for (let z = 0; values && z < size[0]; z++) {
				const at = [...index];
				if (axes.z !== undefined) at[axes.z] = z;
				const { data } = cutChunk(values, {
					...{ shape: chunks, vertical: axes.y, horizontal: axes.x, index: at },
					...{ rows: size[1], columns: size[2] },
				});
				const to = z * size[1] * size[2];
				for (let i = 0; i < data.length; i++) bytes[to + i] = share(data[i]);
			}
			const from = dims.map((axis) => wish.coords[axis] * chunks[axis]);
			gl.texSubImage3D(
				gl.TEXTURE_3D,
				0,
				from[2],
				from[1],
				from[0],
				size[2],
				size[1],
				size[0],
				gl.RED,
				gl.UNSIGNED_BYTE,
				bytes,
			);
		}
	}

	/** Indices of a channel and of what is not drawn in a chunk, or undefined where it does not hold them. */
	function indexIn(wish: ChunkWish, channel: number): number[] | undefined {
		const c = channelAxis(image);
		const index = wish.coords.map((coord, axis) => {
			if (dims.includes(axis)) return 0;
			return (axis === c ? channel : Math.min(shape[axis] - 1, state.view.at[axis])) - coord * chunks[axis];
		});
		return index.every((i, axis) => i >= 0 && i < chunks[axis]) ? index : undefined;
	}

	return {
		canvas,
		draw,
		resize: again,
		zoom(factor) {
			if (factor === 0) {
				near = 1;
				angles = { across: 0, down: 0 };
			} else near = Math.min(8, Math.max(0.5, near * factor));
			again();
		},
		close() {
			events.abort();
			state.wholeLevel = undefined;
			clearTimeout(resting);
			cancelAnimationFrame(frame);
			for (const { texture } of filled) gl.deleteTexture(texture);
			gl.getExtension("WEBGL_lose_context")?.loseContext();
		},
	};
}

/** The finest level of few enough voxels, none of whose edges is too long for a texture. */
function levelThatFits(
	{ image }: ViewerState,
	dims: readonly number[],
	gl: WebGL2RenderingContext | null,
): number | undefined {
	const longest = (gl?.getParameter(gl.MAX_3D_TEXTURE_SIZE) as number) ?? 256;
	const found = image.levels.findIndex(({ shape }) => {
		const lengths = dims.map((axis) => shape[axis]);
		return product(lengths) <= mostVoxels && Math.max(...lengths) <= longest;
	});
	return found < 0 ? undefined : found;
}

const clamp = (angle: number) => Math.min(Math.PI / 2, Math.max(-Math.PI / 2, angle));

/** A canvas of its own each time: one that has given its context back has no other. */
function fresh(place: HTMLElement): HTMLCanvasElement {
	const old = place.querySelector("canvas");
	const canvas = document.createElement("canvas");
	if (old) old.replaceWith(canvas);
	else place.prepend(canvas);
	return canvas;
}
