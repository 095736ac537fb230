import { type Ending, RateLimiter, type Turn } from './rateLimiter';
import { canRetry, isAmbiguous } from './retryPolicy';
import {
	cancelledError,
	givenUpError,
	RequestError,
	silenceError,
	droppedError,
} from '../errors/requestError';
import { parseRetryAfter } from './retryAfter';
import { sleepUnlessAborted } from '../async/sleep';
import type { ApiRequest, EnableNowClient } from './client';

/** How far the node goes to get a request through. */
export interface Patience {
	/** How many requests may be under way at once. */
	maxConcurrentRequests: number;
	/** How often a request is sent again at most. */
	maxRetries: number;
	/** The longest wait before a request is sent again, in seconds. */
	maxRetryWait: number;
	/** Whether nobody can set it, so that no error names the options. */
	isFixed?: boolean;
}

/** The first wait where EnableNow does not say how long, in milliseconds; doubled each time. */
const FIRST_BACK_OFF = 250;

/** When EnableNow counts as silent: this many requests failed, and none was answered, for so long. */
const SILENCE = { requests: 10, milliseconds: 60_000 };

/** An API that keeps to one pace, and can be told to end. */
export interface PatientApi extends EnableNowClient {
	/**
	 * From now on, sends none of certain requests that has not been carried out: neither for the first
	 * time, nor again.
	 */
	stopSending(isUnwanted: (request: ApiRequest) => boolean): void;
}

/**
 * Makes an API that keeps to one pace for all its requests, and sends again what may be sent again.
 *
 * @param api - sends each request once
 * @param patience - how far to go
 * @param stopSignal - fires when the workflow is stopped: nothing more is sent then
 */
export function patientApi(
	api: EnableNowClient,
	patience: Patience,
	stopSignal: AbortSignal | undefined,
): PatientApi {
	const sender = new PatientSender(api, patience, stopSignal);
	return {
		...api,
		send: async (request) => await sender.send(request),
		stopSending: (isUnwanted) => (sender.isUnwanted = isUnwanted),
		close: async () => {
			sender.isUnwanted = () => true;
			// The signal may outlive this API: that of a trigger does.
			stopSignal?.removeEventListener('abort', sender.release);
			await api.close();
		},
	};
}

/** Sends all requests of one run of the node. */
class PatientSender {
	private readonly pace: RateLimiter;

	/** Which requests are no longer wanted. */
	isUnwanted: (request: ApiRequest) => boolean = () => false;

	/** Lets all that wait for their turn go on, to end. */
	readonly release = (): void => this.pace.release();

	/** Why nothing more is sent, at least until a moment. */
	private refusal: { until: number; failure: RequestError } | undefined;

	/** The requests that failed since EnableNow answered one. */
	private troubled: { count: number; since: number } | undefined;

	constructor(
		private readonly api: EnableNowClient,
		private readonly patience: Patience,
		private readonly stopSignal: AbortSignal | undefined,
	) {
		const isFirstAlone = api.credential.accessToken === undefined;
		this.pace = new RateLimiter(patience.maxConcurrentRequests, isFirstAlone);
		stopSignal?.addEventListener('abort', this.release, { once: true });
	}

	async send(request: ApiRequest): Promise<unknown> {
		let last: RequestError | undefined;
		for (let sent = 1; ; sent++) {
			const turn = await this.pace.begin(sent > 1);
			const refusal = this.refusalOf(request, last);
			if (refusal !== undefined) {
				this.end(turn, 'unsent');
				throw refusal;
			}
			try {
				const answer = await this.api.send(request);
				this.end(turn, 'answered');
				return answer;
			} catch (error) {
				const ending = this.endingOf(request, error);
				const wait = this.waitAfter(error, sent);
				if (ending === 'rateLimited' && this.isPatientFor(wait)) this.pace.pause(wait);
				this.end(turn, ending);
				last = this.repeatable(request, error, sent, wait);
				if (ending !== 'rateLimited') await sleepUnlessAborted(wait, this.stopSignal);
			}
		}
	}

