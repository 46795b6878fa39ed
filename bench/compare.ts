/** The tables of the steps: against a copy, against zarrita, against Python; ours in Node and in Chromium. */
import { formatBytes } from "../src/lib/index.ts";
import { showTable, type Times } from "./measure.ts";
import type { Step, Steps } from "./steps.ts";
import { type Peer, targetOf, verdict } from "./targets.ts";

export function showSteps(what: string, node: Steps, chromium: Steps | undefined, browser: string): void {
	const byName = new Map(chromium?.steps.map((step) => [step.name, step]));
	const names = [...new Set([...node.steps, ...(chromium?.steps ?? [])].map(({ name }) => name))];
	const inNode = new Map(node.steps.map((step) => [step.name, step]));
	const over = (step: Step | undefined, peer: Peer, times: Times | undefined) =>
		step && times ? verdict(step.ours.median / times.median, targetOf(step.name, peer)) : "";
	showTable({
		name: "steps",
		title: `The lesson's steps on ${what}: ${node.shape.join(" × ")} ${node.dtype}, ${formatBytes(node.bytes)}; ${browser}`,
		columns: ["", "Node ms", "× copy", "best", "Chromium ms", "× copy", "best", "stored"],
		rows: names.map((name) => {
			const [a, b] = [inNode.get(name), byName.get(name)];
			const stored = (a ?? b)?.stored;
			return [
				name,
				a?.ours.median ?? "",
				over(a, "copy", a?.copy),
				a?.ours.best ?? "",
				b?.ours.median ?? "",
				over(b, "copy", b?.copy),
				b?.ours.best ?? "",
				stored === undefined ? "" : formatBytes(stored),
			];
		}),
	});
	const zarrita = node.steps.filter((step) => step.zarrita);
	showTable({
		name: "zarrita",
		title: "Chunks of 64 × 64 × 64 in memory, one level: ours and zarrita with numcodecs, in turn (ms)",
		columns: ["", "Node", "zarrita", "ours / it", "Chromium", "zarrita", "ours / it"],
		rows: zarrita.map((a) => {
			const b = byName.get(a.name);
			return [
				a.name,
				a.ours.median,
				a.zarrita?.median ?? "",
				over(a, "zarrita", a.zarrita),
				b?.ours.median ?? "",
				b?.zarrita?.median ?? "",
				over(b, "zarrita", b?.zarrita),
			];
		}),
	});
	const python = node.steps.filter((step) => step.python);
	if (python.length === 0) return;
	showTable({
		name: "python",
		title: "Ours and Python's (tifffile, xarray, zarr-python), in turn with Node's (ms)",
		columns: ["", "Node", "Python", "ours / it", "Chromium", "ours / Python's"],
		rows: python.map((a) => {
			const b = byName.get(a.name);
			return [
				a.name,
				a.ours.median,
				a.python?.median ?? "",
				over(a, "python", a.python),
				b?.ours.median ?? "",
				over(b, "python", a.python),
			];
		}),
	});
}
