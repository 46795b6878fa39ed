/** The graphics side of the volume: its program, its textures, and how it is turned. */
import { linkProgram } from "./gl-program.ts";

const vertex = `#version 300 es
out vec2 at;
void main() {
	at = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
	gl_Position = vec4(at, 0.0, 1.0);
}`;

const fragment = `#version 300 es
precision highp float;
precision highp sampler3D;
uniform sampler3D volume0, volume1, volume2, volume3;
uniform vec3 colors[4];
uniform int count;
uniform int steps;
uniform mat3 turn;
uniform vec3 extent;
uniform vec2 screen;
in vec2 at;
out vec4 drawn;
void main() {
	vec3 origin = turn * vec3(at * screen, -2.0);
	vec3 direction = turn * vec3(0.0, 0.0, 1.0);
	vec3 safe = mix(direction, vec3(1e-6), lessThan(abs(direction), vec3(1e-6)));
	vec3 low = (-extent / 2.0 - origin) / safe;
	vec3 high = (extent / 2.0 - origin) / safe;
	vec3 enter = min(low, high);
	vec3 leave = max(low, high);
	float from = max(enter.x, max(enter.y, enter.z));
	float to = min(leave.x, min(leave.y, leave.z));
	if (to <= from) { drawn = vec4(0.012, 0.016, 0.026, 1.0); return; }
	vec4 brightest = vec4(0.0);
	for (int i = 0; i < 1024; i++) {
		if (i >= steps) break;
		vec3 p = (origin + direction * mix(from, to, (float(i) + 0.5) / float(steps))) / extent + 0.5;
		brightest.x = max(brightest.x, texture(volume0, p).r);
		if (count > 1) brightest.y = max(brightest.y, texture(volume1, p).r);
		if (count > 2) brightest.z = max(brightest.z, texture(volume2, p).r);
		if (count > 3) brightest.w = max(brightest.w, texture(volume3, p).r);
	}
	vec3 sum = colors[0] * brightest.x + colors[1] * brightest.y + colors[2] * brightest.z + colors[3] * brightest.w;
	drawn = vec4(sum, 1.0);
}`;

/** A texture of bytes that are smoothed. */
export function newTexture(
	gl: WebGL2RenderingContext,
	width: number,
	height: number,
	depth: number,
): WebGLTexture {
	const texture = gl.createTexture();
	gl.bindTexture(gl.TEXTURE_3D, texture);
	gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
	gl.texStorage3D(gl.TEXTURE_3D, 1, gl.R8, width, height, depth);
	for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T, gl.TEXTURE_WRAP_R]) {
		gl.texParameteri(gl.TEXTURE_3D, name, gl.CLAMP_TO_EDGE);
	}
	for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
		gl.texParameteri(gl.TEXTURE_3D, name, gl.LINEAR);
	}
	return texture;
}

/** @throws Error where the program does not link */
export function link(gl: WebGL2RenderingContext): WebGLProgram {
	return linkProgram(gl, vertex, fragment, "the volume");
}

/** Turned about the vertical axis, then tilted; y goes down, as rows do. Columns of a matrix. */
export function rotation(across: number, down: number): number[] {
	const [ca, sa, cd, sd] = [Math.cos(across), Math.sin(across), Math.cos(down), Math.sin(down)];
	return [ca, 0, -sa, -sa * sd, -cd, -ca * sd, sa * cd, -sd, ca * cd];
}
