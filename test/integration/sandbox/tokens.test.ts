import { SANDBOX_CUSTOMERS, startSandbox, type Sandbox } from '../../../sandbox';
import { createClient, expectProblem, fetchToken, tokenForm } from './support';

const { sharer, receiver } = SANDBOX_CUSTOMERS;

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.admin.reset());
afterAll(() => sandbox.close());

describe('POST /cfa/connect/token', () => {
	it('issues a JWT with the client ID and the issuer, valid for an hour', async () => {
		const answer = await createClient(sandbox).post<Record<string, unknown>>(
			'/cfa/connect/token',
			tokenForm(sharer),
		);
		expect(answer.data).toEqual({
			access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
			expires_in: 3600,
			token_type: 'Bearer',
			scope: 'customer-api',
		});
		const payload = String(answer.data['access_token']).split('.')[1] ?? '';
		const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
			iat: number;
			exp: number;
		};
		expect(claims).toMatchObject({ client_id: sharer.clientId, iss: sandbox.url });
		expect(claims.exp - claims.iat).toBe(3600);
		expect(await sandbox.admin.counters()).toMatchObject({ tokensIssued: 1 });
	});

	it('issues an opaque token where that is chosen', async () => {
		await sandbox.admin.configure({ tokenFormat: 'opaque' });
		const token = await fetchToken(sandbox, sharer);
		expect(token).not.toContain('.');
		expect((await createClient(sandbox, token).get('/shares')).status).toBe(200);
	});

	it.each([
		['wrong secret', tokenForm(sharer, { client_secret: 'wrong' }), 'invalid_client'],
		[
			"another app's secret",
			tokenForm({ ...sharer, clientSecret: receiver.clientSecret }),
			'invalid_client',
		],
		['unknown app', tokenForm(sharer, { client_id: 'nobody' }), 'invalid_client'],
		['wrong scope', tokenForm(sharer, { scope: 'admin-api' }), 'invalid_scope'],
		['one scope too many', tokenForm(sharer, { scope: 'customer-api admin-api' }), 'invalid_scope'],
		['wrong grant type', tokenForm(sharer, { grant_type: 'magic' }), 'unsupported_grant_type'],
		['other grant type', tokenForm(sharer, { grant_type: 'password' }), 'unauthorized_client'],
		['no secret', tokenForm(sharer, { client_secret: undefined }), 'invalid_request'],
		['no scope', tokenForm(sharer, { scope: undefined }), 'invalid_request'],
		['JSON', Object.fromEntries(tokenForm(sharer)), 'invalid_request'],
	])('refuses: %s', async (_name, body, error) => {
		const answer = await createClient(sandbox).post('/cfa/connect/token', body);
		expect(answer.status).toBe(400);
		expect(answer.data).toEqual({ error, error_description: expect.any(String) as string });
		expect(await sandbox.admin.counters()).toMatchObject({ tokensIssued: 0 });
	});
});

describe('a call with a token', () => {
	it.each([
		['none', undefined],
		['no scheme', 'abc'],
		['another scheme', 'Basic YTpi'],
		['an unknown token', 'Bearer abc'],
	])('is refused: %s', async (_name, authorization) => {
		const headers = authorization === undefined ? {} : { Authorization: authorization };
		const answer = await createClient(sandbox).get('/shares', { headers });
		expect(expectProblem(answer, 401).title).toBe('Unauthorized');
		expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
	});

	it('is refused once the token has expired', async () => {
		await sandbox.admin.configure({ tokenLifetime: 1 });
		const client = createClient(sandbox, await fetchToken(sandbox, sharer));
		expect((await client.get('/shares')).status).toBe(200);
		await new Promise((resolve) => setTimeout(resolve, 1_050));
		const answer = await client.get('/shares');
		expect(expectProblem(answer, 401).detail).toContain('expired');
		expect(answer.headers['www-authenticate']).toContain('invalid_token');
	});

	it("is refused once the app's tokens are revoked, and only that app's", async () => {
		const sharerClient = createClient(sandbox, await fetchToken(sandbox, sharer));
		const receiverClient = createClient(sandbox, await fetchToken(sandbox, receiver));
		await sandbox.admin.revokeTokens(sharer.clientId);
		expectProblem(await sharerClient.get('/shares'), 401);
		expect((await receiverClient.get('/shares')).status).toBe(200);
		await sandbox.admin.revokeTokens();
		expectProblem(await receiverClient.get('/shares'), 401);
		const tokens = await sandbox.admin.tokens();
		expect(tokens.map(({ clientId, revoked }) => [clientId, revoked])).toEqual([
			[sharer.clientId, true],
			[receiver.clientId, true],
		]);
	});
});
