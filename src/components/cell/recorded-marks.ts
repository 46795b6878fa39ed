/**
 * Says on a recorded output that it came of the author's code, where the reader has changed a cell that it depends on.
 * Under a changed cell itself it is hidden by a style.
 */
export function markRecorded(): void {
	const edited = new Set(
		[...document.querySelectorAll<HTMLElement>(".cw-cell-edited")].map((cell) => cell.dataset.cell),
	);
	for (const recorded of document.querySelectorAll<HTMLElement>("[data-part=recorded]")) {
		const uses = recorded.dataset.uses?.split(" ") ?? [];
		recorded.toggleAttribute(
			"data-others-code",
			uses.some((id) => edited.has(id)),
		);
	}
}
