/** The calls of programs that do the same, to be copied. */
import { type CommandInput, conversionCommands } from "../../lib/plan/conversion-commands.ts";
import { element } from "../cell/displays/element.ts";

export function showCommands(place: Element, input: CommandInput): void {
	place.replaceChildren(
		...conversionCommands(input).flatMap(({ program, text, differs }) => {
			const said = element("span", { role: "status", class: "cw-own-note" });
			const copy = element("button", { type: "button", class: "cw-small-button" }, "Copy");
			copy.setAttribute("aria-label", `Copy the call of ${program}`);
			copy.addEventListener("click", async () => {
				await navigator.clipboard.writeText(text.replace(/ \\\n\s*/g, " ")).then(
					() => said.replaceChildren("Copied, as one line."),
					() => said.replaceChildren("The browser did not let the page copy: select the text."),
				);
			});
			return [
				element("h4", {}, program),
				element(
					"pre",
					{ tabindex: "0", role: "region", "aria-label": `Call of ${program}` },
					element("code", {}, text),
				),
				element("p", { class: "cw-own-row" }, copy, said),
				...(differs.length > 0 ? [element("p", { class: "cw-own-note" }, differs.join(" "))] : []),
			];
		}),
	);
}
