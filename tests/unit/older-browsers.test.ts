import { expect, test } from "vitest";
import { anySignal } from "../../src/kernel/worker/older-browsers.ts";

test("12: the stand-in for AbortSignal.any aborts with the first, for its reason, and once", () => {
	const [a, b] = [new AbortController(), new AbortController()];
	const any = anySignal([a.signal, b.signal]);
	let told = 0;
	any.addEventListener("abort", () => told++);
	expect(any.aborted).toBe(false);
	b.abort("second");
	a.abort("first");
	expect(any.reason).toBe("second");
	expect(told).toBe(1);
});

test("12: it is aborted at once where one of the signals is", () => {
	const any = anySignal([new AbortController().signal, AbortSignal.abort("before")]);
	expect(any.aborted).toBe(true);
	expect(any.reason).toBe("before");
});
