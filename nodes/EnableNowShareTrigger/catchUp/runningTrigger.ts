import type { IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';

import type { EnableNowCredential } from '../../shared/api/credential';
import { createClient, type EnableNowClient } from '../../shared/api/client';
import { patientApi } from '../../shared/api/retryingClient';
import { repetitionOf } from '../../shared/api/retryPolicy';
import { parseRetryAfter } from '../../shared/api/retryAfter';
import { ShareListing } from '../../shared/api/shareListing';
import type { Share } from '../../shared/api/shares';
import { sleepUnlessAborted } from '../../shared/async/sleep';
import { errorMessage } from '../../shared/errors/message';
import { RequestError } from '../../shared/errors/requestError';
import { identifierKey } from '../../shared/input/identifiers';
import { failureInWords } from '../logMessage';
import { readSettings, type TriggerSettings } from '../settings';
import { isSelected, SHARE_CREATED, SHARE_UPDATED } from '../webhook/events';
import { createdKey, formatEnd, updatedKey } from './eventKey';
import { type Handover, toExecutionItem } from './handover';
import { closeCache, openCache, type TriggerCache } from './triggerCache';

/** How the list is read: slowly, since nobody waits for it and workflows share the rate limit. */
const PATIENCE = { maxConcurrentRequests: 4, maxRetries: 3, maxRetryWait: 60, isFixed: true };

/** How long one request may take, in seconds. */
const REQUEST_TIMEOUT = 30;

/** How long to wait after a catch-up that failed, in milliseconds; doubled each time. */
const MIN_RETRY_WAIT_MS = 2_000;
const MAX_RETRY_WAIT_MS = 30_000;

/** How often an execution is started that n8n could not carry out, before the list is read again. */
const MAX_ATTEMPTS = 3;

/**
 * Starts the catch-up of a trigger, where it is on: at once, at every start of n8n, and then at each
 * interval. It does not wait for EnableNow and does not throw, since n8n would not activate the
 * workflow then.
 */
export async function startTrigger(context: ITriggerFunctions): Promise<ITriggerResponse> {
	// While n8n listens for a test event there is nothing to catch up.
	if (context.getMode() === 'manual') return await Promise.resolve({});
	const settings = readSettings(context, (problem) =>
		context.logger.warn(
			`${context.getNode().name} leaves out what it does not understand: ${problem}`,
		),
	);
	if (!settings.catchUp.isOn) return {};
	const trigger = new RunningTrigger(context, settings);
	void trigger.run();
	return { closeFunction: async () => await Promise.resolve(trigger.stop()) };
}

/** A handover that n8n could not carry out. */
interface FailedHandover {
	handover: Handover;
	attempts: number;
}

/**
 * A trigger that catches up, from its activation to its deactivation. It remembers what it has listed, and
 * nothing else: which shares have started the workflow is the ledger's to know.
 */
class RunningTrigger {
	private readonly stopper = new AbortController();
	private readonly cache: TriggerCache;
	private readonly isUpdatedSelected: boolean;

	/** Identifies the EnableNow, the app and the receiver that the shares are listed for. */
	private app = '';
	private receiver = '';
	private isHandedOver = false;

	/** The shares that were listed, by `identifierKey`, and when they ended. */
	private listed = new Set<string>();
	private readonly ends = new Map<string, string>();

	private failed: FailedHandover[] = [];
	private isUnmatchedLogged = false;

	constructor(
		private readonly context: ITriggerFunctions,
		private readonly settings: TriggerSettings,
	) {
		this.cache = openCache(context);
		this.isUpdatedSelected = this.isSelected(SHARE_UPDATED);
	}

	stop(): void {
		this.stopper.abort();
		closeCache(this.context, this.cache);
	}

	/** Catches up until the trigger is stopped; never throws. */
	async run(): Promise<void> {
		const { signal } = this.stopper;
		let failures = 0;
		while (!signal.aborted) {
			let wait = this.settings.catchUp.interval;
			try {
				await this.catchUp();
				failures = 0;
			} catch (error) {
				wait = Math.min(wait, getRetryWait(error, failures++));
				if (!signal.aborted) this.logFailure(error, failures);
			}
			await sleepUnlessAborted(wait, signal);
		}
	}

	private async catchUp(): Promise<void> {
		const { signal } = this.stopper;
		for (const { handover, attempts } of this.failed.splice(0)) this.start(handover, attempts + 1);
		const connection = await createClient(this.context, REQUEST_TIMEOUT);
		this.use(connection.credential);
		const listedAt = new Date().toISOString();
		const client = patientApi(connection, PATIENCE, signal);
		const shares = await this.readShares(client).finally(client.close);
		// What is left is caught up after the next start.
		if (signal.aborted) return;
		const matching = shares.filter(({ clientId }) => clientId === this.receiver);
		// At first nothing is known: the ledger may be about another app, and is begun anew then.
		const candidates = matching.filter((share) => !this.isHandedOver || this.isCandidate(share));
		if (candidates.length > 0 || !this.isHandedOver || this.cache.waiting.length > 0) {
			this.start(this.toHandover(listedAt, candidates), 1);
		}
		this.isHandedOver = true;
		for (const share of matching) this.ends.set(identifierKey(share.id), formatEnd(share));
		this.logUnmatched();
	}

	/** Begins anew where the credential has become that of another app. */
	private use({ baseUrl, clientId }: EnableNowCredential): void {
		const receiver = this.settings.catchUp.clientId || clientId;
		const app = JSON.stringify([baseUrl, clientId, receiver]);
		if (app === this.app) return;
		this.app = app;
		this.receiver = receiver;
		this.failed = [];
		this.forgetList();
	}

	private forgetList(): void {
		this.listed.clear();
		this.ends.clear();
		this.isHandedOver = false;
	}

	/** The shares that were not listed before, or all where changes matter too. */
	private async readShares(client: EnableNowClient): Promise<Share[]> {
		// A copy: of a reading that fails, nothing is handed over.
		const listed = new Set(this.listed);
		const listing = new ShareListing(client, listed);
		const shares = this.isUpdatedSelected ? await listing.readAll() : await listing.readNew();
		this.listed = listed;
		return shares;
	}

	/** Whether an execution may be missing for a share, as far as this process knows. */
	private isCandidate(share: Share): boolean {
		const end = this.ends.get(identifierKey(share.id));
		const isNew = end === undefined && !this.cache.has(createdKey(share));
		const isChanged = end !== formatEnd(share) && !this.cache.has(updatedKey(share));
		return isNew || (this.isUpdatedSelected && isChanged);
	}

	private toHandover(listedAt: string, shares: Share[]): Handover {
		const { existing, expired } = this.settings.catchUp;
		const isCreatedSelected = this.isSelected(SHARE_CREATED);
		const { app, isUpdatedSelected } = this;
		return { app, listedAt, shares, isCreatedSelected, isUpdatedSelected, existing, expired };
	}

	private isSelected(name: string): boolean {
		return isSelected({ name }, this.settings.selection);
	}

	/** Starts an execution, and takes note where n8n cannot carry it out. */
	private start(handover: Handover, attempts: number): void {
		const done = this.context.helpers.createDeferredPromise<IRun>();
		done.promise.then(
			(run) => this.end(handover, attempts, getFailure(run, this.context.getNode().name)),
			(error) => this.end(handover, attempts, getRejection(error)),
		);
		this.context.emit([[toExecutionItem(handover)]], undefined, done);
	}

	private end(handover: Handover, attempts: number, failure: string | undefined): void {
		if (failure === undefined || this.stopper.signal.aborted || handover.app !== this.app) return;
		const level = attempts === 1 ? 'warn' : 'debug';
		this.log(level, `started an execution that n8n could not carry out: ${failure}`);
		if (attempts < MAX_ATTEMPTS) this.failed.push({ handover, attempts });
		else this.forgetList();
	}

	/** Logged once for each row of failures: a service that is away for hours would fill the log. */
	private logFailure(error: unknown, failures: number): void {
		const level = failures === 1 ? 'warn' : 'debug';
		this.log(level, `could not catch up, and tries again until it can: ${failureInWords(error)}`);
	}

	private logUnmatched(): void {
		if (this.isUnmatchedLogged || this.ends.size > 0 || this.listed.size === 0) return;
		this.isUnmatchedLogged = true;
		this.log(
			'warn',
			`finds no share for the app ${this.receiver} among the ${this.listed.size} that EnableNow lists, so there is nothing to catch up on. Check 'Catch Up: Receiving App (Client ID)'. If it is right, EnableNow may list only the shares that an app made itself: then the catch-up cannot work.`,
		);
	}

	private log(level: 'debug' | 'warn', text: string): void {
		this.context.logger[level](`${this.context.getNode().name} ${text}`);
	}
}

/**
 * Why an execution was not carried out, as far as n8n's record of it tells; nothing where it was. In queue
 * mode, one whose worker died names no node. One that could not ask the ledger names the trigger.
 */
function getFailure(run: IRun | undefined, triggerName: string): string | undefined {
	const { lastNodeExecuted, error } = run?.data.resultData ?? {};
	const isStarted = lastNodeExecuted !== undefined && lastNodeExecuted !== triggerName;
	const isOver = ['success', 'waiting', 'canceled'].includes(run?.status ?? '');
	return isStarted || isOver ? undefined : (error?.message ?? 'unknown error');
}

/**
 * As {@link getFailure}, where n8n tells of no run: a person stopped it, it took longer than it may, or,
 * in queue mode, n8n before 2.21 was told to keep no record of it.
 */
function getRejection(error: unknown): string | undefined {
	const message = errorMessage(error);
	const isOver = /could not find execution|cancelled (manually|because it timed out)/i.test(
		message,
	);
	return isOver ? undefined : message;
}

/**
 * How long to wait before trying again, in milliseconds: as EnableNow asks, or longer each time. After a
 * wrong client secret, not before the interval is over: an app that goes on could be locked out.
 */
function getRetryWait(error: unknown, failures: number): number {
	if (isTokenRefused(error)) return Number.POSITIVE_INFINITY;
	const header = error instanceof RequestError ? error.retryAfter : undefined;
	const wait = Math.min(MIN_RETRY_WAIT_MS * 2 ** failures, MAX_RETRY_WAIT_MS);
	return Math.max(wait, parseRetryAfter(header, Date.now()) ?? 0);
}

/** Whether EnableNow gives no token, and would give none the next time. */
function isTokenRefused(error: unknown): boolean {
	if (!(error instanceof RequestError) || error.kind !== 'tokenRefused') return false;
	return repetitionOf('GET', error) === 'final';
}
