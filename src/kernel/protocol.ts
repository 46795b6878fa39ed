/** What page and kernel say to each other. Everything here survives structured cloning. */
import type { DisplayModel, DisplayQuestion } from "../lib/display.ts";
import type { Progress } from "../lib/progress.ts";
import type { Analysis } from "./compile/compile.ts";
import type { RequestRest, StoreRequest } from "./worker/requests.ts";

/** Settings of the site and of the reader that the kernel needs. */
export interface KernelSettings {
	samples: {
		/** Where the original sample image is downloaded from; the library's own default where absent. */
		hl60Url?: string;
		/** Where the public image is asked for; the library's own default where absent. */
		publicImageUrl?: string;
		/** Folder of the generated data, as an absolute URL ending in a slash. */
		dataUrl: string;
		prefer?: "auto" | "original" | "phantom" | "own";
		/** The reader's own TIFF. */
		own?: { blob: Blob; name: string };
	};
}

export type ToKernel =
	| { type: "configure"; settings: KernelSettings }
	| { type: "analyse"; request: number; cells: { id: string; source: string }[] }
	| {
			type: "run";
			run: number;
			cell: string;
			source: string;
			check?: string;
			/** The cell that each name comes from which this one uses, where several define it. */
			from?: Record<string, string>;
	  }
	/** The cell is no longer on the page: its names go. */
	| { type: "forget"; cell: string }
	| { type: "ping"; request: number }
	/** A display asks for more of its value; `source` is the name that its model has. */
	| { type: "ask"; request: number; source: string; question: DisplayQuestion }
	/** `why`: in words why no service worker serves buckets. */
	| { type: "bucket-served"; request: number; url: string; why?: string };

export type FromKernel =
	| { type: "ready" }
	| { type: "analysed"; request: number; analyses: Record<string, Analysis> }
	| { type: "pong"; request: number }
	| { type: "answer"; request: number; answer: DisplayAnswer }
	/** `bytes`: what has come of it so far. */
	| { type: "loading"; run: number; what: string; bytes?: number }
	| { type: "running"; run: number }
	| { type: "outputs"; run: number; outputs: Output[] }
	/** What the run read and wrote since the last such message; one with the number of an earlier one replaces it. */
	| { type: "requests"; run: number; requests: StoreRequest[]; rest?: RequestRest }
	| { type: "done"; run: number; ms: number; defines: string[]; verdict?: Verdict }
	| { type: "failed"; run: number; ms: number; error: ErrorOutput }
	/** A cell asks for a bucket: only a page can start the service worker that serves it. */
	| { type: "serve-bucket"; request: number };

/** Something under a cell. */
export type Output =
	| { kind: "display"; model: DisplayModel; id: number }
	/** Takes the place of the display of this number, of the same run. */
	| { kind: "update"; model: DisplayModel; id: number }
	| ConsoleOutput
	| { kind: "progress"; progress: Progress; elapsed: number }
	| { kind: "notice"; text: string };

/** What a display asked for, or in words why it cannot be had. */
export type DisplayAnswer = { answer: unknown } | { error: string };

export interface ConsoleOutput {
	kind: "console";
	level: "log" | "info" | "warn" | "error" | "debug";
	text: string;
	/** Lines before this one that are not shown, because there were too many. */
	dropped?: number;
}

/** An error in plain words, with its place in the reader's own code. */
export interface ErrorOutput {
	/** "ReferenceError", "SyntaxError", "ChunkwiseError not-a-tiff", … */
	name: string;
	message: string;
	/** The way out, where one is known. */
	remedy?: string;
	/** 1-based place in a cell. */
	place?: Place;
	/** Where it came from, innermost first: places in cells only. */
	trace: Place[];
	/** The engine's own stack, for those who want it. */
	stack?: string;
}

export interface Place {
	cell: string;
	line: number;
	column: number;
}

/** Where an attempt at an exercise ended, in the order in which an answer is looked at. */
export type FeedbackKind = "blank" | "syntax" | "type" | "run" | "check" | "deadline";

/** What a learner is told of an attempt that did not pass: sentences, the place, the next step. */
export interface Feedback {
	kind: FeedbackKind;
	message: string;
	next?: string;
	detail?: string;
	/** 1-based place in the answer. */
	place?: { line: number; column: number };
}

/** What came of an attempt. `message`: what the author says to a right answer. */
export type Verdict = { passed: true; checks: number; message?: string } | ({ passed: false } & Feedback);
