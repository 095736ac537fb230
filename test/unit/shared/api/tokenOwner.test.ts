import type { EnableNowCredential } from '../../../../nodes/shared/api/credential';
import type * as TokenOwner from '../../../../nodes/shared/api/tokenOwner';
import { jwtOf } from '../../support';

const HOST = 'https://api.enablenow.nl';

/** The module as it is in an n8n that has just started: it has seen no token. */
let holdsForeignToken: typeof TokenOwner.holdsForeignToken;
let rememberToken: typeof TokenOwner.rememberToken;

beforeEach(() => {
	jest.isolateModules(() => {
		// Named in full, so that Jest knows which module this file tests.
		const fresh: typeof TokenOwner = jest.requireActual('../../../../nodes/shared/api/tokenOwner');
		({ holdsForeignToken, rememberToken } = fresh);
	});
});

function parseCredential(changes: Partial<EnableNowCredential>): EnableNowCredential {
	return {
		baseUrl: HOST,
		clientId: 'mine',
		accessToken: undefined,
		isTokenMissing: false,
		...changes,
	};
}

describe('a token that was never seen', () => {
	test.each<[string, string | undefined, boolean]>([
		['no token', undefined, false],
		['says nothing of itself', 'opaque-token', false],
		['names this client', jwtOf({ client_id: 'mine' }), false],
		['names this client and EnableNow', jwtOf({ client_id: 'mine', iss: `${HOST}/cfa` }), false],
		['names another client', jwtOf({ client_id: 'other' }), true],
		['names this client in another case', jwtOf({ client_id: 'Mine' }), true],
		['names another EnableNow', jwtOf({ client_id: 'mine', iss: 'https://else.example' }), true],
		['names another port', jwtOf({ iss: `${HOST}:8443` }), true],
		['names EnableNow with its usual port', jwtOf({ iss: `${HOST}:443` }), false],
		['names an issuer that is no address', jwtOf({ iss: 'enablenow' }), false],
		['names an issuer without a host', jwtOf({ iss: 'urn:enablenow' }), false],
		['has claims that are no texts', jwtOf({ client_id: 7, iss: ['x'] }), false],
		['has a payload that is a list', jwtOf([]), false],
		['has a payload that is null', jwtOf(null), false],
		['has a payload that is no JSON', 'e30.bm90IEpTT04.c2ln', false],
		['has a payload that is no base64', 'a.%%%.c', false],
		['is nothing but dots', '...', false],
	])('%s', (_case, accessToken, isForeign) => {
		expect(holdsForeignToken(parseCredential({ accessToken }))).toBe(isForeign);
	});
});

describe('a token that was used before', () => {
	test.each<[string, Partial<EnableNowCredential>, boolean]>([
		['with the same client and base URL', {}, false],
		['with another client', { clientId: 'other' }, true],
		['with another base URL', { baseUrl: 'https://api.staging.enablenow.nl' }, true],
	])('%s', (_case, changes, isForeign) => {
		rememberToken(parseCredential({ accessToken: 'opaque-token' }));
		expect(holdsForeignToken(parseCredential({ accessToken: 'opaque-token', ...changes }))).toBe(
			isForeign,
		);
	});

	test('belongs to whom it was used with last', () => {
		rememberToken(parseCredential({ accessToken: 'opaque-token', clientId: 'other' }));
		rememberToken(parseCredential({ accessToken: 'opaque-token' }));
		expect(holdsForeignToken(parseCredential({ accessToken: 'opaque-token' }))).toBe(false);
	});

	test('is this client’s, whatever it says of itself', () => {
		const accessToken = jwtOf({ client_id: 'alias', iss: 'https://identity.example' });
		rememberToken(parseCredential({ accessToken }));
		expect(holdsForeignToken(parseCredential({ accessToken }))).toBe(false);
	});
});

describe('where tokens of this client are known to name it otherwise', () => {
	const known = { client_id: 'alias', iss: 'https://identity.example' };

	test.each<[string, unknown, boolean]>([
		['its next token passes', { ...known, jti: '2' }, false],
		['a token of another client does not', { ...known, client_id: 'other' }, true],
		['a token of another issuer does not', { ...known, iss: HOST }, true],
	])('%s', (_case, payload, isForeign) => {
		rememberToken(parseCredential({ accessToken: jwtOf({ ...known, jti: '1' }) }));
		expect(holdsForeignToken(parseCredential({ accessToken: jwtOf(payload) }))).toBe(isForeign);
	});

	test('another client of the same name elsewhere is not told by it', () => {
		rememberToken(parseCredential({ accessToken: jwtOf(known) }));
		const elsewhere = parseCredential({
			baseUrl: 'https://api.staging.enablenow.nl',
			accessToken: jwtOf({ ...known, jti: '2' }),
		});
		expect(holdsForeignToken(elsewhere)).toBe(true);
	});
});

test('a credential without a token leaves nothing to remember', () => {
	rememberToken(parseCredential({}));
	expect(holdsForeignToken(parseCredential({ clientId: 'other' }))).toBe(false);
});

describe('memory is bounded', () => {
	function rememberOthers(count: number): void {
		for (let index = 0; index < count; index++) {
			rememberToken(parseCredential({ accessToken: `other-${index}` }));
		}
	}
	const moved = parseCredential({ accessToken: 'first', clientId: 'other' });

	test('the token that was used longest ago is forgotten', () => {
		rememberToken(parseCredential({ accessToken: 'first' }));
		rememberOthers(999);
		expect(holdsForeignToken(moved)).toBe(true);
		rememberToken(parseCredential({ accessToken: 'one more' }));
		expect(holdsForeignToken(moved)).toBe(false);
	});

	test('one that is used again is not', () => {
		rememberToken(parseCredential({ accessToken: 'first' }));
		rememberOthers(999);
		rememberToken(parseCredential({ accessToken: 'first' }));
		rememberToken(parseCredential({ accessToken: 'one more' }));
		expect(holdsForeignToken(moved)).toBe(true);
	});
});
