import path from 'node:path';
import type { INode, INodeParameters } from 'n8n-workflow';
import { startSandbox, type Sandbox } from '../../../../sandbox';
import {
	RestError,
	type Credential,
	type RunningN8n,
	type Workflow,
} from '../../../../scripts/n8n';
import { CREATE, UNKNOWN_ID } from '../../../integration/support/examples';
import { startOtherServer, type OtherServer } from '../../../integration/support/other-server';
import { locator } from '../../../integration/support/workflows';
import { N8nFolder } from '../../support/n8n-folder';
import { N8nUnderTest } from '../../support/n8n-under-test';
import { chain, manualTrigger, MANUAL_TRIGGER, shareNode } from '../../support/nodes';
import type { Place } from './finder';
import { Gateway } from './gateway';

/** So that an answer that does not come is not waited for long. */
const OPTIONS = { timeout: 1, maxRetries: 0 };

const LIST_SEARCHES: Array<[method: string, parameter: string]> = [
	['searchConsents', 'consentIds'],
	['searchAccounts', 'accountIds'],
	['searchAnalyses', 'analysisIds'],
	['searchShares', 'shareId'],
];

/** A real n8n that logs all it can, with two addresses of EnableNow and one that is none. */
export class SecretsN8n {
	/** What n8n has answered to whoever asked it. */
	readonly answers: Place[] = [];

	private constructor(
		readonly folder: N8nFolder,
		readonly sandbox: Sandbox,
		/** The EnableNow of the credentials. */
		readonly gateway: Gateway,
		/** The one to which a credential is changed. */
		readonly otherGateway: Gateway,
		/** To which redirects point. */
		readonly elsewhere: OtherServer,
		readonly running: RunningN8n,
		readonly n8n: N8nUnderTest,
	) {}

	static async start(clientSecrets: readonly string[]): Promise<SecretsN8n> {
		const folder = await N8nFolder.create('secrets');
		const sandbox = await startSandbox({ seedShares: false });
		const gateway = await Gateway.start(sandbox.url, clientSecrets);
		const running = await folder.start({
			env: {
				N8N_LOG_LEVEL: 'debug',
				N8N_LOG_OUTPUT: 'console,file',
				N8N_LOG_FILE_LOCATION: path.join(folder.path, 'logs', 'n8n.log'),
				N8N_LOG_FILE_SIZE_MAX: '1000',
			},
		});
		return new SecretsN8n(
			folder,
			sandbox,
			gateway,
			await Gateway.start(sandbox.url, clientSecrets),
			await startOtherServer(),
			running,
			await N8nUnderTest.signIn(running, gateway.url),
		);
	}

	/** A workflow of all operations, each of which goes on when it fails. */
	async addOperations(credential: Credential, mayGoOn = true): Promise<Workflow> {
		const operation = (name: string, parameters: INodeParameters): INode => ({
			...shareNode(credential, { options: OPTIONS, ...parameters }, name),
			...(mayGoOn && { onError: 'continueRegularOutput' }),
		});
		const options = { ...OPTIONS, preventDuplicates: true };
		const additionalFields = { reference: 'A reference' };
		const shareId = locator(UNKNOWN_ID);
		const content = chain(
			manualTrigger(),
			operation('Create', CREATE),
			operation('Create once', { ...CREATE, options, additionalFields }),
			operation('Get', { operation: 'get', shareId }),
			operation('Get many', { operation: 'getAll', limit: 1 }),
			operation('Update', { operation: 'update', shareId, expirationDateUtc: '2020-01-01' }),
		);
		return await this.n8n.addWorkflow(content, 'Operations');
	}

	/** Runs a workflow to its end, however that is, and keeps what n8n says of it. */
	async run({ id }: Workflow): Promise<string> {
		const executionId = await this.n8n.workflows.run(id, MANUAL_TRIGGER);
		const { status } = await this.n8n.executions.waitForEnd(executionId);
		await this.keep(`execution ${executionId}`, 'GET', `/executions/${executionId}`);
		return status;
	}

	/** Presses the test button of a credential, and opens all lists to pick from. */
	async useInEditor(credential: Credential): Promise<void> {
		const answer = await this.n8n.credentials.test(credential.id).catch(answerOf);
		this.answers.push({ name: 'credential test', content: JSON.stringify(answer) });
		await this.openLists(credential);
	}

	/** Opens all lists to pick from. */
	async openLists({ id, name }: Credential): Promise<void> {
		for (const [methodName, parameter] of LIST_SEARCHES) {
			await this.keep(methodName, 'POST', '/dynamic-node-parameters/resource-locator-results', {
				path: `parameters.${parameter}`,
				methodName,
				nodeTypeAndVersion: { name: 'n8n-nodes-enablenow.enableNowShare', version: 1 },
				currentNodeParameters: { operation: methodName === 'searchShares' ? 'get' : 'create' },
				credentials: { enableNowOAuth2Api: { id, name } },
			});
		}
	}

	/** Asks n8n's REST API, and keeps the answer, be it an error. */
	async keep(name: string, method: 'GET' | 'POST', url: string, body?: unknown): Promise<void> {
		const { session } = this.n8n;
		const answer = await session.call(method, url, body).catch(answerOf);
		this.answers.push({ name: `answer to ${name}`, content: JSON.stringify(answer) });
	}

	async close(): Promise<void> {
		await this.folder.remove();
		await Promise.all([this.gateway.close(), this.otherGateway.close(), this.elsewhere.close()]);
		await this.sandbox.close();
	}
}

/** What n8n said where it answered with an error. */
function answerOf(error: unknown): unknown {
	if (error instanceof RestError) return error.body;
	throw error;
}
