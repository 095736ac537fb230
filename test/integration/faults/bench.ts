import type { IDataObject } from 'n8n-workflow';

import { type AdminShare, SANDBOX_CUSTOMERS, type Sandbox, type Share } from '../../../sandbox';
import { credentialFields, type Engine } from '../../../scripts/engine/engine';
import { fetchToken } from '../sandbox/support';
import type { OtherRequest } from '../support/other-server';
import { WEBHOOK_SECRET } from '../support/test-bed';
import type { Fault } from './fault';
import type { Surroundings } from './surroundings';
import type { Subject } from './subject';

/**
 * Time-outs of the Share node, in seconds: short where an answer is late. Elsewhere it is the default,
 * so that a machine which is busy makes no difference.
 */
const TIMEOUT = { late: 3, other: 30 };

let opened = 0;

/** An EnableNow of its own, and a credential, for one cell of the matrix. */
export class Bench {
	/** The credential's, and the name of the node: the log is common to all cells. */
	readonly name: string;

	/** A share that is there from the start. */
	share!: Share;

	/** The base URL of the credential. */
	baseUrl!: string;

	private constructor(
		readonly surroundings: Surroundings,
		readonly sandbox: Sandbox,
		private readonly subject: Subject,
		/** How long the Share node waits for an answer, in seconds. */
		readonly timeout: number,
	) {
		this.name = `cell-${++opened}`;
	}

	/** Opens a bench. */
	static async open(surroundings: Surroundings, subject: Subject, fault: Fault): Promise<Bench> {
		const sandbox = await surroundings.sandboxes.borrow();
		const bench = new Bench(
			surroundings,
			sandbox,
			subject,
			TIMEOUT[fault.isTimeOut ? 'late' : 'other'],
		);
		const batch = { count: 1, from: 'en-app-ref-001', to: 'en-app-ref-002' };
		[bench.share] = (await sandbox.admin.addShares(batch)) as [Share];
		await bench.saveCredential(sandbox.url);
		return bench;
	}

	get engine(): Engine {
		return this.surroundings.engine;
	}

	/** Saves the credential anew, with another address. */
	async saveCredential(baseUrl: string): Promise<void> {
		const customer = SANDBOX_CUSTOMERS[this.subject.app];
		const secret = this.subject.hasWebhookSecret ? WEBHOOK_SECRET : '';
		const fields = credentialFields(baseUrl, customer, secret);
		const oauthTokenData = await this.tokenToStore();
		this.baseUrl = baseUrl;
		this.engine.credentials.save(this.name, {
			...fields,
			...(oauthTokenData !== undefined && { oauthTokenData }),
		});
	}

	private async tokenToStore(): Promise<IDataObject | undefined> {
		const { app, storedToken } = this.subject;
		if (storedToken === 'none') return undefined;
		const accessToken = await fetchToken(this.sandbox, SANDBOX_CUSTOMERS[app]);
		if (storedToken === 'revoked') await this.sandbox.admin.revokeTokens();
		return { access_token: accessToken, token_type: 'Bearer' };
	}

	/** The shares that have been made since the start. */
	async newShares(): Promise<AdminShare[]> {
		return (await this.sandbox.admin.shares()).filter(({ id }) => id !== this.share.id);
	}

	/** What nodes have written to n8n's log in this cell, without the name of the node. */
	logged(): string[] {
		const lines = this.engine.log.map(({ message }) => message);
		return lines
			.filter((line) => line.startsWith(`${this.name} `))
			.map((line) => line.slice(this.name.length + 1));
	}

	/** All that must never be seen. */
	async secrets(): Promise<string[]> {
		const tokens = await this.sandbox.admin.tokens();
		const customers = Object.values(SANDBOX_CUSTOMERS);
		return [
			...tokens.map(({ accessToken }) => accessToken),
			...customers.map(({ clientSecret }) => clientSecret),
			WEBHOOK_SECRET,
		];
	}

	/** The requests that a redirect of this cell led elsewhere. */
	requestsElsewhere(): OtherRequest[] {
		const path = `/${this.name}`;
		return this.surroundings.elsewhere.requests.filter(({ url }) => url === path);
	}

	/** Hands the sandbox back. */
	close(): void {
		this.surroundings.sandboxes.giveBack(this.sandbox);
	}
}
