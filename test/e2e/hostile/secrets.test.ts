/**
 * Uses every part of the package in a real n8n under faults of every kind, answers that repeat what
 * they were sent among them, and then looks for the secrets in everything that n8n wrote and sent.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import {
	querySqlite,
	waitFor,
	webhookUrl,
	type Credential,
	type Workflow,
} from '../../../scripts/n8n';
import { chain, nextNode, TRIGGER, triggerNode } from '../support/nodes';
import { postEvent } from '../support/post-event';
import { SecretFinder, type Place, type Secret } from './secrets/finder';
import type { ArrivedRequest, Gateway } from './secrets/gateway';
import { databasePlaces, filePlaces } from './secrets/n8n-places';
import { SecretsN8n } from './secrets/secrets-n8n';
import { API_ECHOES, echoOfFormerToken, FAULTS, TOKEN_ECHOES, type Echo } from './secrets/strikes';

jest.setTimeout(1_800_000);

const { sharer, receiver } = SANDBOX_CUSTOMERS;

const VARIANTS = [
	{
		name: 'ASCII',
		tokenFormat: 'jwt',
		clientSecret: 'a-client-secret.of_ASCII~5f0c1e9b7d',
		webhookSecrets: [
			'Zq7-wh8x',
			'webhook-secret-of-32-characters!',
			`long-${'0123456789abcdef'.repeat(12)}`,
		],
	},
	{
		name: 'not ASCII',
		tokenFormat: 'opaque',
		clientSecret: 'sëcrét-ключ-🔑',
		webhookSecrets: ['wébhook-секрет-🔔', 'quotes"and\\slashes/<b>&amp;+%25=', 'à-la-fin-à'],
	},
] as const;

type Variant = (typeof VARIANTS)[number];

/** All but the token endpoint. */
const API_PATH = '^/(shares|cfa/(?!connect))';
const TOKEN_PATH = '^/cfa/connect/token$';

let bed: SecretsN8n;
let places: Place[];
let secrets: Secret[];
let decrypted: string;

/** The statuses of the answers to right and to wrong secrets. */
const statuses = { right: [] as number[], wrong: [] as number[] };

const isForApi = ({ url }: ArrivedRequest): boolean => new RegExp(API_PATH).test(url);

/** Has the gateway answer requests for the API, or for tokens, by itself. */
function echo({ answer }: Echo, what: 'api' | 'token'): void {
	bed.gateway.strike = (request) =>
		isForApi(request) === (what === 'api') ? answer(request) : undefined;
}

/** n8n goes on waiting for an answer to a renewal, and has all later renewals wait for it too. */
const TOKEN_FAULTS = FAULTS.filter(({ kind }) => kind !== 'noAnswer');

async function underFaults(workflow: Workflow): Promise<void> {
	const { admin } = bed.sandbox;
	const redirects = [302, 307].map((status) => ({
		kind: 'redirect' as const,
		status,
		location: `${bed.elsewhere.url}/somewhere`,
	}));
	for (const fault of [...FAULTS, ...redirects]) {
		await admin.addFault({ ...fault, times: 1000, match: { path: API_PATH } });
		await bed.run(workflow);
		await admin.clearFaults();
	}
	for (const fault of TOKEN_FAULTS) {
		await admin.revokeTokens();
		await admin.addFault({ ...fault, times: 1000, match: { path: TOKEN_PATH } });
		await bed.run(workflow);
		await admin.clearFaults();
	}
}

/** Without the credential's test, which is n8n's own: it shows and logs the words that it is answered. */
async function underEchoes(
	{ clientSecret }: Variant,
	credential: Credential,
	workflows: Workflow[],
): Promise<void> {
	for (const strike of [...API_ECHOES, echoOfFormerToken()]) {
		echo(strike, 'api');
		for (const workflow of workflows) await bed.run(workflow);
		await bed.openLists(credential);
	}
	for (const strike of TOKEN_ECHOES) {
		echo(strike, 'token');
		await bed.sandbox.admin.revokeTokens();
		for (const workflow of workflows) await bed.run(workflow);
		// Without a token n8n asks for one in another way.
		const fresh = await bed.n8n.addCredential('Fresh', { ...sharer, clientSecret });
		await bed.run(await bed.addOperations(fresh, false));
		await bed.openLists(fresh);
	}
	bed.gateway.strike = () => undefined;
}

