import { Credentials } from './credentials';
import { Executions } from './executions';
import { RestSession } from './rest-session';
import { Workflows } from './workflows';

/** The person whom an n8n belongs to. */
export interface Owner {
	email: string;
	/** 8 to 64 characters, at least one digit and one capital: n8n's rule. */
	password: string;
	firstName: string;
	lastName: string;
}

/** The owner of the n8ns that tests start: each is on this machine only, and for a while. */
export const LOCAL_OWNER: Owner = {
	email: 'owner@enablenow.example',
	password: 'EnableNow1',
	firstName: 'Local',
	lastName: 'Owner',
};

/** What a signed-in person does in n8n, without the editor. */
export interface N8nClient {
	readonly session: RestSession;
	readonly credentials: Credentials;
	readonly workflows: Workflows;
	readonly executions: Executions;
}

/**
 * Signs in to an n8n; where it has no owner yet, sets up the owner.
 *
 * @throws RestError when n8n refuses email or password
 */
export async function signIn(
	n8n: { url: string; version: string },
	owner: Owner = LOCAL_OWNER,
): Promise<N8nClient> {
	const session = new RestSession(n8n.url);
	const { userManagement } = await session.call<{
		userManagement: { showSetupOnFirstLoad: boolean };
	}>('GET', '/settings');
	if (userManagement.showSetupOnFirstLoad) {
		await session.call('POST', '/owner/setup', owner);
	} else {
		await session.call('POST', '/login', {
			emailOrLdapLoginId: owner.email,
			password: owner.password,
		});
	}
	return {
		session,
		credentials: new Credentials(session),
		workflows: new Workflows(session, n8n.version),
		executions: new Executions(session),
	};
}
