import { checkValues, isObject, MILLISECONDS, oneOf, type ValueCheck } from './value-check';
import type { Delivery } from './webhooks/deliveries';
import type { Webhook } from './webhooks/webhook';

/** A limit on the calls per second; calls over it are answered with 429 and `Retry-After`. */
export interface RateLimit {
	/** Calls that are let through in any one second, counted for each app by itself. */
	requestsPerSecond: number;
	/** The value of `Retry-After`, in whole seconds. 1 if absent. */
	retryAfter?: number;
	/** The app that is limited; every app if absent. */
	clientId?: string;
}

/**
 * What can be set while the sandbox runs. Most are choices between answers that EnableNow's
 * documentation leaves open; the assumptions in `openapi.yaml` name them.
 */
export interface SandboxSettings {
	/** The form of access tokens. */
	tokenFormat: 'jwt' | 'opaque';
	/** For how long a new token is valid, in whole seconds. */
	tokenLifetime: number;
	/** The data of a share event: `{ shareId }`, `{ id }`, the bare identifier, or the share. */
	eventData: 'shareId' | 'id' | 'string' | 'share';
	/** The order of `GET /shares`, by creation. */
	listOrder: 'oldestFirst' | 'newestFirst';
	/** The body of the answer to `PUT /shares/{shareId}`; `empty` is 204. */
	updateAnswer: 'share' | 'id' | 'empty';
	/** The answer to `GET /cfa/accounts`: a bare list, or `{ data: list }`. */
	accountsAnswer: 'list' | 'data';
	/** Whether an app sees, by identifier and in its list, the shares that target it. */
	receiverSeesShares: boolean;
	/** Milliseconds to wait before a call is processed. */
	latency: number;
	/** The rate limit; null is none. */
	rateLimit: RateLimit | null;
}

/** How to start a sandbox. Everything is optional. */
export interface SandboxOptions extends Partial<SandboxSettings> {
	/** The TCP port on 127.0.0.1; 0, the default, is any free one. */
	port?: number;
	/**
	 * The seed of the data and of faults by rate: the same seed gives the same identifiers and names,
	 * and lets faults strike the same ones of the same requests.
	 */
	seed?: number;
	/** Whether there are some shares from the start. True by default. */
	seedShares?: boolean;
	/** The webhooks that are registered from the start, by client ID. */
	webhooks?: Record<string, Webhook[]>;
	/** Gets each event that was sent, once it is known what became of it. */
	onDelivery?: (delivery: Delivery) => void;
	/** Gets each line of the log; without it the sandbox is silent, but for broken contracts. */
	log?: (line: string) => void;
}

/** What holds where an option is not given. */
export const DEFAULT_SETTINGS: Readonly<SandboxSettings> = {
	tokenFormat: 'jwt',
	tokenLifetime: 3600,
	eventData: 'shareId',
	listOrder: 'oldestFirst',
	updateAnswer: 'share',
	accountsAnswer: 'list',
	receiverSeesShares: true,
	latency: 0,
	rateLimit: null,
};

/** The values that a setting with a choice can have, for checks and for the command line. */
export const SETTING_CHOICES = {
	tokenFormat: ['jwt', 'opaque'],
	eventData: ['shareId', 'id', 'string', 'share'],
	listOrder: ['oldestFirst', 'newestFirst'],
	updateAnswer: ['share', 'id', 'empty'],
	accountsAnswer: ['list', 'data'],
} as const satisfies { [Name in keyof SandboxSettings]?: ReadonlyArray<SandboxSettings[Name]> };

/**
 * Checks settings that came from outside.
 *
 * @param settings - Should be any of {@link SandboxSettings}
 * @throws Error that names the setting and what it can be
 */
export function checkSettings(settings: object): asserts settings is Partial<SandboxSettings> {
	checkValues(settings, SETTING_CHECKS, 'setting');
}

const SETTING_CHECKS: Readonly<Record<keyof SandboxSettings, ValueCheck>> = {
	tokenFormat: oneOf(SETTING_CHOICES.tokenFormat),
	tokenLifetime: {
		allows: (value) => Number.isInteger(value) && (value as number) > 0,
		meaning: 'whole seconds, at least 1',
	},
	eventData: oneOf(SETTING_CHOICES.eventData),
	listOrder: oneOf(SETTING_CHOICES.listOrder),
	updateAnswer: oneOf(SETTING_CHOICES.updateAnswer),
	accountsAnswer: oneOf(SETTING_CHOICES.accountsAnswer),
	receiverSeesShares: {
		allows: (value) => typeof value === 'boolean',
		meaning: 'true or false',
	},
	latency: MILLISECONDS,
	rateLimit: {
		allows: (value) => value === null || isRateLimit(value),
		meaning: 'null, or an object with requestsPerSecond above 0',
	},
};

function isRateLimit(value: unknown): boolean {
	if (!isObject(value)) return false;
	const { requestsPerSecond } = value;
	return typeof requestsPerSecond === 'number' && requestsPerSecond > 0;
}
