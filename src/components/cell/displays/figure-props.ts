/**
 * Props of a figure that a cell displays. Figures are written as markup with their numbers in it; a cell could give
 * text where a number belongs, and text that reads as markup. So no text keeps a character that markup is made of.
 */
const lookalikes: Record<string, string> = { "<": "‹", ">": "›", '"': "″", "'": "′", "`": "‵" };

export function inertProps(props: unknown): Record<string, unknown> {
	return inert(props) as Record<string, unknown>;
}

function inert(value: unknown): unknown {
	if (typeof value === "string") return inertText(value);
	if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
	if (Array.isArray(value)) return value.map(inert);
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [inertText(key), inert(item)]));
}

function inertText(text: string): string {
	return text.replace(/[<>"'`]/g, (character) => lookalikes[character]);
}
