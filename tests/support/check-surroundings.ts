/** What the check of an exercise finds without importing it, as declarations for TypeScript. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const worker = join(import.meta.dirname, "../../src/kernel/worker");

/** A declaration of the kernel as it stands there. */
function declared(file: string, pattern: RegExp): string {
	const found = pattern.exec(readFileSync(join(worker, file), "utf8"));
	if (!found) throw new Error(`${file} declares no such type: ${pattern}`);
	return found[0].replace(/^export /, "");
}

export const checkSurroundings = `
${declared("expect.ts", /^export type Tolerance = .*;$/m)}
${declared("expect.ts", /^export interface Expectation \{[\s\S]*?^\}$/m)}
${declared("expect.ts", /^export type Expect = .*;$/m)}
type RecordedRequest = import("chunkwise").RecordedRequest;
${declared("requests.ts", /^export interface StoreRequest extends RecordedRequest \{[\s\S]*?^\}$/m)}
declare const expect: Expect;
/** Ends the check with a sentence for the learner, and one that says what to try next. */
declare function fail(message: string, next?: string): never;
/** What the learner reads when the check holds. */
declare function praise(message: string): void;
/** What the answer threw, where it did: only a check that uses it finds such an answer right. */
declare const error: unknown;
/** What the answer read and wrote. */
declare const requests: StoreRequest[];
/** The value of the answer's last expression. */
declare const value: any;
/** The answer as typed. */
declare const source: string;
/** What the answer displayed. */
declare const displays: any[];
/** What the answer wrote to the console. */
declare const lines: string[];
`;
