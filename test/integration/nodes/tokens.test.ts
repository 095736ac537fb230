import { setTimeout } from 'node:timers/promises';

import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import { CONSENT_ID, CREATE } from '../support/examples';
import {
	answerJson,
	type OtherServer,
	startOtherEnableNow,
	startOtherServer,
} from '../support/other-server';
import { TestBed, TOKEN_PATH } from '../support/test-bed';
import { waitUntil } from '../support/wait-until';
import { errorOf, itemsOf, jsonOf, SHARE } from '../support/workflows';

const bed = TestBed.prepare();

const { sharer, receiver } = SANDBOX_CUSTOMERS;
const THREE_ITEMS = ['a', 'b', 'c'].map((reference) => ({ reference }));
const CREATE_EACH = { ...CREATE, additionalFields: { reference: '={{ $json.reference }}' } };
const GET_MANY = { operation: 'getAll' };

const opened: OtherServer[] = [];
afterEach(async () => {
	await Promise.all(opened.splice(0).map(async (server) => await server.close()));
});

/** The tokens of the requests to the Sharing API, in the order of the requests. */
async function usedTokens(): Promise<Array<string | undefined>> {
	return (await bed.calls()).map(({ headers }) =>
		String(headers['authorization']).replace('Bearer ', ''),
	);
}

/** The token that n8n has stored with the credential. */
function storedToken(): string {
	const { oauthTokenData } = bed.engine.credentials.read('sharer');
	return (oauthTokenData as unknown as { access_token: string }).access_token;
}

function storeToken(accessToken: string): void {
	bed.engine.credentials.save('sharer', {
		...bed.engine.credentials.read('sharer'),
		oauthTokenData: { access_token: accessToken },
	});
}

/** The references of all shares that were made, sorted. */
async function references(): Promise<Array<string | null>> {
	return (await bed.admin.shares()).map(({ reference }) => reference).sort();
}

it('is fetched once for all items and later executions', async () => {
	await bed.runShare(CREATE_EACH, { items: THREE_ITEMS });
	await bed.runShare(CREATE_EACH, { items: THREE_ITEMS });
	expect(await bed.admin.counters()).toMatchObject({ tokensIssued: 1, sharesCreated: 6 });
	expect(new Set(await usedTokens())).toEqual(new Set([storedToken()]));
});

