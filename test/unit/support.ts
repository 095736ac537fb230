import { InvalidInput } from '../../nodes/shared/invalidInput';
import { RequestFailure } from '../../nodes/shared/requestFailure';
import type { EnableNowApi } from '../../nodes/shared/transport';
import type { INode } from 'n8n-workflow';

/** Two identifiers of EnableNow's documentation that validators of RFC 4122 refuse. */
export const CONSENT_ID = 'af86536d-34e3-4ebc-6c64-08db56ccef25';
export const SHARE_ID = '53520156-8459-425b-3370-08de95423420';

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
export function refusalOf(work: () => unknown): InvalidInput {
	return thrownBy(work, InvalidInput);
}

/** The failure that a piece of work ends with; it fails where the work succeeds. */
export function failureOf(work: () => unknown): RequestFailure {
	return thrownBy(work, RequestFailure);
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
export function fakeApi(send: EnableNowApi['send']): EnableNowApi {
	return {
		credential: { baseUrl: '', clientId: '', webhookSecrets: [], accessToken: undefined },
		send,
		close: () => Promise.resolve(),
	};
}
