import type { Report } from "./report.ts";
export async function checkJava(report: Report, ..._: unknown[]): Promise<void> {
	report.skip("Java: not yet");
}
