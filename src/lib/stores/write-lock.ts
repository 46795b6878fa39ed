/**
 * One writer at a time for a store that several tabs and workers can open, by the Web Locks API (w3c.github.io/web-locks).
 * The lock is taken at the first write and given back a moment after the last, so that an image is written as a whole;
 * `run` around all of its writes makes sure. Readers are not held up. A worker or tab that ends gives its locks back.
 */
import { ChunkwiseError } from "../errors.ts";

export interface WriteLockOptions {
	/** Name of the store. */
	name: string;
	/** Default the platform's; undefined where there are none: then everyone writes. */
	locks?: LockManager;
	/** Milliseconds to wait for another writer. */
	wait: number;
	/** Done each time that the lock was got, before the first write. */
	begin(): Promise<void>;
}

/** Milliseconds without a write after which others may write. */
const idle = 200;

interface Session {
	writers: number;
	granted: Promise<void>;
	release(): void;
	timer?: ReturnType<typeof setTimeout>;
}

/** Shared by the stores of one name in this worker: they do not wait for each other. */
const sessions = new WeakMap<LockManager, Map<string, Session>>();

export class WriteLock {
	readonly #options: WriteLockOptions;

	constructor(options: WriteLockOptions) {
		this.#options = options;
	}

	/**
	 * Runs an action while no other tab or worker writes.
	 * @throws ChunkwiseError storage-busy where another one goes on writing
	 */
	async run<T>(action: () => Promise<T>): Promise<T> {
		const { locks, name } = this.#options;
		if (!locks) return action();
		const open = sessions.get(locks) ?? new Map<string, Session>();
		sessions.set(locks, open);
		const session = open.get(name) ?? this.#begin(locks, open);
		open.set(name, session);
		session.writers++;
		clearTimeout(session.timer);
		try {
			await session.granted;
			return await action();
		} finally {
			session.writers--;
			if (session.writers === 0) session.timer = setTimeout(session.release, idle);
		}
	}

	#begin(locks: LockManager, open: Map<string, Session>): Session {
		const { name, wait, begin } = this.#options;
		const patience = new AbortController();
		const timer = setTimeout(() => patience.abort(), wait);
		const end = () => open.delete(name);
		const session: Session = { writers: 0, granted: Promise.resolve(), release: end };
		session.granted = new Promise<void>((granted, refused) => {
			const held = () => {
				clearTimeout(timer);
				return new Promise<void>((release) => {
					session.release = () => {
						end();
						release();
					};
					begin().then(granted, refused);
				});
			};
			locks.request(name, { signal: patience.signal }, held).catch((cause) => {
				clearTimeout(timer);
				end();
				refused(patience.signal.aborted ? busy(name, wait, cause) : cause);
			});
		});
		// Each writer hears of a refusal by itself.
		session.granted.catch(() => {});
		return session;
	}
}

function busy(name: string, wait: number, cause: unknown): ChunkwiseError {
	return new ChunkwiseError(
		"storage-busy",
		`Another tab or worker has been writing to this store for ${wait / 1000} s.`,
		{
			where: name,
			remedy: "Let it end or close it, then try again, or write to a store of another name.",
			cause,
		},
	);
}
