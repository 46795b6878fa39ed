/** The storage comparison alive: operations to carry out, targets to point at, assumptions to turn. */
import { targetOf } from "../../../lib/plan/storage-case.ts";
import {
	assumptionsOf,
	describeRun,
	firstOperation,
	itemsOf,
	type StorageComparisonProps,
	storageTwin,
} from "../../../lib/plan/storage-comparison.ts";
import {
	type StorageOperation,
	type StorageRun,
	storageOperations,
} from "../../../lib/plan/storage-model.ts";
import { figureId, typeset, updateTwin } from "../html.ts";
import { debounced, part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { readAssumptions, turned } from "./assumptions.ts";
import { LabClient } from "./lab-client.ts";
import type { Target } from "./lab-worker.ts";
import { StorageScene } from "./scene.ts";
import { datasetName, storageHtml } from "./static.ts";

export async function mount(host: HTMLElement, props: StorageComparisonProps): Promise<MountedFigure> {
	const assumptions = assumptionsOf(props);
	const items = itemsOf(props);
	const given: Target = { file: props.file, folder: props.folder };
	const client = new LabClient();
	const made = client.make(items, { name: datasetName(props), capacity: props.capacity });
	/** Every operation on the data as they were first; asked for when the table needs it. */
	let all: StorageRun[] | undefined;
	/** What was carried out here, over it. */
	const own = new Map<StorageOperation, StorageRun>();
	const isStatic = host.querySelector(".cw-fig-body") !== null;
	if (!isStatic) {
		host.textContent = "Storing the data on a volume and in a bucket…";
		try {
			await made;
			all = await client.each(given, assumptions);
			host.innerHTML = storageHtml(props, figureId(), all);
		} catch (error) {
			client.close();
			throw error;
		}
	}

	const events = new AbortController();
	const { signal } = events;
	const form = part<HTMLFormElement>(host, ".cw-fig-form");
	// What the reader turned before the script was there.
	readAssumptions(form, assumptions);
	let target: Target = given;
	const scene = new StorageScene(host, props, signal, {
		choose: (chosen) => void choose(chosen),
		assumptions: () => assumptions,
	});

	/** The words below: after a pause, so that a turned dial is not read out number by number. */
	const say = debounced((run: StorageRun) => {
		const runs = all?.map((planned) => own.get(planned.operation) ?? planned);
		const twin = storageTwin(runs ?? [run], run, assumptions);
		part(host, ".cw-fig-summary").textContent = typeset(twin.summary);
		part(host, ".cw-fig-twin caption").textContent = typeset(twin.caption);
		if (runs) updateTwin(host, twin);
		else {
			part(host, ".cw-fig-status").textContent = typeset(describeRun(run, assumptions));
			const row =
				host.querySelectorAll<HTMLTableRowElement>(".cw-fig-twin tbody tr")[
					storageOperations.indexOf(run.operation)
				];
			twin.rows[0].forEach((text, i) => {
				if (row) row.cells[i].textContent = i === 0 ? text : typeset(text);
			});
		}
	}, 250);

	/** One thing after the other: what is pressed meanwhile waits. */
	let queue: Promise<void> = made;
	function inTurn(act: () => Promise<void>): Promise<void> {
		form.setAttribute("aria-busy", "true");
		const mine = queue.then(act).catch((error: Error & { remedy?: string }) => {
			if (!signal.aborted) scene.problem(`${error.message} ${error.remedy ?? ""}`);
		});
		queue = mine;
		return mine.finally(() => {
			if (queue === mine) form.removeAttribute("aria-busy");
		});
	}

	async function perform(operation: StorageOperation, about: Target): Promise<StorageRun> {
		const run = await client.perform(operation, about, assumptions);
		own.set(operation, run);
		target = run.next;
		return run;
	}

	function press(value: string): void {
		void inTurn(async () => {
			let run: StorageRun;
			if (value === "start-over") {
				own.clear();
				await client.startOver();
				run = await perform("list-all", { folder: "" });
				const { file, folder } = targetOf(items, "list-all", given);
				target = { file, folder };
				run = { ...run, next: target };
			} else {
				const operation = storageOperations.find((name) => name === value);
				if (!operation) return;
				run = await perform(operation, target);
			}
			if (signal.aborted) return;
			scene.show(run);
			say(run);
		});
	}

	function choose(chosen: Target): Promise<void> {
		return inTurn(async () => {
			const { after } = scene.run.objects;
			const { file, folder } = targetOf(after, scene.run.operation, chosen);
			target = { file, folder };
			const about = await client.look(file);
			if (!signal.aborted) scene.settle(target, about);
		});
	}

	// What was pressed before there was a listener; from here on the loader's note of it is not looked at.
	const { wanted } = host.dataset;
	form.addEventListener("submit", (event) => event.preventDefault(), { signal });
	form.addEventListener(
		"click",
		(event) => {
			const button = (event.target as HTMLElement).closest<HTMLElement>("[data-act=start]");
			if (button) press(button.dataset.value ?? "");
		},
		{ signal },
	);
	form.addEventListener(
		"input",
		({ target: input }) => {
			if (!turned(input as HTMLInputElement, assumptions)) return;
			scene.reprice();
			void inTurn(async () => {
				all ??= await client.each(given, assumptions);
				if (!signal.aborted) say(scene.run);
			});
		},
		{ signal },
	);

	// The static figure shows what this gives; the two stores have to be where it ends.
	await inTurn(async () => {
		const run = await perform(props.operation ?? firstOperation, given);
		if (!signal.aborted) scene.start(run);
		say(run);
	});
	if (wanted) press(wanted);
	host.dataset.ready = "";
	return {
		destroy() {
			events.abort();
			say.cancel();
			client.close();
			delete host.dataset.ready;
		},
	};
}
