/** Code that came in the address: shown beside what is there, taken when the reader says so, never run by itself. */
import "./work.css";
import { isChunkwiseError } from "../../lib/errors.ts";
import { element } from "../cell/displays/element.ts";
import { page } from "../cell/lazy.ts";
import { ChoiceBar, smallButton } from "./choice-bar.ts";
import { thisLesson } from "./keys.ts";
import { type SharedCode, unpackCode } from "./share-code.ts";
import { codeBlock } from "./shown-code.ts";
import { workOfPage } from "./work-part.ts";

interface Offer {
	take(): void;
	dismiss(): void;
}

let open: { banner: HTMLElement; offers: Map<string, Offer> } | undefined;

/** Shows what a fragment holds, or says why it cannot be read. */
export async function openLink(fragment: string): Promise<void> {
	close();
	const banner = element("section", {
		class: "cw-link-banner not-content",
		"aria-label": "Code from a link",
		tabindex: "-1",
	});
	document.querySelector("chunkwise-controls")?.after(banner);
	open = { banner, offers: new Map() };
	try {
		await offer(await unpackCode(fragment), banner, open.offers);
	} catch (error) {
		if (!isChunkwiseError(error)) console.error(error);
		const words = isChunkwiseError(error)
			? `${error.message} ${error.remedy}`
			: "The code in this link could not be shown. Reload the page to try again.";
		say(banner, "A link with code", words, [{ label: "Close", act: close }]);
	}
	banner.focus({ preventScroll: true });
	banner.scrollIntoView({ block: "center" });
}

async function offer(shared: SharedCode, banner: HTMLElement, offers: Map<string, Offer>): Promise<void> {
	const { lesson, cells } = shared;
	if (lesson !== thisLesson()) {
		say(banner, "A link with code", "The code in this link belongs to another lesson of the course.", [
			{ label: "Close", act: close },
		]);
		return;
	}
	await page();
	const unknown: string[] = [];
	let same = 0;
	for (const [id, source] of Object.entries(cells)) {
		const found = workOfPage.get(id);
		if (!found) unknown.push(id);
		else if (found.cell.source === source) same++;
		else
			offers.set(
				id,
				offerIn(id, source, () => done(id)),
			);
	}
	const parts = [
		offers.size > 0
			? `It brings code for ${countOf(offers.size)}: look at it in its place below. It has not been run, and nothing of yours was changed.`
			: "",
		same > 0 ? `${countOf(same)} would be as ${same === 1 ? "it is" : "they are"} here already.` : "",
		unknown.length > 0
			? `This lesson has no cell to edit named ${unknown
					.slice(0, 5)
					.map((id) => `“${id}”`)
					.join(", ")}${unknown.length > 5 ? " and others" : ""}: the link may be older than the lesson.`
			: "",
	];
	const choices =
		offers.size === 0
			? [{ label: "Close", act: close }]
			: [
					{ label: "Take all", act: () => all((one) => one.take()) },
					{ label: "Dismiss", act: () => all((one) => one.dismiss()) },
				];
	say(banner, "Code from a link", parts.filter(Boolean).join(" "), choices);
}

function offerIn(id: string, source: string, done: () => void): Offer {
	const { cell, keeper } = workOfPage.get(id) as NonNullable<ReturnType<typeof workOfPage.get>>;
	const bar = new ChoiceBar("Code from a link");
	const end = () => {
		bar.remove();
		done();
	};
	const take = () => {
		end();
		keeper.take(source, { held: true }, "The code from the link is in. It runs when you run it.");
	};
	cell.element.querySelector("[data-part=code]")?.before(bar.element);
	bar.ask(
		"The link brings this code:",
		[
			{ label: "Take it", act: take },
			{ label: "Dismiss", act: end },
		],
		{
			label: "Compare with what is here",
			texts: () => ({
				before: cell.source,
				after: source,
				beforeName: "What is here",
				afterName: "From the link",
			}),
		},
		codeBlock(source),
	);
	return { take, dismiss: end };
}

function all(action: (offer: Offer) => void): void {
	for (const one of [...(open?.offers.values() ?? [])]) action(one);
	close();
}

function done(id: string): void {
	open?.offers.delete(id);
	if (open?.offers.size === 0) close();
}

/** Takes banner and offers away, and the code out of the address, so that a reload does not bring it again. */
function close(): void {
	const was = open;
	open = undefined;
	for (const one of [...(was?.offers.values() ?? [])]) one.dismiss();
	was?.banner.remove();
	if (was && location.hash.startsWith("#code=")) {
		history.replaceState(history.state, "", location.pathname + location.search);
	}
}

function say(
	banner: HTMLElement,
	title: string,
	text: string,
	choices: { label: string; act(): void }[],
): void {
	const buttons = element("div", { class: "cw-bar-buttons" });
	for (const { label, act } of choices) {
		const button = smallButton(label);
		button.addEventListener("click", act);
		buttons.append(button);
	}
	banner.replaceChildren(element("h2", {}, title), element("p", { role: "status" }, text), buttons);
}

function countOf(cells: number): string {
	return cells === 1 ? "one cell" : `${cells} cells`;
}
