/**
 * A WebGL2 program of two shaders. One whose context was taken away meanwhile is given as it is: it is made anew later.
 * @param what whose program it is, for the error: "the viewer"
 * @throws Error where it does not link
 */
export function linkProgram(
	gl: WebGL2RenderingContext,
	vertex: string,
	fragment: string,
	what: string,
): WebGLProgram {
	const program = gl.createProgram();
	for (const [type, source] of [
		[gl.VERTEX_SHADER, vertex],
		[gl.FRAGMENT_SHADER, fragment],
	] as const) {
		const shader = gl.createShader(type) as WebGLShader;
		gl.shaderSource(shader, source);
		gl.compileShader(shader);
		gl.attachShader(program, shader);
		gl.deleteShader(shader);
	}
	gl.linkProgram(program);
	if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
		throw new Error(`${what}'s program does not link: ${gl.getProgramInfoLog(program)}`);
	}
	return program;
}
