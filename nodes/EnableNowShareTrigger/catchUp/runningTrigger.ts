import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';

import { type EnableNowCredential, readCredential } from '../../shared/api/credential';
import { RetryingClient } from '../../shared/api/retryingClient';
import { formatLogMessage } from '../../shared/errors/logMessage';
import { RequestError } from '../../shared/errors/requestError';
import { parseRetryAfter } from '../../shared/api/retryAfter';
import { sleepUnlessAborted } from '../../shared/async/sleep';
import { createClient } from '../../shared/api/client';
import { CatchUp } from './catchUp';
import { Deliveries } from './deliveries';
import { fingerprintOf, type Fingerprints } from './fingerprints';
import { forgetTrigger, knownTriggerOf, setStarting, setTrigger } from './liveTriggers';
import { Memory } from './memory';
import { type CatchUpSettings, readCatchUpSettings } from './settings';
import { forgetStoredMemory, readStoredMemory, type StoredMemory } from './storedMemory';

/** How the list is read: slowly, since nobody waits for it and workflows share the rate limit. */
const RETRIES = { maxConcurrentRequests: 4, maxRetries: 3, maxRetryWait: 60 };

/** How long one request may take, in seconds. */
const REQUEST_TIMEOUT = 30;

/** How long to wait after a catch-up that failed, in milliseconds; doubled each time. */
const FIRST_RETRY_PAUSE = 2_000;
const LONGEST_RETRY_PAUSE = 30_000;

/**
 * Starts the catch-up of a trigger, where it is on: at once, at every start of n8n, and then at each
 * interval. It does not wait for EnableNow and does not throw, since n8n would not activate the
 * workflow then.
 */
export async function startTrigger(context: ITriggerFunctions): Promise<ITriggerResponse> {
	// While n8n listens for a test event there is nothing to catch up.
	if (context.getMode() === 'manual') return await Promise.resolve({});
	const settings = readCatchUpSettings(context, (problem) =>
		context.logger.warn(
			`${context.getNode().name} leaves out what it does not understand: ${problem}`,
		),
	);
	if (!settings.isOn) {
		// What comes while it is off is not remembered, and would be emitted again if it was on later.
		forgetStoredMemory(context);
		forgetTrigger(context);
		return {};
	}
	const trigger = new RunningTrigger(context, settings, readStoredMemory(context));
	setStarting(context, trigger.started);
	void trigger.run();
	return { closeFunction: async () => await trigger.stop() };
}

/** The catch-up for one app; made anew where the credential becomes that of another. */
interface Work {
	app: string;
	deliveries: Deliveries;
	catchUp: CatchUp;
	seen: Fingerprints;
	clientId: string;
}

/** A trigger that catches up, from its activation to its deactivation. */
class RunningTrigger {
	private tellStarted: () => void = () => undefined;

	/** Until it takes events, or until its credential turns out not to be readable for now. */
	readonly started = new Promise<void>((resolve) => (this.tellStarted = resolve));

	private readonly stopper = new AbortController();
	private work: Work | undefined;
	private isUnmatchedTold = false;

	constructor(
		private readonly context: ITriggerFunctions,
		private readonly settings: CatchUpSettings,
		/** What n8n had stored when it was activated; not used for an app of later. */
		private stored: StoredMemory | undefined,
	) {}

	async stop(): Promise<void> {
		this.stopper.abort();
		const { work } = this;
		this.work = undefined;
		await work?.deliveries.stop();
	}

	/** Catches up until the trigger is stopped; never throws. */
	async run(): Promise<void> {
		const { signal } = this.stopper;
		let failures = 0;
		while (!signal.aborted) {
			let pause = this.settings.interval;
			try {
				await this.catchUp();
				failures = 0;
			} catch (error) {
				this.forgetReading();
				pause = Math.min(pause, pauseAfter(error, failures++));
				if (!signal.aborted) this.tellFailure(error, failures);
			}
			await pauseUnlessStopped(pause, signal);
		}
	}

