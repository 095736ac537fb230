import { InputError } from '../../nodes/shared/errors/inputError';
import { responseError } from '../../nodes/shared/errors/requestError';
import type { Share } from '../../nodes/shared/api/shares';
import type { ApiRequest, EnableNowClient } from '../../nodes/shared/api/client';
import type { INode } from 'n8n-workflow';

/** Two identifiers of EnableNow's documentation that validators of RFC 4122 refuse. */
export const CONSENT_ID = 'af86536d-34e3-4ebc-6c64-08db56ccef25';
export const SHARE_ID = '53520156-8459-425b-3370-08de95423420';

/** A list that is read without end, or a request that is repeated without end, fails. */
const MOST_REQUESTS = 5_000;

/** A node, as errors name it. */
export const node: INode = {
	id: '1',
	name: 'EnableNow Share',
	type: 'n8n-nodes-enablenow.enableNowShare',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** The refusal that a piece of work ends with; it fails where the work succeeds. */
export function refusalOf(work: () => unknown): InputError {
	return thrownBy(work, InputError);
}

function thrownBy<Kind extends Error>(
	work: () => unknown,
	kind: abstract new (...values: never[]) => Kind,
): Kind {
	let result: unknown;
	try {
		result = work();
	} catch (error) {
		if (error instanceof kind) return error;
		throw error;
	}
	throw new Error(`${kind.name} was expected, not the result ${JSON.stringify(result)}`);
}

/** A token in the form of a JWT with this payload; its signature is no real one. */
export function jwtOf(payload: unknown): string {
	const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	return `${part({ alg: 'RS256', typ: 'at+jwt' })}.${part(payload)}.c2lnbmF0dXJl`;
}

/** An EnableNow that answers as `send` does. */
export function fakeApi(send: EnableNowClient['send']): EnableNowClient {
	return {
		credential: {
			baseUrl: '',
			clientId: 'en-app-own',
			accessToken: undefined,
			secrets: [],
		},
		send,
	};
}

/** Runs a test's timers, and its clock with them, until some work is done; then gives its result. */
export async function inVirtualTime<Result>(work: Promise<Result>): Promise<Result> {
	let isDone = false;
	const markDone = () => (isDone = true);
	work.then(markDone, markDone);
	for (let step = 0; step < 100_000 && !isDone; step++) await jest.advanceTimersByTimeAsync(20);
	if (!isDone) throw new Error('The work is not done after 2,000 seconds.');
	return await work;
}

/** What a piece of work fails with; it fails where the work succeeds. */
export async function rejectionOf(work: Promise<unknown>): Promise<unknown> {
	return await work.then(
		(result) => {
			throw new Error(`a failure was expected, not the result ${JSON.stringify(result)}`);
		},
		(error: unknown) => error,
	);
}

/** The share with a number, as EnableNow lists it. */
export function numberedShare(number: number, changes: Partial<Share> = {}): Share {
	return {
		id: `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`,
		clientId: 'en-app-ref-002',
		reference: null,
		expirationDateUtc: '2099-04-30T10:00:00Z',
		consentIds: [CONSENT_ID],
		accountIds: [],
		analysisIds: [],
		...changes,
	};
}

/** A request, and when EnableNow got it, in milliseconds since 1970. */
export interface TimedRequest extends ApiRequest {
	at: number;
}

/** An EnableNow that holds shares in memory. */
export class FakeEnableNow {
	/** Oldest first. */
	readonly shares: Share[] = [];
	readonly requests: TimedRequest[] = [];
	/** In which direction it lists the shares. */
	order: 'newestFirst' | 'oldestFirst' = 'newestFirst';
	/** How long it takes to answer, in milliseconds. It does its work before that. */
	latency = 0;
	/** Is called with each request before its work is done; what it throws is answered. */
	before: (request: TimedRequest) => void = () => undefined;
	/** Is called with each request when its work is done; what it throws is answered. */
	after: (request: TimedRequest) => void = () => undefined;
	/** The form in which it gives a page of its list. */
	formOf: (entries: Share[], page: number, pageSize: number) => unknown = (data, page, size) => {
		const totalCount = this.shares.length;
		return {
			data,
			_pagination: { page, size, totalCount, totalPages: Math.ceil(totalCount / size) },
		};
	};

	readonly api: EnableNowClient = fakeApi(async (request) => await this.answer(request));

	/** Adds new shares, as other callers make them. */
	addShares(count: number): void {
		for (let added = 0; added < count; added++) {
			this.shares.push(numberedShare(this.shares.length + 1));
		}
	}

	requestsWith(method: ApiRequest['method']): TimedRequest[] {
		return this.requests.filter((request) => request.method === method);
	}

	private async answer(request: ApiRequest): Promise<unknown> {
		const timed: TimedRequest = { ...request, at: Date.now() };
		this.requests.push(timed);
		if (this.requests.length > MOST_REQUESTS) throw new Error('More requests than any test takes.');
		try {
			this.before(timed);
			const answer = this.workOn(timed);
			this.after(timed);
			return answer;
		} finally {
			if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency));
		}
	}

	private workOn({ method, path, query, body }: ApiRequest): unknown {
		if (path === '/shares' && method === 'GET') {
			return this.list(Number(query?.['page']), Number(query?.['pageSize']));
		}
		if (method === 'POST') {
			const share = numberedShare(this.shares.length + 1, { consentIds: [], ...body });
			this.shares.push(share);
			return { data: share.id };
		}
		const share = this.shares.find(({ id }) => path === `/shares/${id}`);
		if (share === undefined) throw responseError(404, {});
		if (method === 'GET') return { data: { ...share } };
		Object.assign(share, body);
		return undefined;
	}

	private list(page: number, pageSize: number): unknown {
		const shares = this.order === 'newestFirst' ? [...this.shares].reverse() : this.shares;
		const entries = shares.slice((page - 1) * pageSize, page * pageSize);
		return this.formOf(
			entries.map((share) => ({ ...share })),
			page,
			pageSize,
		);
	}
}

/** An EnableNow that answers every request so. */
export function answering(answer: unknown): EnableNowClient & { requests: ApiRequest[] } {
	const requests: ApiRequest[] = [];
	const api = fakeApi((request) => {
		requests.push(request);
		return Promise.resolve(answer);
	});
	return { ...api, requests };
}