	/**
	 * Why a request is not sent now, if it is not.
	 *
	 * @param last - what it ended with when it was last sent
	 */
	private refusalOf(request: ApiRequest, last: RequestError | undefined): RequestError | undefined {
		if (this.stopSignal?.aborted) return cancelledError();
		if (this.isUnwanted(request)) {
			return last === undefined || last.outcome !== 'unknown'
				? droppedError()
				: givenUp(request, last, 'another item has failed');
		}
		if (this.refusal === undefined || Date.now() >= this.refusal.until) return undefined;
		return last === undefined
			? this.refusal.failure
			: givenUp(request, last, 'EnableNow takes no more requests');
	}

	private endingOf({ method }: ApiRequest, error: unknown): Ending {
		if (!(error instanceof RequestError) || error.kind === 'cancelled') return 'unsent';
		if (error.status === 429) return 'rateLimited';
		return canRetry(method, error) || isAmbiguous(method, error) ? 'troubled' : 'answered';
	}

	/** How long to wait before a request is sent again, in milliseconds. */
	private waitAfter(error: unknown, sent: number): number {
		const header = error instanceof RequestError ? error.retryAfter : undefined;
		const asked = parseRetryAfter(header, Date.now()) ?? 0;
		// Less than a second may be a longer wait that was rounded down, or seen from a clock that is late.
		return asked >= 1000 ? asked : Math.max(asked, backOff(sent, this.patience.maxRetryWait));
	}

	private isPatientFor(wait: number): boolean {
		return wait <= this.patience.maxRetryWait * 1000;
	}

	/** The failure of a request that is to be sent again; throws it where it is not. */
	private repeatable(
		request: ApiRequest,
		error: unknown,
		sent: number,
		wait: number,
	): RequestError {
		if (!(error instanceof RequestError)) throw error;
		if (!canRetry(request.method, error)) {
			// Without a token no other request can be sent either; asking again could lock the app out.
			if (error.kind === 'tokenRefused') this.refuse(Number.POSITIVE_INFINITY, error);
			throw error;
		}
		const { maxRetries, maxRetryWait, isFixed } = this.patience;
		const andOption = (name: string, value: string) =>
			isFixed ? '' : `, and '${name}' is ${value}`;
		if (!this.isPatientFor(wait)) {
			const failure = givenUp(
				request,
				error,
				`EnableNow asks to wait ${Math.ceil(wait / 1000)} seconds${andOption('Max Retry Wait', `${maxRetryWait} seconds`)}`,
			);
			this.refuse(Date.now() + wait, failure);
			throw failure;
		}
		if (maxRetries === 0) throw error;
		if (sent > maxRetries) {
			throw givenUp(
				request,
				error,
				`it was sent ${sent} times${andOption('Max Retries', String(maxRetries))}`,
			);
		}
		return error;
	}

	/** Sends nothing before a moment. */
	private refuse(until: number, failure: RequestError): void {
		if (until > (this.refusal?.until ?? 0)) this.refusal = { until, failure };
	}

	/** Takes note of how a request ended, and gives up on an EnableNow that is silent. */
	private end(turn: Turn, ending: Ending): void {
		if (ending === 'troubled') {
			this.troubled ??= { count: 0, since: turn.at };
			const { since } = this.troubled;
			const count = ++this.troubled.count;
			if (count >= SILENCE.requests && Date.now() - since >= SILENCE.milliseconds) {
				this.refuse(Number.POSITIVE_INFINITY, silenceError(count, since));
			}
		} else if (ending !== 'unsent') {
			this.troubled = undefined;
		}
		this.pace.end(turn, ending);
	}
}

function givenUp({ method }: ApiRequest, failure: RequestError, reason: string): RequestError {
	return givenUpError(failure, reason, method === 'GET' || failure.outcome !== 'unknown');
}

/**
 * How long to wait where EnableNow does not say, in milliseconds: exponential, with jitter so that
 * requests which failed together do not come back together.
 */
function backOff(sent: number, maxRetryWait: number): number {
	const longest = Math.min(FIRST_BACK_OFF * 2 ** (sent - 1), maxRetryWait * 1000);
	return longest * (0.5 + Math.random() / 2);
}
