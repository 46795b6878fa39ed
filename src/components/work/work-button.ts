/** The “Your work” button of a lesson's controls: what it opens comes with the first press. */
const button = document.querySelector<HTMLButtonElement>("chunkwise-controls [data-part=work]");
if (button) {
	button.disabled = false;
	button.addEventListener("click", async () => {
		try {
			const { openWork } = await import("./work-dialog.ts");
			await openWork();
		} catch (error) {
			const state = document.querySelector("chunkwise-controls [data-part=state]");
			if (state) state.textContent = "Could not load; check the connection and press again.";
			console.error(error);
		}
	});
}
