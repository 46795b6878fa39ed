/**
 * The markup of recorded outputs. It has one plain form (every attribute in double quotes, text escaped, every element
 * closed) and holds only elements and attributes that can neither run nor load anything but the record's own pictures.
 * Whatever else stands in it is refused, so that nothing of it needs to be understood the way a browser would.
 */

/** Markup that a recorded output may not hold. */
export class RecordedMarkupError extends Error {
	override readonly name = "RecordedMarkupError";
}

const words = (text: string) => new Set(text.split(" "));

const htmlTags = words(
	"abbr b blockquote br caption cite code col colgroup dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img kbd li mark ol p pre q s samp small span strong style sub summary sup table tbody td template tfoot th thead tr u ul var",
);
const svgTags = words(
	"circle clipPath defs desc ellipse g line linearGradient marker mask path pattern polygon polyline radialGradient rect stop svg symbol text title tspan",
);
const voidTags = words("br col hr img");

/** Those that begin with `data-` are what the style sheets of figures tell parts apart by. */
const everywhere = words(
	"class id title role lang dir tabindex style data-count data-figure data-form data-kind data-level data-look data-reading data-step data-wait data-worst",
);
const ofTag: Record<string, Set<string>> = {
	img: words("src width height alt loading decoding"),
	td: words("colspan rowspan"),
	th: words("colspan rowspan scope"),
	col: words("span"),
	colgroup: words("span"),
	details: words("open"),
	ol: words("start"),
	template: words("shadowrootmode"),
};
const ofSvg = words(
	"alignment-baseline clip-path clip-rule clipPathUnits color cx cy d dominant-baseline dx dy fill fill-opacity fill-rule focusable font-family font-size font-style font-variant font-variant-numeric font-weight fr fx fy gradientTransform gradientUnits height letter-spacing marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask maskUnits offset opacity orient overflow paint-order patternContentUnits patternTransform patternUnits points preserveAspectRatio r refX refY rotate rx ry shape-rendering spreadMethod stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration textLength transform vector-effect viewBox visibility width word-spacing x x1 x2 xmlns y y1 y2",
);
const roles = words("figure group img list listitem note presentation row rowheader table");
/** Outside a drawing's own box a style may place a part within its parent, and give numbers to the style sheets. */
const ownStyle =
	/^(?:(?:left|top|width|height|max-width|aspect-ratio|fill|--[a-z-]+): ?[^;:"\\]*(?:;\s?|$))*$/;
const loads =
	/url\s*\(|image-set\s*\(|image\s*\(|cross-fade\s*\(|src\s*\(|@import|@font-face|expression\s*\(|\\/i;
const ownReference = /url\(\s*(["']?)#[^"'()\\]*\1\s*\)/gi;
/** The name of a picture of the record. */
const pictureName = /^[a-z][a-z0-9-]*\.webp$/;

/** Whether an element may be in a recorded output; SVG's names only within SVG. */
export function allowsTag(tag: string, inSvg: boolean): boolean {
	return (inSvg ? svgTags : htmlTags).has(tag) || (tag === "svg" && !inSvg);
}

/** Whether an element of a recorded output may have this attribute. */
export function allowsAttribute(tag: string, name: string, inSvg: boolean): boolean {
	if (everywhere.has(name) || /^aria-[a-z]+$/.test(name)) return true;
	return inSvg || tag === "svg" ? ofSvg.has(name) : (ofTag[tag]?.has(name) ?? false);
}

/** Whether an element of a recorded output may be called this: none that takes keys, tells or leads somewhere. */
export function allowsRole(role: string): boolean {
	return roles.has(role);
}

/** Text for an element. */
export function escapeText(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Text for a double-quoted attribute. */
export function escapeMarkup(text: string): string {
	return escapeText(text).replaceAll('"', "&quot;");
}

const token =
	/<style>([^<]*)<\/style>|<([A-Za-z][A-Za-z0-9]*)((?: [A-Za-z][A-Za-z0-9:-]*="[^"<>]*")*)>|<\/([A-Za-z][A-Za-z0-9]*)>|([^<>]+)/y;

/**
 * Checks a recorded output's markup.
 *
 * @returns the names of the pictures in it
 * @throws RecordedMarkupError at the first thing that a recorded output may not hold
 */
export function checkMarkup(html: string): string[] {
	const open: string[] = [];
	const pictures: string[] = [];
	token.lastIndex = 0;
	while (token.lastIndex < html.length) {
		const at = token.lastIndex;
		const match = token.exec(html);
		if (!match) throw refused("something that is not plain markup", html, at);
		const [, sheet, tag, attributes, closed, text] = match;
		const inSvg = open.includes("svg");
		if (sheet !== undefined) {
			if (open.at(-1) !== "template" || mayLoad(sheet))
				throw refused("a style sheet that may load", html, at);
		} else if (tag !== undefined) {
			if (!allowsTag(tag, inSvg) || tag === "style") throw refused(`<${tag}>`, html, at);
			const inShadow = open.includes("template");
			for (const [, name, value] of attributes.matchAll(/ ([^=]+)="([^"]*)"/g)) {
				checkAttribute(tag, name, value, { inSvg, inShadow, html, at });
				if (name === "src") pictures.push(value);
			}
			if (!voidTags.has(tag)) open.push(tag);
		} else if (closed !== undefined) {
			if (open.pop() !== closed) throw refused(`</${closed}> of another element`, html, at);
		} else if (badEntity.test(text)) throw refused("an unescaped &", html, at);
	}
	if (open.length > 0) throw new RecordedMarkupError(`A recorded output does not close <${open.at(-1)}>.`);
	return pictures;
}

const badEntity = /&(?!(?:amp|lt|gt|quot);)/;

interface Where {
	inSvg: boolean;
	inShadow: boolean;
	html: string;
	at: number;
}

function checkAttribute(tag: string, name: string, value: string, where: Where): void {
	const { inSvg, inShadow, html, at } = where;
	const isRight =
		allowsAttribute(tag, name, inSvg) &&
		!badEntity.test(value) &&
		(name !== "role" || allowsRole(value)) &&
		(name !== "tabindex" || value === "0") &&
		(name !== "src" || pictureName.test(value)) &&
		(name !== "shadowrootmode" || value === "open") &&
		(name !== "style" || inShadow || ownStyle.test(value)) &&
		(isProse(name) || !mayLoad(value));
	if (!isRight) throw refused(`${name}="${value.slice(0, 60)}" on <${tag}>`, html, at);
}

/** Attributes whose text is never looked at for addresses. */
function isProse(name: string): boolean {
	return /^(?:aria-.*|title|alt|class)$/.test(name);
}

function mayLoad(text: string): boolean {
	return loads.test(text.replaceAll("&quot;", '"').replace(ownReference, ""));
}

function refused(what: string, html: string, at: number): RecordedMarkupError {
	return new RecordedMarkupError(
		`A recorded output holds ${what}, which it may not: …${html.slice(Math.max(0, at - 40), at + 80)}…`,
	);
}