/** The ways to present secrets, of which one at least is right. */
function presentations(right: string, other: string): Array<Parameters<typeof postEvent>[1]> {
	const inQuery = (...values: string[]): string =>
		`?${values.map((value) => `secret=${encodeURIComponent(value)}`).join('&')}`;
	const inHeader = (value: string): Record<string, string> => ({ 'X-Webhook-Secret': value });
	const byQuery = [
		{ body: '', query: inQuery(right) },
		{ body: '', query: inQuery('wrong', right) },
		{ body: '', query: inQuery(right, right) },
		{ body: '', query: inQuery(right, other) },
	];
	// A header holds ASCII.
	if (!/^[ -~]*$/.test(right)) return byQuery;
	return [
		...byQuery,
		{ body: '', headers: inHeader(right) },
		{ body: '', query: inQuery(right), headers: inHeader(right) },
		{ body: '', query: inQuery('wrong'), headers: inHeader(right) },
		{ body: '', query: inQuery(right), headers: inHeader('wrong') },
	];
}

async function useTrigger({ clientSecret, webhookSecrets }: Variant): Promise<void> {
	const credential = await bed.n8n.addCredential('Receiver', {
		...receiver,
		clientSecret,
		webhookSecret: webhookSecrets.join(', '),
	});
	const content = chain(triggerNode(credential), nextNode());
	const workflow = await bed.n8n.addWorkflow(content, 'Trigger');
	const url = await bed.n8n.activate(workflow, TRIGGER);
	const shares = await bed.sandbox.admin.addShares({
		from: sharer.clientId,
		to: receiver.clientId,
		count: 1,
	});
	const event = { event: 'databridge.share.created', data: { shareId: shares[0]?.id } };
	const post = async (
		expected: keyof typeof statuses,
		request: Parameters<typeof postEvent>[1],
	) => {
		const { status, data, headers } = await postEvent(url, { ...request, body: event });
		statuses[expected].push(status);
		bed.answers.push({ name: 'answer of the webhook', content: JSON.stringify([data, headers]) });
	};
	for (const [index, secret] of webhookSecrets.entries()) {
		const other = webhookSecrets[(index + 1) % webhookSecrets.length]!;
		for (const request of presentations(secret, other)) await post('right', request);
		for (const wrong of [[...secret].slice(0, -1).join(''), `${secret}x`, secret.toUpperCase()]) {
			for (const request of presentations(wrong, 'wrong')) await post('wrong', request);
		}
	}
	const [right] = presentations(webhookSecrets[0], webhookSecrets[1]);
	for (const strike of [...API_ECHOES, echoOfFormerToken()]) {
		echo(strike, 'api');
		await post('right', right!);
	}
	for (const strike of TOKEN_ECHOES) {
		echo(strike, 'token');
		await bed.sandbox.admin.revokeTokens();
		await post('right', right!);
	}
	bed.gateway.strike = () => undefined;
	for (const request of [right!, { ...right!, query: '?secret=wrong' }]) {
		await bed.n8n.workflows.listenForTestEvent(workflow.id, TRIGGER);
		const testUrl = webhookUrl(bed.n8n, workflow, TRIGGER, undefined, 'test');
		const { data } = await postEvent(testUrl, { ...request, body: event });
		bed.answers.push({ name: 'answer of the test URL', content: JSON.stringify(data) });
	}
}

