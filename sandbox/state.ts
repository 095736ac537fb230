import { randomInt } from 'node:crypto';
import { BackgroundWork } from './background-work';
import { CUSTOMER_LIST, SANDBOX_CUSTOMERS, SANDBOX_EXAMPLES } from './customers';
import { createRandom } from './data/random';
import type { CustomerData } from './data/records';
import { createCustomerData } from './data/seed';
import { createSeedShares } from './data/seed-shares';
import { FaultQueue } from './faults/fault-queue';
import { PostponedWork } from './faults/postponed-work';
import {
	checkSettings,
	DEFAULT_SETTINGS,
	type SandboxOptions,
	type SandboxSettings,
} from './options';
import { TokenStore } from './oauth/token-store';
import { ShareStore } from './sharing/share-store';
import { createCounters } from './traffic/counters';
import { RateLimiter } from './traffic/rate-limiter';
import { RequestLog } from './traffic/request-log';
import { Deliveries } from './webhooks/deliveries';
import type { Webhook } from './webhooks/webhook';

/** The seed of the data and of faults by rate where none is given. */
export const DEFAULT_SEED = 20260415;

const NO_EXAMPLES = { consentIds: [], accountIds: [], analysisIds: [] };

/** All that a sandbox remembers. */
export class SandboxState {
	settings!: SandboxSettings;
	shares!: ShareStore;
	tokens!: TokenStore;
	webhooks!: Map<string, Webhook[]>;
	/** Nothing changes it, so a reset need not make it again. */
	readonly customerData: ReadonlyMap<string, CustomerData>;
	readonly faults: FaultQueue;
	readonly counters = createCounters();
	readonly rateLimiter = new RateLimiter();
	readonly requests = new RequestLog();
	/** All that goes on without a request that waits for it. */
	readonly backgroundWork = new BackgroundWork();
	readonly postponedWork = new PostponedWork(this.backgroundWork);
	readonly deliveries: Deliveries;

	/**
	 * For the identifiers of new shares. Not seeded, and not reset: whoever remembers the shares of
	 * an earlier run must not meet their identifiers again.
	 */
	readonly random = createRandom(randomInt(2 ** 32));

	private readonly startedAt = new Date();
	private readonly seed: number;

	/** The sandbox's URL, once it listens. */
	url = '';

	/** @param options - What to begin with, and what a reset leads back to */
	constructor(private readonly options: SandboxOptions) {
		this.deliveries = new Deliveries(this.backgroundWork, (delivery) => {
			const { url, status, duration, error } = delivery;
			this.log(`  event to ${url} ${error ?? String(status)} ${String(duration)} ms`);
			options.onDelivery?.(delivery);
		});
		this.seed = options.seed ?? DEFAULT_SEED;
		this.faults = new FaultQueue(this.seed);
		this.customerData = new Map(
			CUSTOMER_LIST.map(({ clientId }, position) => [
				clientId,
				createCustomerData(
					this.seed + position,
					this.startedAt,
					clientId === SANDBOX_CUSTOMERS.sharer.clientId ? SANDBOX_EXAMPLES : NO_EXAMPLES,
				),
			]),
		);
		this.reset();
	}

	/** Goes back to the start: data, tokens, webhooks, settings, faults, logs and counters. */
	reset(): void {
		this.settings = readSettings(this.options);
		this.shares = new ShareStore();
		if (this.options.seedShares ?? true) {
			for (const share of createSeedShares(this.seed, this.startedAt, this.customerData))
				this.shares.add(share);
		}
		this.tokens = new TokenStore(this.settings, () => this.url);
		this.webhooks = new Map(Object.entries(this.options.webhooks ?? {}));
		this.faults.clear();
		this.postponedWork.drop();
		this.rateLimiter.clear();
		this.requests.clear();
		this.deliveries.clear();
		Object.assign(this.counters, createCounters());
	}

	/** Changes settings while the sandbox runs. */
	configure(changes: Partial<SandboxSettings>): void {
		checkSettings(changes);
		// The object stays the same, since others hold on to it.
		Object.assign(this.settings, changes);
	}

	/** Writes a line to the log, if there is one. */
	log(line: string): void {
		this.options.log?.(`${new Date().toISOString().slice(11, 23)} ${line}`);
	}
}

/** The settings among the options, completed by the defaults. */
function readSettings(options: SandboxOptions): SandboxSettings {
	const settings = Object.fromEntries(
		Object.entries(options).filter(
			([name, value]) => name in DEFAULT_SETTINGS && value !== undefined,
		),
	);
	checkSettings(settings);
	return { ...DEFAULT_SETTINGS, ...settings };
}
