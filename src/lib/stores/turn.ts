/** Letting others have a turn: long work in one thread must not stall timers, messages and frames. */

const immediate = (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate;
const waiting: (() => void)[] = [];
let channel: MessageChannel | undefined;

/** Resolves in a later turn of the event loop, without the 4 ms that browsers add to repeated timers. */
export function nextTurn(): Promise<void> {
	if (immediate) return new Promise((resolve) => void immediate(resolve));
	if (!channel) {
		channel = new MessageChannel();
		channel.port1.onmessage = () => waiting.shift()?.();
	}
	const { port2 } = channel;
	return new Promise((resolve) => {
		waiting.push(resolve);
		port2.postMessage(0);
	});
}

/** Milliseconds of work after which others get a turn: half a frame. */
const longest = 8;

/** To be called often during long work: gives a promise to wait for when it is time to let others have a turn. */
export function turns(): () => Promise<void> | undefined {
	let since = performance.now();
	return () => {
		if (performance.now() - since < longest) return undefined;
		return nextTurn().then(() => {
			since = performance.now();
		});
	};
}