async function use(variant: Variant): Promise<void> {
	await bed.sandbox.admin.configure({ tokenFormat: variant.tokenFormat });
	const { clientSecret } = variant;
	const credential = await bed.n8n.addCredential('Sharer', { ...sharer, clientSecret });
	const operations = await bed.addOperations(credential);
	const stopping = await bed.addOperations(credential, false);
	await bed.run(operations);
	await bed.useInEditor(credential);
	// They hold no secret, whose form could make a difference.
	if (variant === VARIANTS[0]) await underFaults(operations);
	await underEchoes(variant, credential, [operations, stopping]);
	await useTrigger(variant);

	// The same credential, for another app and then at another address.
	const useAll = async (): Promise<void> => {
		await bed.run(operations);
		await bed.useInEditor(credential);
	};
	await useAll();
	const before = bed.gateway.requests.length;
	await bed.n8n.changeCredential(credential, { ...receiver, clientSecret });
	await useAll();
	expectClient(bed.gateway, before, receiver.clientId);
	const { url: baseUrl } = bed.otherGateway;
	const beforeOther = bed.otherGateway.requests.length;
	await bed.n8n.changeCredential(credential, { ...receiver, clientSecret, baseUrl });
	await useAll();
	expectClient(bed.otherGateway, beforeOther, receiver.clientId);
	const requests = bed.gateway.requests.length;
	await bed.run(operations);
	expect(bed.gateway.requests).toHaveLength(requests);
}

/** The requests since then were made with tokens of this app, and there are some. */
function expectClient({ requests, tokens }: Gateway, since: number, clientId: string): void {
	const used = requests
		.slice(since)
		.filter(isForApi)
		.map(({ authorization }) => tokens.get(authorization?.replace(/^Bearer /, '') ?? ''));
	expect(new Set(used)).toEqual(new Set([clientId]));
}

async function collectPlaces(): Promise<void> {
	for (const { id } of await bed.n8n.workflows.list()) {
		await bed.keep(`workflow ${id}`, 'GET', `/workflows/${id}`);
	}
	for (const { id } of await bed.n8n.credentials.list()) {
		await bed.keep(`credential ${id}`, 'GET', `/credentials/${id}?includeData=true`);
	}
	const { userFolder } = bed.running;
	await waitFor('all executions to end', async () => {
		const sql = "SELECT id FROM execution_entity WHERE status IN ('new', 'running')";
		return (await querySqlite(userFolder, sql)).length === 0;
	});
	const log = bed.running.log.text();
	await bed.folder.stop();
	const exported = path.join(userFolder, 'exported.json');
	await bed.folder.runCommand('export:workflow', '--all', `--output=${exported}`);
	places = [
		{ name: 'output of n8n', content: log },
		...bed.answers,
		...(await databasePlaces(userFolder)),
		...(await filePlaces(userFolder)),
		...bed.gateway.rest(),
		...bed.otherGateway.rest(),
	];
	const file = path.join(userFolder, 'decrypted.json');
	await bed.folder.runCommand('export:credentials', '--all', '--decrypted', `--output=${file}`);
	decrypted = await readFile(file, 'utf8');
}

beforeAll(async () => {
	bed = await SecretsN8n.start(VARIANTS.map(({ clientSecret }) => clientSecret));
	for (const variant of VARIANTS) await use(variant);
	secrets = [
		...VARIANTS.flatMap(({ name, clientSecret, webhookSecrets }) => [
			{ name: `client secret, ${name}`, value: clientSecret },
			...webhookSecrets.map((value, index) => ({
				name: `webhook secret ${index}, ${name}`,
				value,
			})),
		]),
		...[...bed.gateway.tokens.keys(), ...bed.otherGateway.tokens.keys()].map((value, index) => ({
			name: `token ${index}`,
			value,
		})),
	];
	await collectPlaces();
});
afterAll(async () => await bed.close());

it('every right secret lets an event in, and no wrong one, however it is presented', () => {
	expect(new Set(statuses.right)).toEqual(new Set([200]));
	expect(new Set(statuses.wrong)).toEqual(new Set([401]));
});

it('what is looked for can be found: n8n holds all of it, encrypted', () => {
	const stored = secrets.filter(({ name }) => !name.startsWith('token'));
	const found = new SecretFinder(stored).find([{ name: 'decrypted', content: decrypted }]);
	expect(found.map(({ secret }) => secret)).toEqual(stored.map(({ name }) => name));
	expect(bed.gateway.tokens.size).toBeGreaterThan(20);
});

it('is nowhere but where it belongs', () => {
	expect(new SecretFinder(secrets).find(places)).toEqual([]);
});

it('nothing at all is sent to where a redirect points', () => {
	expect(bed.elsewhere.requests).toEqual([]);
});
