import { SANDBOX_CUSTOMERS, startSandbox, type Sandbox } from '../../../sandbox';
import { executionError, outputItems, type Credential, type Workflow } from '../../../scripts/n8n';
import { version } from '../../../package.json';
import { CONSENT_ID, CREATE } from '../../integration/support/examples';
import { n8nVersion, packageTarball } from '../support/environment';
import { N8nFolder } from '../support/n8n-folder';
import { itemsOf, N8nUnderTest } from '../support/n8n-under-test';
import {
	chain,
	manualTrigger,
	NEXT,
	nextNode,
	SHARE,
	shareNode,
	TRIGGER,
	triggerNode,
} from '../support/nodes';
import { startNpmRegistry } from '../support/npm-registry';
import { postEvent } from '../support/post-event';
import { TlsProxy } from '../support/tls-proxy';

const PACKAGE = 'n8n-nodes-enablenow';
const REGISTRY = 'registry.npmjs.org';

/** What n8n 3 forbids unless it is told otherwise, by the settings that n8n 2.41 has for it. */
const VERIFIED_ONLY = { N8N_UNVERIFIED_PACKAGES_ENABLED: 'false' };

/** What n8n 3 has on, or its administrators often have. The sandbox is on an address that is allowed. */
const AS_N8N_3 = {
	...VERIFIED_ONLY,
	N8N_ENV_FEAT_ENCRYPTION_KEY_ROTATION: 'true',
	N8N_SSRF_PROTECTION_ENABLED: 'true',
	N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.1/32',
};

/** What n8n says of an address that its SSRF protection stops. */
const BLOCKED = /restricted IP address/;

/** Earlier versions do not have all of these settings. */
const [major = 0, minor = 0] = n8nVersion().split('.').map(Number);
const describeDeployment = major > 2 || (major === 2 && minor >= 41) ? describe : describe.skip;

describeDeployment('n8n with the settings of n8n 3', () => {
	let folder: N8nFolder;
	let sandbox: Sandbox;
	let n8n: N8nUnderTest;

	async function start(env: NodeJS.ProcessEnv): Promise<void> {
		n8n = await N8nUnderTest.signIn(await folder.start({ env }), sandbox.url);
	}

	async function install(): Promise<unknown> {
		return await n8n.session.call('POST', '/community-packages', { name: PACKAGE });
	}

	/** Whether the nodes run. */
	async function expectToRun(): Promise<void> {
		const sharer = await n8n.addCredential('Sharer', SANDBOX_CUSTOMERS.sharer);
		const execution = await n8n.runNew(chain(manualTrigger(), shareNode(sharer, CREATE)));
		expect(itemsOf(execution, SHARE)).toHaveLength(1);
	}

	beforeAll(async () => {
		folder = await N8nFolder.create('deployment');
		sandbox = await startSandbox({ seedShares: false });
	});
	afterAll(async () => {
		await folder.remove();
		await sandbox.close();
	});

	describe('with the package installed by hand', () => {
		let sharer: Credential;
		let receiving: Workflow;
		let webhook: string;

		async function addShare(): Promise<string> {
			const batch = { count: 1, from: 'en-app-ref-001', to: 'en-app-ref-002' };
			return (await sandbox.admin.addShares(batch))[0]?.id ?? '';
		}

		async function expectReceived(shareId: string, source: string): Promise<void> {
			const execution = await n8n.executions.waitFor(receiving.id, (candidate) =>
				outputItems(candidate, NEXT).some(({ json }) => json['shareId'] === shareId),
			);
			const json = expect.objectContaining({ shareId, verified: true, source }) as unknown;
			expect(outputItems(execution, NEXT)).toContainEqual(expect.objectContaining({ json }));
		}

		/** An event arrives, and is looked up. */
		async function expectToReceive(): Promise<void> {
			const shareId = await addShare();
			const event = { event: 'databridge.share.created', data: { shareId } };
			expect((await postEvent(webhook, { body: event })).status).toBe(200);
			await expectReceived(shareId, 'webhook');
		}

		beforeAll(async () => await start(AS_N8N_3));
		afterAll(async () => await folder.stop());

		it('n8n 2 loads it, though it would not install it', async () => {
			await expectToRun();
			await expect(install()).rejects.toThrow(
				'Installation of unverified community packages is forbidden!',
			);
		});

		it('SSRF protection lets an allowed address through everywhere', async () => {
			sharer = await n8n.addCredential('Sharer', SANDBOX_CUSTOMERS.sharer);
			expect(await n8n.credentials.test(sharer.id)).toMatchObject({ status: 'OK' });
			expect(await n8n.consentsToPick(sharer, CONSENT_ID.slice(-6))).toEqual([CONSENT_ID]);

			const missed = await addShare();
			const receiver = await n8n.addCredential('Receiver', SANDBOX_CUSTOMERS.receiver);
			const trigger = triggerNode(receiver, {
				catchUp: true,
				options: { catchUp: true, catchUpExisting: true },
			});
			receiving = await n8n.addWorkflow(chain(trigger, nextNode()));
			webhook = await n8n.activate(receiving, TRIGGER);
			await expectReceived(missed, 'catchUp');
			await expectToReceive();
		});

		it('SSRF protection stops another address, and the error says so', async () => {
			const baseUrl = sandbox.url.replace('127.0.0.1', '127.0.0.2');
			const blocked = await n8n.addCredential('Blocked', {
				...SANDBOX_CUSTOMERS.sharer,
				baseUrl,
			});
			const get = shareNode(blocked, { operation: 'getAll' });
			const execution = await n8n.runNew(chain(manualTrigger(), get));
			expect(executionError(execution)).toMatch(BLOCKED);
			const message = expect.stringMatching(BLOCKED) as unknown;
			expect(await n8n.credentials.test(blocked.id)).toMatchObject({ status: 'Error', message });
		});

		it('a change of the encryption key goes unnoticed', async () => {
			await n8n.session.call('POST', '/encryption/keys', { type: 'data_encryption' });
			// The tokens that are stored with the credentials have to be written anew.
			await sandbox.admin.revokeTokens();
			const share = await n8n.addWorkflow(chain(manualTrigger(), shareNode(sharer, CREATE)));
			for (let run = 1; run <= 2; run++) {
				expect(itemsOf(await n8n.run(share), SHARE)).toHaveLength(1);
			}
			await expectToReceive();
		});
	});

	it('what was installed in the editor is loaded when n8n no longer allows it', async () => {
		await folder.uninstall();
		const registry = await startNpmRegistry(REGISTRY, packageTarball());
		const proxy = await TlsProxy.start(REGISTRY, registry.url);
		try {
			await start(proxy.environment);
			expect(await install()).toMatchObject({ packageName: PACKAGE, installedVersion: version });
			await expectToRun();
			await folder.stop();
		} finally {
			await proxy.close();
			await registry.close();
		}
		await start(VERIFIED_ONLY);
		await expectToRun();
		await folder.stop();
	});

	it('what N8N_COMMUNITY_PACKAGES names without a checksum keeps n8n from starting', async () => {
		const starting = folder.start({
			env: {
				...VERIFIED_ONLY,
				N8N_COMMUNITY_PACKAGES_MANAGED_BY_ENV: 'true',
				N8N_COMMUNITY_PACKAGES: JSON.stringify([{ name: PACKAGE, version }]),
			},
		});
		await expect(starting).rejects.toThrow(
			`no checksum available for '${PACKAGE}@${version}' and unverified packages are disabled`,
		);
	});
});
