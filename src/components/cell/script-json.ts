/** JSON for a `<script type="application/json">`: no `<` can end the script or open a comment. */
export function scriptJson(value: unknown): string {
	return JSON.stringify(value).replace(/</g, "\\u003c");
}