describe.each(['jwt', 'opaque'] as const)('%s tokens', (tokenFormat) => {
	beforeEach(async () => {
		await bed.admin.configure({ tokenFormat });
	});

	it('that are revoked are renewed unnoticed, and each item is made once', async () => {
		await bed.runShare(GET_MANY);
		await bed.admin.revokeTokens();
		const run = await bed.runShare(CREATE_EACH, { items: THREE_ITEMS });
		expect(jsonOf(run, SHARE)).toHaveLength(3);
		expect(await references()).toEqual(['a', 'b', 'c']);
		expect(await bed.admin.counters()).toMatchObject({ tokensIssued: 2, sharesCreated: 3 });
	});

	it('that expire are renewed unnoticed, and each item is made once', async () => {
		await bed.admin.configure({ tokenLifetime: 1 });
		await bed.runShare(GET_MANY);
		const [token] = await bed.admin.tokens();
		await bed.admin.configure({ tokenLifetime: 3600 });
		await waitUntil(() => Date.now() > Date.parse(token?.expiresAt ?? ''));
		await bed.runShare(CREATE_EACH, { items: THREE_ITEMS });
		expect(await references()).toEqual(['a', 'b', 'c']);
		expect((await bed.admin.counters()).tokensIssued).toBe(2);
	});

	it('that are revoked between two items are renewed unnoticed', async () => {
		await bed.runShare(GET_MANY);
		await bed.admin.addFault({
			kind: 'status',
			status: 401,
			match: { path: '^/shares$', method: 'POST' },
		});
		const run = await bed.runShare(CREATE_EACH, { items: THREE_ITEMS });
		expect(itemsOf(run, SHARE).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(await references()).toEqual(['a', 'b', 'c']);
	});

	it('of a former client ID are not used any more, nor after the way back', async () => {
		await bed.runShare(CREATE);
		const first = storedToken();
		bed.saveCredential('sharer', receiver);
		await bed.runShare(GET_MANY);
		const second = storedToken();
		bed.saveCredential('sharer', sharer);
		await bed.runShare(GET_MANY);
		const third = storedToken();
		await bed.runShare(GET_MANY);
		expect(new Set([first, second, third]).size).toBe(3);
		expect(await usedTokens()).toEqual([first, second, third, third]);
		expect((await bed.calls()).map(({ clientId }) => clientId)).toEqual([
			sharer.clientId,
			receiver.clientId,
			sharer.clientId,
			sharer.clientId,
		]);
		expect((await bed.admin.counters()).tokensIssued).toBe(3);
	});

	it('of a former base URL go nowhere else', async () => {
		const other = await startOtherEnableNow('the-token-of-the-other-one', (_request, response) =>
			answerJson(response, { data: [], _pagination: { totalCount: 0, totalPages: 0 } }),
		);
		opened.push(other);
		bed.furtherSecrets.push('the-token-of-the-other-one');
		await bed.runShare(CREATE);
		bed.saveCredential('sharer', { baseUrl: other.url });
		await bed.runShare(GET_MANY);
		expect(other.requests.map(({ authorization }) => authorization)).toEqual([
			undefined,
			'Bearer the-token-of-the-other-one',
		]);
		bed.saveCredential('sharer');
		await bed.runShare(GET_MANY);
		expect(await usedTokens()).not.toContain('the-token-of-the-other-one');
		expect((await bed.calls()).map(({ status }) => status)).toEqual([200, 200]);
	});
});

const GIVE_UP = { ...CREATE, options: { timeout: 1, maxRetries: 0 } };

describe('a fresh one', () => {
	beforeEach(async () => {
		await bed.runShare(GET_MANY);
		await bed.admin.revokeTokens();
	});

	it('may come too late: the request that was refused is not sent again then', async () => {
		// The 401 takes more than a second, and so does the token.
		await bed.admin.configure({ latency: 1_200 });
		const options = { ...GIVE_UP.options, timeout: 2 };
		const { message, description } = errorOf(await bed.runShare({ ...GIVE_UP, options }));
		expect(message).toBe('EnableNow did not answer within 2 seconds');
		expect(description).not.toMatch(/may have|look for it/i);
		await setTimeout(1_500);
		expect(await bed.createBodies()).toHaveLength(1);
		expect(await bed.admin.shares()).toEqual([]);
	});

	it('may not come, which leaves no doubt that nothing was made', async () => {
		await bed.admin.addFault({ kind: 'connectionReset', match: { path: TOKEN_PATH } });
		const { message, description } = errorOf(await bed.runShare(GIVE_UP));
		expect(message).toMatch(/the connection was cut off \(ECONNRESET\)$/);
		expect(description).not.toMatch(/may have|look for it/i);
	});
});

describe('the first one', () => {
	it('may come too late: the request that waited for it is not sent then', async () => {
		await bed.admin.configure({ tokenFormat: 'opaque' });
		await bed.admin.addFault({
			kind: 'slowDrip',
			bytes: 10,
			pause: 150,
			match: { path: TOKEN_PATH },
		});
		const { message, description } = errorOf(await bed.runShare(GIVE_UP));
		expect(message).toBe('EnableNow did not answer within 1 seconds');
		expect(description).not.toMatch(/may have|look for it/i);
		await waitUntil(() => bed.engine.credentials.read('sharer')['oauthTokenData'] !== undefined);
		await setTimeout(300);
		expect(await bed.calls()).toEqual([]);
		expect(await bed.admin.shares()).toEqual([]);
	});

	it('is all that others wait for, not the answer to the request that needed it', async () => {
		let created = 0;
		const enableNow = await startOtherEnableNow('the-first-token', (_request, response) => {
			void setTimeout(created++ === 0 ? 2_000 : 0).then(() =>
				answerJson(response, { data: CONSENT_ID }),
			);
		});
		opened.push(enableNow);
		bed.furtherSecrets.push('the-first-token');
		bed.saveCredential('sharer', { baseUrl: enableNow.url });
		const runs = await Promise.all([bed.runShare(CREATE), bed.runShare(GIVE_UP)]);
		expect(runs.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(enableNow.requests).toHaveLength(3);
	});

	it('may take another execution too long: what waited for it was not sent', async () => {
		await bed.admin.configure({ tokenFormat: 'opaque' });
		const match = { path: TOKEN_PATH };
		await bed.admin.addFault({ kind: 'slowDrip', bytes: 10, pause: 200, match });
		const first = bed.runShare({ ...CREATE, options: { timeout: 20 } });
		await waitUntil(async () => (await bed.admin.counters()).tokensIssued === 1);
		const { message, description } = errorOf(await bed.runShare(GIVE_UP));
		expect(message).toBe('EnableNow did not answer within 1 seconds');
		expect(description).not.toMatch(/may have|look for it/i);
		expect(jsonOf(await first, SHARE)).toHaveLength(1);
		expect(await bed.createBodies()).toHaveLength(1);
	});

	it('is not read again for errors, however many there are', async () => {
		const read = jest.spyOn(bed.engine.credentials, 'getDecrypted');
		await bed.admin.addFault({
			kind: 'status',
			status: 404,
			match: { path: '^/shares$' },
			times: 10,
		});
		const items = Array.from({ length: 10 }, () => ({}));
		await bed.runShare(CREATE, { items, node: { onError: 'continueRegularOutput' } });
		expect(await bed.createBodies()).toHaveLength(10);
		const readings = read.mock.calls.filter(([, , , , , isRaw]) => isRaw !== true);
		// One by the node, and by n8n one for the token and one for each request.
		expect(readings).toHaveLength(1 + 1 + 10);
	});

	it('may be missing in the answer: the next execution fetches it', async () => {
		const match = { path: TOKEN_PATH };
		await bed.admin.addFault({ kind: 'otherShape', body: { ok: true }, match });
		expect(errorOf(await bed.runShare(CREATE)).message).toMatch(/its answer contains no token/);
		expect(jsonOf(await bed.runShare(CREATE), SHARE)).toHaveLength(1);
	});

	it('is repeated nowhere when the answer that holds it is cut off', async () => {
		await bed.admin.configure({ tokenFormat: 'opaque' });
		await bed.admin.addFault({ kind: 'truncatedJson', match: { path: TOKEN_PATH } });
		// The test bed looks for secrets in the whole record of the execution.
		expect(errorOf(await bed.runShare(CREATE)).message).toMatch(
			/^No token came from .*: its answer is not JSON/,
		);
	});
});

it('is not sent where it was stored before this process began and names another client', async () => {
	await bed.runShare(GET_MANY);
	const payload = { client_id: 'an-app-of-yesterday', iss: bed.sandbox.url };
	const foreign = `x.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.of-yesterday`;
	bed.furtherSecrets.push(foreign);
	storeToken(foreign);
	await bed.runShare(CREATE);
	expect(await usedTokens()).not.toContain(foreign);
	expect(await references()).toEqual([null]);
});

it.each([429, 503])(
	'that belongs to another client is replaced, though its endpoint once answers with %i',
	async (status) => {
		await bed.runShare(GET_MANY);
		const payload = { client_id: 'an-app-of-yesterday', iss: bed.sandbox.url };
		const foreign = `x.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.of-${status}`;
		bed.furtherSecrets.push(foreign);
		storeToken(foreign);
		await bed.admin.addFault({ kind: 'status', status, match: { path: TOKEN_PATH }, times: 1 });
		await bed.runShare(CREATE_EACH, { items: THREE_ITEMS });
		expect(await references()).toEqual(['a', 'b', 'c']);
		expect(await usedTokens()).not.toContain(foreign);
	},
);

it('that replaces one of another client, and is refused at once, is renewed', async () => {
	let given = 0;
	const enableNow = await startOtherServer((request, response) => {
		if (request.url === '/cfa/connect/token') {
			given++;
			return answerJson(response, { access_token: `token-${given}`, token_type: 'Bearer' });
		}
		if (request.headers.authorization !== 'Bearer token-2') return answerJson(response, {}, 401);
		answerJson(response, { data: [], _pagination: { totalCount: 0, totalPages: 0 } });
	});
	opened.push(enableNow);
	bed.saveCredential('sharer', { baseUrl: enableNow.url });
	const foreign = `x.${Buffer.from('{"client_id":"an-app-of-yesterday"}').toString('base64url')}.y`;
	bed.furtherSecrets.push(foreign);
	storeToken(foreign);
	const run = await bed.runShare(GET_MANY);
	expect(jsonOf(run, SHARE)).toEqual([]);
	expect(run.status).toBe('success');
	expect(given).toBe(2);
});

it('is not renewed for each execution where its issuer is on another host', async () => {
	const payload = { client_id: sharer.clientId, iss: 'https://login.enablenow.example' };
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const token = `${part({ alg: 'RS256' })}.${part(payload)}.signature-of-the-issuer`;
	bed.furtherSecrets.push(token);
	const gateway = await startOtherEnableNow(token, (_request, response) =>
		answerJson(response, { data: [], _pagination: { totalCount: 0, totalPages: 0 } }),
	);
	opened.push(gateway);
	bed.saveCredential('sharer', { baseUrl: gateway.url });
	for (let execution = 1; execution <= 4; execution++) await bed.runShare(GET_MANY);
	const renewals = gateway.requests.filter(({ url }) => url === '/cfa/connect/token');
	expect(renewals).toHaveLength(1);
	expect(gateway.requests).toHaveLength(5);
});

it('is fetched once more by a new process where its endpoint gives the same one again', async () => {
	const payload = { client_id: 'another-name', iss: 'https://login.enablenow.example' };
	const token = `x.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.the-same-always`;
	bed.furtherSecrets.push(token);
	const enableNow = await startOtherEnableNow(token, (_request, response) =>
		answerJson(response, { data: [], _pagination: { totalCount: 0, totalPages: 0 } }),
	);
	opened.push(enableNow);
	bed.saveCredential('sharer', { baseUrl: enableNow.url });
	// As a process before this one left it.
	storeToken(token);
	for (let execution = 1; execution <= 4; execution++) await bed.runShare(GET_MANY);
	const fetched = enableNow.requests.filter(({ url }) => url === '/cfa/connect/token');
	expect(fetched).toHaveLength(1);
});

it('of a former client is not taken for the present one’s while it is fetched', async () => {
	const clients: string[] = [];
	let given = 0;
	const enableNow = await startOtherServer((request, response) => {
		if (request.url !== '/cfa/connect/token') {
			const [, payload = ''] = String(request.headers.authorization).split('.');
			const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
			clients.push((claims as { client_id: string }).client_id);
			const answer = () =>
				answerJson(response, { data: [], _pagination: { totalCount: 0, totalPages: 0 } });
			// The first answer takes until the client was changed.
			void setTimeout(clients.length === 1 ? 1_500 : 0).then(answer);
			return;
		}
		const client_id = given++ === 0 ? 'en-app-former' : receiver.clientId;
		const claims = Buffer.from(JSON.stringify({ client_id })).toString('base64url');
		const access_token = `x.${claims}.signature-${given}`;
		bed.furtherSecrets.push(access_token);
		answerJson(response, { access_token, token_type: 'Bearer' });
	});
	opened.push(enableNow);
	bed.saveCredential('sharer', { baseUrl: enableNow.url, clientId: 'en-app-former' });
	const first = bed.runShare(GET_MANY);
	await waitUntil(() => clients.length === 1);
	// n8n keeps the token when the client is changed.
	bed.engine.credentials.save('sharer', {
		...bed.engine.credentials.read('sharer'),
		clientId: receiver.clientId,
	});
	await bed.runShare(GET_MANY);
	await first;
	await bed.runShare(GET_MANY);
	await bed.runShare(GET_MANY);
	expect(clients.slice(-2)).toEqual([receiver.clientId, receiver.clientId]);
	expect(given).toBe(2);
});

it('is waited for where its endpoint is over its limit, and n8n tells no status', async () => {
	let asked = 0;
	const enableNow = await startOtherServer((request, response) => {
		if (request.url !== '/cfa/connect/token') return answerJson(response, { data: [] });
		if (++asked === 1) return answerJson(response, { error: 'Too Many Requests' }, 429);
		answerJson(response, { access_token: 'token-at-last', token_type: 'Bearer' });
	});
	opened.push(enableNow);
	bed.saveCredential('sharer', { baseUrl: enableNow.url });
	bed.furtherSecrets.push('token-at-last');
	const run = await bed.runShare(GET_MANY);
	expect(run.status).toBe('success');
	expect(asked).toBe(2);
});

it('is said to be refused where a renewal fails after a change of the client', async () => {
	await bed.runShare(CREATE);
	const former = storedToken();
	bed.saveCredential('sharer', { clientId: receiver.clientId });
	const run = await bed.runShare(CREATE);
	expect(errorOf(run).message).toMatch(/^EnableNow gave no token for this credential: /);
	expect(errorOf(run).description).toMatch(/^Open the credential, check client ID, client secret/);
	expect(await usedTokens()).toEqual([former]);
});
