import type * as Token from '../../../../nodes/shared/api/token';
import { jwtOf } from '../../support';

const HOST = 'https://api.enablenow.nl';

/** The module as it is in an n8n that has just started: it has seen no token. */
let isForeignToken: typeof Token.isForeignToken;
let rememberToken: typeof Token.rememberToken;

beforeEach(() => {
	jest.isolateModules(() => {
		// Named in full, so that Jest knows which module this file tests.
		const fresh: typeof Token = jest.requireActual('../../../../nodes/shared/api/token');
		({ isForeignToken, rememberToken } = fresh);
	});
});

type Credential = Parameters<typeof Token.isForeignToken>[0];

function credential(changes: Partial<Credential>): Credential {
	return { baseUrl: HOST, clientId: 'mine', accessToken: undefined, ...changes };
}

describe('a token that was never seen', () => {
	test.each<[string, string | undefined, boolean]>([
		['no token', undefined, false],
		['says nothing of itself', 'opaque-token', false],
		['names this client', jwtOf({ client_id: 'mine' }), false],
		['names another client', jwtOf({ client_id: 'other' }), true],
		['names this client in another case', jwtOf({ client_id: 'Mine' }), true],
		['has a claim that is no text', jwtOf({ client_id: 7 }), false],
		['is of an issuer on another host', jwtOf({ iss: 'https://else.example' }), false],
		['has a payload that is a list', jwtOf([]), false],
		['has a payload that is null', jwtOf(null), false],
		['has a payload that is no JSON', 'e30.bm90IEpTT04.c2ln', false],
		['has a payload that is no base64', 'a.%%%.c', false],
		['is nothing but dots', '...', false],
	])('%s', (_case, accessToken, isForeign) => {
		expect(isForeignToken(credential({ accessToken }))).toBe(isForeign);
	});
});

describe('a token that was used before', () => {
	test.each<[string, Partial<Credential>, boolean]>([
		['with the same client and base URL', {}, false],
		['with another client', { clientId: 'other' }, true],
		['with another base URL', { baseUrl: 'https://api.staging.enablenow.nl' }, true],
	])('%s', (_case, changes, isForeign) => {
		rememberToken(credential({ accessToken: 'opaque-token' }));
		expect(isForeignToken(credential({ accessToken: 'opaque-token', ...changes }))).toBe(isForeign);
	});

	test('belongs to whom it was used with last', () => {
		rememberToken(credential({ accessToken: 'opaque-token', clientId: 'other' }));
		rememberToken(credential({ accessToken: 'opaque-token' }));
		expect(isForeignToken(credential({ accessToken: 'opaque-token' }))).toBe(false);
	});

	test('is this client’s, whatever it says of itself', () => {
		const accessToken = jwtOf({ client_id: 'alias' });
		rememberToken(credential({ accessToken }));
		expect(isForeignToken(credential({ accessToken }))).toBe(false);
	});
});

test('a credential without a token leaves nothing to remember', () => {
	rememberToken(credential({}));
	expect(isForeignToken(credential({ clientId: 'other' }))).toBe(false);
});

describe('memory is bounded', () => {
	function rememberOthers(count: number): void {
		for (let index = 0; index < count; index++) {
			rememberToken(credential({ accessToken: `other-${index}` }));
		}
	}
	const moved = credential({ accessToken: 'first', clientId: 'other' });

	test('the token that was used longest ago is forgotten', () => {
		rememberToken(credential({ accessToken: 'first' }));
		rememberOthers(999);
		expect(isForeignToken(moved)).toBe(true);
		rememberToken(credential({ accessToken: 'one more' }));
		expect(isForeignToken(moved)).toBe(false);
	});

	test('one that is used again is not', () => {
		rememberToken(credential({ accessToken: 'first' }));
		rememberOthers(999);
		rememberToken(credential({ accessToken: 'first' }));
		rememberToken(credential({ accessToken: 'one more' }));
		expect(isForeignToken(moved)).toBe(true);
	});
});
