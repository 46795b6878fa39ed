import type { ConversionRequest } from "./messages.ts";

/** Whether what was begun is what is asked for; how long it took until now says nothing. */
export function sameConversion(before: ConversionRequest, now: ConversionRequest): boolean {
	const parts = ({ file, chosen, name, choice, folder }: ConversionRequest) =>
		JSON.stringify([file, chosen, name, choice, folder ?? null]);
	return parts(before) === parts(now);
}
