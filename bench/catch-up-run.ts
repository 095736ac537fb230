import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestEntry } from '../sandbox';
import { waitFor } from '../scripts/n8n';
import { executedEvents } from './executed-events';
import type { Bench } from './part';
import type { BenchWorkflow } from './workflows';

/** How long nothing may happen before a catch-up counts as over, in milliseconds. */
const QUIET_TIME = 3_000;

/** How long a catch-up may take, in milliseconds. */
const TIMEOUT = 600_000;

/** What a catch-up cost. */
export interface CatchUpRun {
	/** Why it does not count; undefined where it did what it should. */
	failure: string | undefined;
	/** How many pages of the list it asked for. */
	requestCount: number;
	/** Seconds from its first request until the last was answered and the last execution over. */
	seconds: number;
	/** Seconds from the beginning of what started it until the webhook was served. */
	secondsUntilServed: number;
	/** Bytes that n8n stores for the trigger afterwards. */
	storedBytes: number;
}

/**
 * Follows a catch-up, and what comes of it.
 *
 * @param shareIds the shares that are new since the last time
 * @param start makes the trigger catch up; resolves when the webhook is served. Without it, the
 *   catch-up comes at the interval
 */
export async function runCatchUp(
	{ n8n, sandbox }: Bench,
	workflow: BenchWorkflow,
	shareIds: readonly string[],
	start: () => Promise<void> = async () => await Promise.resolve(),
): Promise<CatchUpRun> {
	const { database } = n8n;
	const newestBefore = await database.newestExecution();
	const requestsBefore = (await sandbox.admin.requests(LISTING)).length;
	const startedAt = Date.now();
	await start();
	const secondsUntilServed = (Date.now() - startedAt) / 1000;
	await quiet({ n8n, sandbox }, requestsBefore);
	const requests = (await sandbox.admin.requests(LISTING)).slice(requestsBefore).filter(isOfList);
	const { id } = await n8n.activate(workflow);
	const executed = executedEvents(await database.executions(id, newestBefore), shareIds);
	const { from, to } = spanOf(requests);
	const isComplete =
		executed.shareCount === shareIds.length &&
		executed.executionCount === Math.min(shareIds.length, 1);
	return {
		failure: isComplete
			? undefined
			: `${executed.executionCount} executions for ${executed.shareCount} of ${shareIds.length} shares`,
		requestCount: requests.length,
		seconds: (Math.max(to, executed.endedAt) - from) / 1000,
		secondsUntilServed,
		storedBytes: Buffer.byteLength(await database.processedData(id)),
	};
}

const LISTING = { method: 'GET', path: '/shares' };

/** Whether a request is for a page of the list: the check of the credential asks for one share. */
function isOfList({ query, status }: Pick<RequestEntry, 'query' | 'status'>): boolean {
	return new URLSearchParams(query).get('pageSize') !== '1' && status === 200;
}

/** From the first request until the last was answered, in milliseconds since 1970. */
function spanOf(requests: ReadonlyArray<Pick<RequestEntry, 'at' | 'duration'>>): {
	from: number;
	to: number;
} {
	const times = requests.map(({ at }) => Date.parse(at));
	const ends = requests.map(({ duration }, index) => (times[index] ?? NaN) + (duration ?? 0));
	return { from: Math.min(...times), to: Math.max(...ends) };
}

/** Waits until the list has been asked for, and then until nothing happens any more. */
async function quiet(
	{ n8n, sandbox }: Pick<Bench, 'n8n' | 'sandbox'>,
	requestsBefore: number,
): Promise<void> {
	const isListRead = async (): Promise<boolean> =>
		(await sandbox.admin.requests(LISTING)).slice(requestsBefore).some(isOfList);
	await waitFor('the trigger to catch up', isListRead, { timeout: TIMEOUT });
	// The counter is cheap, so that waiting does not slow the sandbox down.
	const state = async (): Promise<string> => {
		const { requests } = await sandbox.admin.counters();
		return `${requests['GET /shares'] ?? 0} ${await n8n.database.newestExecution()}`;
	};
	let before = await state();
	await waitFor(
		'the catch-up to be over',
		async () => {
			await sleep(QUIET_TIME);
			const now = await state();
			const isOver = now === before && (await n8n.database.runningExecutions()) === 0;
			before = now;
			return isOver;
		},
		{ timeout: TIMEOUT },
	);
}
