/** What is put into a viewer's page before its own scripts: when which picture was drawn, and how long frames took. */

/** A picture that differs from the one before. */
export interface Drawn {
	/** Milliseconds since the viewer was asked to open. */
	at: number;
	/** Pixels that are brighter than any viewer's ground. */
	lit: number;
}

export interface Probe {
	/** Opens an image and notes every picture that is drawn from then on. */
	watch(open: () => Promise<void>): void;
	drawn: Drawn[];
	/** Milliseconds since the picture last changed; undefined before anything of an image is seen. */
	quiet(): number | undefined;
	/** Red of each pixel of the picture as it is now, row by row, as text of one character each. */
	picture(): string;
	/** Notes the time between frames from now on. */
	startFrames(): void;
	/** Those times, in ms. */
	stopFrames(): number[];
	error?: string;
}

declare global {
	interface Window {
		benchProbe: Probe;
	}
}

/**
 * Runs in the page, by itself: nothing of this module is there. A picture is read where it is drawn, in the callback of
 * the frame or the task, because WebGL's is gone once the browser has shown it.
 */
export function installProbe(): void {
	let draws = 0;
	let seen = 0;
	let asked = false;
	let watching = false;
	let started = 0;
	let hash = 0;
	let pixels = new Uint8ClampedArray();
	let copy: CanvasRenderingContext2D | undefined;
	let frames: number[] | undefined;
	const drawn: Drawn[] = [];
	for (const name of [
		"clear",
		"drawArrays",
		"drawElements",
		"drawArraysInstanced",
		"drawElementsInstanced",
	]) {
		const methods = WebGL2RenderingContext.prototype as unknown as Record<
			string,
			(...args: unknown[]) => void
		>;
		const own = methods[name];
		methods[name] = function (this: WebGL2RenderingContext, ...args: unknown[]) {
			draws++;
			own.apply(this, args);
			// Not every viewer waits for a frame: the picture is there until the browser has its turn.
			if (!asked) {
				asked = true;
				queueMicrotask(() => {
					asked = false;
					look();
				});
			}
		};
	}
	function look(): void {
		const canvas = window.benchViewer?.canvas();
		if (!watching || draws === seen || !canvas) return;
		seen = draws;
		if (!copy) {
			const { width, height } = canvas;
			const other = Object.assign(document.createElement("canvas"), { width, height });
			copy = other.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
		}
		const { width, height } = copy.canvas;
		copy.clearRect(0, 0, width, height);
		copy.drawImage(canvas, 0, 0, width, height);
		pixels = copy.getImageData(0, 0, width, height).data;
		let now = 2166136261;
		let lit = 0;
		for (const value of new Uint32Array(pixels.buffer)) {
			now = Math.imul(now ^ value, 16777619);
			if ((value & 0xff) > 24) lit++;
		}
		if (now === hash) return;
		hash = now;
		drawn.push({ at: performance.now() - started, lit });
	}
	const ask = window.requestAnimationFrame.bind(window);
	window.requestAnimationFrame = (callback) =>
		ask((time) => {
			callback(time);
			look();
		});
	window.benchProbe = {
		drawn,
		watch(open) {
			watching = true;
			started = performance.now();
			open().catch((error: unknown) => {
				window.benchProbe.error = String(error);
			});
		},
		quiet() {
			const last = drawn.at(-1);
			return last && last.lit > 100 ? performance.now() - started - last.at : undefined;
		},
		picture: () => {
			let text = "";
			for (let i = 0; i < pixels.length; i += 4) text += String.fromCharCode(pixels[i]);
			return text;
		},
		startFrames() {
			watching = false;
			const taken: number[] = [];
			frames = taken;
			let before: number | undefined;
			ask(function tick(time) {
				if (before !== undefined) taken.push(time - before);
				before = time;
				if (frames === taken) ask(tick);
			});
		},
		stopFrames() {
			const taken = frames ?? [];
			frames = undefined;
			return taken;
		},
	};
}
