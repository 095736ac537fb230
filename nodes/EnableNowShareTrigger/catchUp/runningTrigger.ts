import type { IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';

import type { EnableNowCredential } from '../../shared/api/credential';
import { createClient } from '../../shared/api/client';
import { RetryingClient } from '../../shared/api/retryingClient';
import { listAllShares, listNewShares } from '../../shared/api/shareList';
import { sleepUnlessAborted } from '../../shared/async/abort';
import { formatLogMessage } from '../../shared/errors/nodeError';
import { RequestError } from '../../shared/errors/requestError';
import { errorMessage } from '../../shared/errors/text';
import { SHARE_UPDATED } from '../description';
import { createdKey, isSelected, updatedKey } from '../events';
import type { Handover } from './ledger';
import { type CatchUpSettings, readCatchUpSettings } from '../settings';
import { getTriggerKey, TriggerCache } from './triggerCache';

/** How the list is read: slowly, since nobody waits for it and workflows share the rate limit. */
const RETRIES = { maxConcurrentRequests: 4, maxRetries: 3, maxRetryWait: 60 };

const REQUEST_TIMEOUT_SECONDS = 30;

/** The wait after a catch-up that failed; doubled each time. */
const MIN_WAIT_MS = 2_000;
const MAX_WAIT_MS = 30_000;

/** How often an execution that n8n could not carry out is started, before the list is read again. */
const MAX_ATTEMPTS = 3;

/**
 * Starts the catch-up of a trigger, where it is on: at once, at every start of n8n, and then at each
 * interval. It does not wait for EnableNow and does not throw, since n8n would not activate the
 * workflow then.
 */
export async function startTrigger(context: ITriggerFunctions): Promise<ITriggerResponse> {
	// While n8n listens for a test event there is nothing to catch up.
	if (context.getMode() === 'manual') return await Promise.resolve({});
	const { name } = context.getNode();
	const settings = readCatchUpSettings(context, (problem) =>
		context.logger.warn(`${name} uses a default: ${problem}`),
	);
	if (!settings.isOn) return {};
	const cache = new TriggerCache(getTriggerKey(context));
	void new RunningTrigger(context, settings, cache).run();
	return { closeFunction: async () => await Promise.resolve(cache.close()) };
}

/**
 * A trigger that catches up, from its activation to its deactivation. It knows what it has listed; what has
 * started the workflow is for the ledger to know.
 */
class RunningTrigger {
	/** Identifies the EnableNow, the app and the receiver that the shares are listed for. */
	private app = '';
	private receiver = '';

	/** The shares that were listed, by `identifierKey`, if changes are not wanted. */
	private readonly listed = new Set<string>();
	private isHandedOver = false;
	/** Restart executions that n8n could not carry out. */
	private retries: Array<() => void> = [];
	/** Whether n8n could not carry out the last execution. */
	private isFailing = false;

	constructor(
		private readonly context: ITriggerFunctions,
		private readonly settings: CatchUpSettings,
		private readonly cache: TriggerCache,
	) {}

	async run(): Promise<void> {
		const { signal } = this.cache;
		let failures = 0;
		while (!signal.aborted) {
			let wait = this.settings.interval;
			try {
				await this.catchUp();
				failures = 0;
			} catch (error) {
				wait = Math.min(wait, getRetryWait(error, failures));
				// Once per series of failures: an outage of hours would otherwise fill the log.
				const level = failures++ === 0 ? 'warn' : 'debug';
				if (signal.aborted) return;
				this.log(level, `could not catch up, and will try again: ${formatLogMessage(error)}`);
			}
			await sleepUnlessAborted(wait, signal);
		}
	}

	private async catchUp(): Promise<void> {
		const { signal } = this.cache;
		for (const retry of this.retries.splice(0)) retry();
		const connection = await createClient(this.context, REQUEST_TIMEOUT_SECONDS);
		this.use(connection.credential);
		const listedAt = new Date().toISOString();
		const client = new RetryingClient(connection, RETRIES, signal);
		const areChangesWanted = isSelected(SHARE_UPDATED, this.settings.selection);
		const listing = areChangesWanted ? listAllShares(client) : listNewShares(client, this.listed);
		const shares = await listing.finally(() => client.close());
		// What is left is caught up after the next start.
		if (signal.aborted) return;
		const isFirst = !this.isHandedOver;
		const matching = shares.filter(({ clientId }) => clientId === this.receiver);
		if (isFirst && matching.length === 0 && shares.length > 0) {
			this.log(
				'warn',
				`finds no share for the app ${this.receiver} among the ${shares.length} that EnableNow lists. Check 'Catch Up: Receiving App (Client ID)'. If it is right, EnableNow may list only the shares that an app made itself: then the catch-up cannot work.`,
			);
		}
		// The shares that, as far as this process knows, have not started the workflow.
		const unknown = matching.filter((share) => {
			const isChanged = areChangesWanted && !this.cache.has(updatedKey(share));
			return isFirst || isChanged || !this.cache.has(createdKey(share));
		});
		if (unknown.length > 0 || isFirst || this.cache.waiting.length > 0) {
			this.start({ app: this.app, listedAt, shares: unknown, settings: { ...this.settings } }, 1);
		}
		this.isHandedOver = true;
	}

	/** Lists anew where the credential has become that of another app. */
	private use({ baseUrl, clientId }: EnableNowCredential): void {
		const receiver = this.settings.clientId || clientId;
		const app = JSON.stringify([baseUrl, clientId, receiver]);
		if (app === this.app) return;
		this.app = app;
		this.receiver = receiver;
		this.retries = [];
		this.forgetList();
	}

	private forgetList(): void {
		this.listed.clear();
		this.cache.clear();
		this.isHandedOver = false;
	}

	/** Starts an execution, and takes note where n8n cannot carry it out. */
	private start(handover: Handover, attempts: number): void {
		const { shares, app, listedAt } = handover;
		const { waiting } = this.cache;
		const current = shares.filter((share) => !this.cache.isOutdated(share, listedAt));
		this.cache.addRecorded([...shares.map(createdKey), ...current.map(updatedKey)]);
		const done = this.context.helpers.createDeferredPromise<IRun>();
		void getFailure(done.promise, this.context.getNode().name).then((failure) => {
			if (app !== this.app || this.cache.signal.aborted) return;
			const level = this.isFailing ? 'debug' : 'warn';
			this.isFailing = failure !== undefined;
			// In queue mode a worker has recorded them, and it cannot tell this process.
			if (failure === undefined) return this.cache.addRecorded(waiting);
			this.log(level, `started an execution that n8n could not carry out: ${failure}`);
			if (attempts < MAX_ATTEMPTS) this.retries.push(() => this.start(handover, attempts + 1));
			else this.forgetList();
		});
		this.context.emit([[{ json: { handover } }]], undefined, done);
	}

	private log(level: 'debug' | 'warn', text: string): void {
		this.context.logger[level](`${this.context.getNode().name} ${text}`);
	}
}

/**
 * How long to wait after a catch-up that failed, in milliseconds: as EnableNow asks, or longer each time;
 * for ever after a wrong client secret, since an app that goes on could be locked out.
 *
 * @param failures - how many catch-ups before this one failed in a row
 */
export function getRetryWait(error: unknown, failures: number): number {
	const wait = Math.min(MIN_WAIT_MS * 2 ** failures, MAX_WAIT_MS);
	if (!(error instanceof RequestError)) return wait;
	if (error.kind === 'tokenRefused' && !error.isTemporary) return Number.POSITIVE_INFINITY;
	return Math.max(wait, error.retryAfter ?? 0);
}

/**
 * Why an execution failed before it reached the nodes after the trigger. In queue mode, one whose worker died
 * names no node. n8n gives no run for one that was stopped, timed out, or, before 2.21, is not saved.
 */
async function getFailure(done: Promise<IRun>, triggerName: string): Promise<string | undefined> {
	try {
		const { status, data } = await done;
		const { lastNodeExecuted = triggerName, error } = data.resultData;
		const isOver = ['success', 'waiting', 'canceled'].includes(status);
		return isOver || lastNodeExecuted !== triggerName ? undefined : errorMessage(error);
	} catch (error) {
		const message = errorMessage(error);
		const isOver = /could not find execution|cancelled (manually|because it timed out)/i;
		return isOver.test(message) ? undefined : message;
	}
}
