/** What a run costs in time and money, from what went out and from assumptions that the reader may change. */
import { type StorageAssumptions, type StorageSide, type StorageStep, stepBytes } from "./storage-model.ts";

/** One side's cost. */
export interface SideCost {
	/** Calls or requests, without those that were tried in vain. */
	calls: number;
	tried: number;
	bytesDown: number;
	bytesUp: number;
	bytesInside: number;
	/** Estimate. Bytes copied within the storage cost no time in it. */
	seconds: number;
	/** For `datasets` data sets: the operation once. */
	dollars: number;
	/** For `datasets` data sets: keeping what is there afterwards for a month. */
	dollarsMonth: number;
	/** By step, attempts too. */
	steps: { seconds: number; dollars: number }[];
}

const gigabyte = 2 ** 30;

/**
 * The cost of one side. Each call or request costs its latency, as many at once as the step allows; bytes share the
 * bandwidth. Files cost their volume; a bucket costs what it holds, requests by their kind, and bytes that leave it.
 */
export function costOf(
	side: StorageSide,
	which: "files" | "objects",
	assumptions: StorageAssumptions,
): SideCost {
	const isFiles = which === "files";
	const latency = isFiles ? assumptions.fileLatency : assumptions.objectLatency;
	const bandwidth = isFiles ? assumptions.fileBandwidth : assumptions.objectBandwidth;
	const stepCost = (step: StorageStep) => {
		const { bytesDown, bytesUp } = stepBytes(step);
		const atOnce = step.atOnce === "parallel" ? assumptions.parallel : step.atOnce;
		const seconds = Math.ceil(step.exchanges.length / atOnce) * latency + (bytesDown + bytesUp) / bandwidth;
		if (isFiles) return { seconds, dollars: 0 };
		const each =
			step.tier === "write" ? assumptions.writeRequests : step.tier === "read" ? assumptions.readRequests : 0;
		const dollars = (step.exchanges.length * each) / 1000 + (bytesDown / gigabyte) * assumptions.egress;
		return { seconds, dollars: dollars * assumptions.datasets };
	};
	const cost: SideCost = {
		calls: 0,
		tried: 0,
		bytesDown: 0,
		bytesUp: 0,
		bytesInside: 0,
		seconds: 0,
		dollars: 0,
		dollarsMonth:
			(side.paid / gigabyte) *
			(isFiles ? assumptions.volumeMonth : assumptions.objectMonth) *
			assumptions.datasets,
		steps: side.steps.map(stepCost),
	};
	side.steps.forEach((step, i) => {
		if (step.attempt) {
			cost.tried += step.exchanges.length;
			return;
		}
		const bytes = stepBytes(step);
		cost.calls += step.exchanges.length;
		cost.bytesDown += bytes.bytesDown;
		cost.bytesUp += bytes.bytesUp;
		cost.bytesInside += bytes.bytesInside;
		cost.seconds += cost.steps[i].seconds;
		cost.dollars += cost.steps[i].dollars;
	});
	return cost;
}
