/** Planes as textures of the values themselves: windows and colours are applied as they are drawn. */

import { ByteCache } from "../../lib/viewer/cache.ts";
import type { ChunkPlane } from "../../lib/viewer/plane.ts";
import { linkProgram } from "./gl-program.ts";
import { budgetHere } from "./memory.ts";
import { fitCanvas, type PaintedChannel, type PaintedChunk, type Rect, type Renderer } from "./renderer.ts";

const vertex = `#version 300 es
uniform vec4 place;   // x, y, width, height on the panel
uniform vec2 panel;   // width, height
uniform float layer;
uniform vec2 texels;
out vec2 at;
void main() {
	vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
	vec2 position = (place.xy + corner * place.zw) / panel * 2.0 - 1.0;
	gl_Position = vec4(position.x, -position.y, layer, 1.0);
	at = corner * texels;
}`;

const fragment = (sampler: string) => `#version 300 es
precision highp float;
precision highp int;
uniform highp ${sampler} values;
uniform vec2 window;
uniform vec3 color;
in vec2 at;
out vec4 drawn;
void main() {
	float value = float(texelFetch(values, ivec2(at), 0).r);
	float share = clamp((value - window.x) / (window.y - window.x), 0.0, 1.0);
	drawn = vec4(color * share, 1.0);
}`;

interface Program {
	program: WebGLProgram;
	place: WebGLUniformLocation | null;
	panel: WebGLUniformLocation | null;
	layer: WebGLUniformLocation | null;
	texels: WebGLUniformLocation | null;
	window: WebGLUniformLocation | null;
	color: WebGLUniformLocation | null;
}

/** A part of a plane: all of it, unless it is larger than a texture can be. */
interface Tile {
	texture: WebGLTexture;
	/** First row and column of the part. */
	row: number;
	column: number;
	rows: number;
	columns: number;
}

interface Tiles {
	tiles: Tile[];
	/** Of the whole plane. */
	rows: number;
	columns: number;
	isFloat: boolean;
}

/** Undefined where the browser has no WebGL2, or none that works. */
export function webglRenderer(canvas: HTMLCanvasElement): Renderer | undefined {
	const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: true });
	if (!gl) return undefined;
	try {
		return new WebglRenderer(canvas, gl);
	} catch {
		// A driver that does not take the program draws nothing: the plain canvas does.
		return undefined;
	}
}

class WebglRenderer implements Renderer {
	readonly kind = "WebGL2";
	readonly canvas: HTMLCanvasElement;
	readonly #gl: WebGL2RenderingContext;
	readonly #integers: Program;
	readonly #floats: Program;
	readonly #textures: ByteCache<Tiles>;
	/** Elements along one side of a texture, at most. */
	readonly #longest: number;
	#sharpness = 1;
	#height = 0;

