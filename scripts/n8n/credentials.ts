import type { RestSession } from './rest-session';

/** A credential to be. */
export interface NewCredential {
	name: string;
	/** The internal name of its type, e.g. "enableNowOAuth2Api". */
	type: string;
	/** The fields of the type. */
	data: Record<string, unknown>;
}

/** A credential that n8n holds; its secrets stay there. */
export interface Credential {
	id: string;
	name: string;
	type: string;
}

/** What the test button of a credential shows. */
export interface CredentialTest {
	status: 'OK' | 'Error';
	message: string;
}

/** The credentials of an n8n. */
export class Credentials {
	constructor(private readonly session: RestSession) {}

	async create(credential: NewCredential): Promise<Credential> {
		const { id, name, type } = await this.session.call<Credential>(
			'POST',
			'/credentials',
			credential,
		);
		return { id, name, type };
	}

	async list(): Promise<Credential[]> {
		return this.session.call('GET', '/credentials');
	}

	/** Replaces all fields. */
	async update(id: string, credential: NewCredential): Promise<void> {
		await this.session.call('PATCH', `/credentials/${id}`, credential);
	}

	async rename(id: string, name: string): Promise<void> {
		await this.update(id, { ...(await this.read(id)), name });
	}

	/** Changes some of the fields. */
	async change(id: string, changes: NewCredential['data']): Promise<void> {
		const { name, type, data } = await this.read(id);
		await this.update(id, { name, type, data: { ...data, ...changes } });
	}

	/** As the editor gets it: with placeholders for secrets, which n8n takes for what it has stored. */
	private async read(id: string): Promise<NewCredential> {
		return this.session.call('GET', `/credentials/${id}?includeData=true`);
	}

	/** Presses the test button of a saved credential. */
	async test(id: string): Promise<CredentialTest> {
		const saved = await this.read(id);
		return this.session.call('POST', '/credentials/test', {
			credentials: { id, name: saved.name, type: saved.type, data: saved.data },
		});
	}

	async remove(id: string): Promise<void> {
		await this.session.call('DELETE', `/credentials/${id}`);
	}
}