	private async catchUp(): Promise<void> {
		const work = await this.currentWork().finally(() => this.tellStarted());
		if (work === undefined) return;
		const connection = await createClient(this.context, REQUEST_TIMEOUT);
		const api = new RetryingClient(connection, RETRIES, this.stopper.signal);
		try {
			const { memory } = work.deliveries;
			const isFirst = !memory.hasBaseline;
			const count = await work.catchUp.run(api, work.seen);
			// What is left of them is caught up after the next start.
			if (this.stopper.signal.aborted) return;
			if (isFirst) this.log('info', `knows ${work.seen.size} shares, and catches up from now on.`);
			const events = count === 1 ? '1 event' : `${count} events`;
			if (count > 0) this.log('info', `caught up on ${events} that it had not received.`);
			this.tellUnmatched(work);
		} finally {
			api.close();
		}
	}

	/** What was listed before a catch-up failed may not have been started. */
	private forgetReading(): void {
		if (this.work !== undefined) this.work.seen = this.work.deliveries.memory.listedShares();
	}

	/** The work for the app that the credential names now; none where the trigger was stopped. */
	private async currentWork(): Promise<Work | undefined> {
		const credential = await readCredential(this.context);
		return this.stopper.signal.aborted ? undefined : this.workFor(credential);
	}

	private workFor(credential: EnableNowCredential): Work {
		const { settings } = this;
		const clientId = settings.clientId || credential.clientId;
		const app = fingerprintOf(JSON.stringify([credential.baseUrl, credential.clientId, clientId]));
		if (this.work?.app === app) return this.work;
		const deliveries = this.deliveriesFor(app);
		this.work = {
			app,
			deliveries,
			catchUp: new CatchUp(deliveries, clientId, settings.selection, settings),
			seen: deliveries.memory.listedShares(),
			clientId,
		};
		return this.work;
	}

	/** What is under way and remembered for an app: what this process knows is newer than what is stored. */
	private deliveriesFor(app: string): Deliveries {
		const known = knownTriggerOf(this.context);
		if (known?.memory.app === app) {
			known.resume(this.context);
			return known;
		}
		known?.replace();
		const memory = new Memory(app, this.stored?.app === app ? this.stored : undefined);
		// By the next time, n8n will have stored something else.
		this.stored = undefined;
		const deliveries = new Deliveries(this.context, memory);
		setTrigger(this.context, deliveries);
		return deliveries;
	}

	/** Said once for each row of failures: a service that is away for hours would fill the log. */
	private tellFailure(error: unknown, failures: number): void {
		const level = failures === 1 ? 'warn' : 'debug';
		this.log(level, `could not catch up, and tries again until it can: ${formatLogMessage(error)}`);
	}

	private tellUnmatched({ deliveries, seen, clientId }: Work): void {
		if (this.isUnmatchedTold || deliveries.memory.hasMatched || seen.size === 0) return;
		this.isUnmatchedTold = true;
		this.log(
			'warn',
			`finds no share for the app ${clientId} among the ${seen.size} that EnableNow lists, so there is nothing to catch up on. Check 'Catch Up: Receiving App (Client ID)'. If it is right, EnableNow may list only the shares that an app made itself: then the catch-up cannot work.`,
		);
	}

	private log(level: 'debug' | 'info' | 'warn', text: string): void {
		this.context.logger[level](`${this.context.getNode().name} ${text}`);
	}
}

/**
 * How long to wait before trying again: as EnableNow asks, or longer each time. After a wrong client
 * secret, not before the interval is over: an app that goes on could be locked out.
 */
function pauseAfter(error: unknown, failures: number): number {
	if (isTokenRefused(error)) return Number.POSITIVE_INFINITY;
	const header = error instanceof RequestError ? error.retryAfter : undefined;
	const usual = Math.min(FIRST_RETRY_PAUSE * 2 ** failures, LONGEST_RETRY_PAUSE);
	return Math.max(usual, parseRetryAfter(header, Date.now()) ?? 0);
}

/** Whether EnableNow gives no token, and would give none the next time. */
function isTokenRefused(error: unknown): boolean {
	if (!(error instanceof RequestError) || error.kind !== 'tokenRefused') return false;
	return !error.isTemporary;
}

/**
 * In steps, since a timer goes on after the trigger was stopped: for a second, not for hours. The time of
 * day is not asked for: a clock that is set back would make it a day.
 */
async function pauseUnlessStopped(milliseconds: number, signal: AbortSignal): Promise<void> {
	const end = performance.now() + milliseconds;
	for (let left = milliseconds; left > 0 && !signal.aborted; left = end - performance.now()) {
		await sleepUnlessAborted(Math.min(left, 1_000), signal);
	}
}