	constructor(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext) {
		this.canvas = canvas;
		this.#gl = gl;
		this.#integers = programOf(gl, "usampler2D");
		this.#floats = programOf(gl, "sampler2D");
		this.#textures = new ByteCache(budgetHere().planes, (_, { tiles }) => {
			for (const { texture } of tiles) gl.deleteTexture(texture);
		});
		this.#longest = gl.getParameter(gl.MAX_TEXTURE_SIZE);
		gl.bindVertexArray(gl.createVertexArray());
		gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
		gl.enable(gl.DEPTH_TEST);
		gl.depthFunc(gl.LESS);
		gl.enable(gl.BLEND);
		gl.blendFunc(gl.ONE, gl.ONE);
	}

	begin(width: number, height: number, sharpness: number): void {
		const gl = this.#gl;
		fitCanvas(this.canvas, width, height, sharpness);
		this.#sharpness = sharpness;
		this.#height = this.canvas.height;
		gl.disable(gl.SCISSOR_TEST);
		gl.clearColor(0.02, 0.027, 0.043, 1);
		gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
		gl.enable(gl.SCISSOR_TEST);
	}

	panel(place: Rect, chunks: readonly PaintedChunk[], channels: readonly PaintedChannel[]): void {
		const gl = this.#gl;
		const scaled = (value: number) => Math.round(value * this.#sharpness);
		const [left, width] = [scaled(place.x), scaled(place.width)];
		const [top, height] = [scaled(place.y), scaled(place.height)];
		const bottom = this.#height - top - height;
		gl.viewport(left, bottom, width, height);
		gl.scissor(left, bottom, width, height);
		// Where the image is, nothing glows: its black is blacker than the ground beside it.
		gl.clearColor(0, 0, 0, 1);
		if (chunks.length > 0) gl.clear(gl.COLOR_BUFFER_BIT);
		for (const channel of channels) {
			gl.clear(gl.DEPTH_BUFFER_BIT);
			for (const chunk of chunks) this.#draw(chunk, channel, place);
		}
	}

	close(): void {
		this.#textures.clear();
		this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
	}

	#draw({ rect, layer, plane }: PaintedChunk, channel: PaintedChannel, place: Rect): void {
		const gl = this.#gl;
		const found = plane(channel.index);
		if (!found) return;
		const { tiles, rows, columns, isFloat } =
			this.#textures.get(found.key) ?? this.#keep(found.key, found.cut());
		const program = isFloat ? this.#floats : this.#integers;
		gl.useProgram(program.program);
		gl.uniform2f(program.panel, place.width, place.height);
		gl.uniform1f(program.layer, Math.min(0.9, layer * 0.01));
		gl.uniform2f(program.window, channel.start, channel.end);
		gl.uniform3f(program.color, ...channel.color);
		const [right, down] = [rect.width / columns, rect.height / rows];
		for (const tile of tiles) {
			gl.bindTexture(gl.TEXTURE_2D, tile.texture);
			const [x, y] = [rect.x + tile.column * right, rect.y + tile.row * down];
			gl.uniform4f(program.place, x, y, tile.columns * right, tile.rows * down);
			gl.uniform2f(program.texels, tile.columns, tile.rows);
			gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
		}
	}

	#keep(key: string, plane: ChunkPlane): Tiles {
		const tiles: Tile[] = [];
		for (let row = 0; row < plane.rows; row += this.#longest) {
			for (let column = 0; column < plane.columns; column += this.#longest) {
				tiles.push(this.#tile(plane, row, column));
			}
		}
		const { rows, columns, data } = plane;
		const kept = { tiles, rows, columns, isFloat: data instanceof Float32Array };
		this.#textures.set(key, kept, data.byteLength);
		return kept;
	}

	#tile({ data, ...plane }: ChunkPlane, row: number, column: number): Tile {
		const gl = this.#gl;
		const rows = Math.min(this.#longest, plane.rows - row);
		const columns = Math.min(this.#longest, plane.columns - column);
		const texture = gl.createTexture();
		gl.bindTexture(gl.TEXTURE_2D, texture);
		for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
			gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
		}
		for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
			gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
		}
		const [inside, format, type] =
			data instanceof Float32Array
				? [gl.R32F, gl.RED, gl.FLOAT]
				: data instanceof Uint16Array
					? [gl.R16UI, gl.RED_INTEGER, gl.UNSIGNED_SHORT]
					: [gl.R8UI, gl.RED_INTEGER, gl.UNSIGNED_BYTE];
		gl.pixelStorei(gl.UNPACK_ROW_LENGTH, plane.columns);
		const first = data.subarray(row * plane.columns + column);
		gl.texImage2D(gl.TEXTURE_2D, 0, inside, columns, rows, 0, format, type, first);
		return { texture, row, column, rows, columns };
	}
}

function programOf(gl: WebGL2RenderingContext, sampler: string): Program {
	const program = linkProgram(gl, vertex, fragment(sampler), "the viewer");
	const at = (name: string) => gl.getUniformLocation(program, name);
	return {
		program,
		place: at("place"),
		panel: at("panel"),
		layer: at("layer"),
		texels: at("texels"),
		window: at("window"),
		color: at("color"),
	};
}
