/** Keeps what a cell's last run read and wrote; what shows it is loaded with the first request. */
import type { StoreRequest } from "../../kernel/worker/requests.ts";
import type { CellPart } from "../cell/cell-parts.ts";

export const requestLog: CellPart = (cell) => {
	const { id } = cell.data;
	const requests = new Map<number, StoreRequest>();
	let rest = { requests: 0, read: 0, written: 0 };
	let view: import("./request-log.ts").RequestLogView | undefined;

	const clear = () => {
		requests.clear();
		rest = { requests: 0, read: 0, written: 0 };
		view?.clear();
	};
	cell.session.on("run-started", (run) => {
		if (run.cell === id) clear();
	});
	cell.on("state", ({ name }) => {
		if (name === "idle") clear();
	});
	cell.session.on("requests", async (told) => {
		if (told.cell !== id) return;
		for (const request of told.requests) requests.set(request.id ?? requests.size, request);
		rest = told.rest ?? rest;
		try {
			const { RequestLogView } = await import("./request-log.ts");
			view ??= new RequestLogView(cell.element, cell.data.title);
			// Cleared while this was loading: there is nothing to show.
			if (requests.size > 0) view.show({ requests: [...requests.values()], rest });
		} catch (error) {
			// The run goes on without its log.
			console.error(error);
		}
	});
};
