/** What a cell finds without importing it, as declarations. The kernel gives these; TypeScript's own worker library the rest. */

/** For every cell. The drawing types are those of the document that D3 and Plot draw into; it is no value of a cell. */
export const cellSurroundings = `
/**
 * Shows a value under the cell: a picture, a table, a tree, text, an SVG. The value of a cell's last expression is
 * shown by itself; \`display\` shows more of them, in order, and gives back a handle to show something else there.
 */
declare function display(...values: unknown[]): {
	/** Shows something else in the same place. */
	update(value: unknown): void;
};

interface Node extends EventTarget {
	readonly nodeName: string;
	readonly parentNode: Node | null;
	readonly childNodes: NodeListOf<Node>;
	readonly ownerDocument: Document | null;
	textContent: string | null;
	appendChild<T extends Node>(node: T): T;
	removeChild<T extends Node>(node: T): T;
	insertBefore<T extends Node>(node: T, before: Node | null): T;
	cloneNode(deep?: boolean): Node;
}
interface NodeListOf<T extends Node> {
	readonly length: number;
	[index: number]: T;
	item(index: number): T;
	forEach(callback: (value: T, index: number) => void): void;
	[Symbol.iterator](): ArrayIterator<T>;
}
interface Element extends Node {
	id: string;
	className: string;
	innerHTML: string;
	readonly outerHTML: string;
	readonly tagName: string;
	readonly children: NodeListOf<Element>;
	getAttribute(name: string): string | null;
	setAttribute(name: string, value: string): void;
	removeAttribute(name: string): void;
	append(...nodes: (Node | string)[]): void;
	prepend(...nodes: (Node | string)[]): void;
	remove(): void;
	querySelector<E extends Element = Element>(selector: string): E | null;
	querySelectorAll<E extends Element = Element>(selector: string): NodeListOf<E>;
}
interface CSSStyleDeclaration {
	[property: string]: any;
	getPropertyValue(name: string): string;
	setProperty(name: string, value: string | null, priority?: string): void;
}
interface HTMLElement extends Element { readonly style: CSSStyleDeclaration; title: string }
interface HTMLImageElement extends HTMLElement { src: string; alt: string; width: number; height: number }
interface SVGElement extends Element { readonly style: CSSStyleDeclaration }
interface SVGSVGElement extends SVGElement { readonly viewBox: unknown }
interface SVGGElement extends SVGElement { readonly transform: unknown }
interface SVGMarkerElement extends SVGElement { readonly orientType: unknown }
interface Document extends Node {
	readonly documentElement: HTMLElement;
	readonly body: HTMLElement;
	createElement(name: string): HTMLElement;
	createElementNS(namespace: string | null, name: string): Element;
	createTextNode(text: string): Node;
	querySelector<E extends Element = Element>(selector: string): E | null;
}
interface XMLDocument extends Document {}
interface Window extends EventTarget { readonly document: Document }
interface WheelEvent extends Event { readonly deltaX: number; readonly deltaY: number }
interface GlobalEventHandlersEventMap { [type: string]: Event }
interface ElementEventMap { [type: string]: Event }
interface HTMLElementEventMap { [type: string]: Event }
interface SVGElementEventMap { [type: string]: Event }
interface DocumentEventMap { [type: string]: Event }
interface WindowEventMap { [type: string]: Event }
interface ElementTagNameMap {
	svg: SVGSVGElement;
	g: SVGGElement;
	path: SVGElement;
	line: SVGElement;
	circle: SVGElement;
	ellipse: SVGElement;
	rect: SVGElement;
	text: SVGElement;
	tspan: SVGElement;
	div: HTMLElement;
	span: HTMLElement;
	p: HTMLElement;
	table: HTMLElement;
	img: HTMLImageElement;
}
`;
