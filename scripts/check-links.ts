/**
 * `npm run check:links`: asks for every address of another site that the course links to. Exit code 1 where one is gone
 * or cannot be reached while others can; 2 where nothing can be reached, so that nothing is known.
 */
import { type Answer, askLinks, type Verdict } from "./links/ask.ts";
import { externalLinks } from "./links/external.ts";
import { root } from "./paths.ts";

const links = externalLinks(root);
const oneOfEachHost = [...new Map(links.map(({ address }) => [new URL(address).host, address])).values()];
const first = await askLinks(oneOfEachHost.slice(0, 6), { pauses: [] });
if (first.every(({ verdict }) => verdict === "unreachable")) {
	console.log(
		`Of ${links.length} addresses at ${oneOfEachHost.length} hosts, ${first.length} at different hosts were tried, and none could be reached (${first[0]?.said}): this machine seems to have no network. Nothing is known of them.`,
	);
	process.exit(2);
}
console.log(`Asking for ${links.length} addresses …`);
const answers = await askLinks(
	links.map(({ address }) => address),
	{ onAnswer: ({ address, verdict, said }) => verdict !== "answers" && console.log(`  ${said}  ${address}`) },
);
const places = new Map(links.map(({ address, places }) => [address, places]));
const of = (verdict: Verdict) => answers.filter((answer) => answer.verdict === verdict);

function list(title: string, found: readonly Answer[]): void {
	if (found.length === 0) return;
	console.log(`\n${title}`);
	for (const { address, said } of found)
		console.log(`  ${address} (${said})\n    ${places.get(address)?.join(", ")}`);
}

const gone = of("gone");
const unreachable = of("unreachable");
list("Gone. Link to where it is now, or leave it out:", gone);
list("Not reached, although others were. The site may be down today, or gone for good:", unreachable);
list("Answered, but not to a program. Open them in a browser:", of("refused"));
console.log(
	`\n${of("answers").length} of ${links.length} answer, ${gone.length} gone, ${unreachable.length} not reached, ${of("refused").length} to be looked at in a browser.`,
);
process.exit(gone.length + unreachable.length > 0 ? 1 : 0);
