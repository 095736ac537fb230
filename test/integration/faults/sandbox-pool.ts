import { type Sandbox, SANDBOX_CUSTOMERS, startSandbox } from '../../../sandbox';
import { fetchToken } from '../sandbox/support';

/**
 * Sandboxes that are used again and again: to start one for each cell would take most of the time.
 * Their tokens do not say where they are from, so that the nodes use them at any address.
 */
export class SandboxPool {
	private readonly free: Sandbox[];

	private constructor(private readonly all: readonly Sandbox[]) {
		this.free = [...all];
	}

	/** Starts sandboxes; each has answered a request, so that the next ones are answered fast. */
	static async start(count: number): Promise<SandboxPool> {
		const sandboxes: Sandbox[] = [];
		while (sandboxes.length < count) {
			const sandbox = await startSandbox({ seedShares: false, tokenFormat: 'opaque' });
			sandboxes.push(sandbox);
			await fetchToken(sandbox, SANDBOX_CUSTOMERS.sharer);
		}
		return new SandboxPool(sandboxes);
	}

	/** A sandbox as if it had just been started. */
	async borrow(): Promise<Sandbox> {
		const sandbox = this.free.pop();
		if (sandbox === undefined) throw new Error('More cells are under way than there are sandboxes');
		await sandbox.admin.reset();
		return sandbox;
	}

	/** Takes a sandbox back. */
	giveBack(sandbox: Sandbox): void {
		this.free.push(sandbox);
	}

	/** Closes all of them. */
	async close(): Promise<void> {
		await Promise.all(this.all.map(async (sandbox) => await sandbox.close()));
	}
}
