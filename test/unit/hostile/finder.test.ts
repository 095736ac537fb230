import { gzipSync } from 'node:zlib';
import { SecretFinder } from '../../e2e/hostile/secrets/finder';
import { SECRET_WRITERS } from '../../secret-writers';

const ASCII = 'a-client-secret-0123456789/+"\\<&>';
const OTHER = 'sëcrét-ключ-🔑';

const inBase64 = (text: string, before = ''): string =>
	Buffer.from(`${before}${text} and more`).toString('base64');

/** Texts that hold a secret. */
const HIDING_PLACES: Array<[string, (secret: string) => Buffer | string]> = [
	...SECRET_WRITERS,
	['in bytes', (secret) => Buffer.from(`\0\x01${secret}\xff`)],
	...SECRET_WRITERS.map(([name, write]): [string, (secret: string) => string] => [
		`${name}, in JSON`,
		(secret) => JSON.stringify(write(secret)),
	]),
	['in Base64', (secret) => inBase64(secret)],
	['in Base64, one byte later', (secret) => inBase64(secret, ':')],
	['in Base64, two bytes later', (secret) => inBase64(secret, 'x:')],
	['in Base64 for URLs', (secret) => Buffer.from(secret).toString('base64url')],
	['in hexadecimal digits', (secret) => Buffer.from(secret).toString('hex')],
];

describe.each([ASCII, OTHER])('%s', (secret) => {
	const finder = new SecretFinder([{ name: 'the secret', value: secret }]);

	it.each(HIDING_PLACES)('is found %s', (_name, hide) => {
		const places = [
			{ name: 'innocent', content: 'nothing here' },
			{ name: 'guilty', content: hide(secret) },
		];
		expect(finder.find(places)).toMatchObject([{ secret: 'the secret', place: 'guilty' }]);
	});

	it('is not found where it is not', () => {
		const content = `${secret.slice(1, 8)} ${gzipSync('x').toString('base64')} {"secret":"***"}`;
		expect(finder.find([{ name: 'innocent', content }])).toEqual([]);
	});
});

it('a long one is found where it was cut off', () => {
	const finder = new SecretFinder([{ name: 'the secret', value: ASCII }]);
	expect(finder.find([{ name: 'start', content: ASCII.slice(0, 20) }])).toHaveLength(1);
	expect(finder.find([{ name: 'end', content: ASCII.slice(-20) }])).toHaveLength(1);
});

it('a finding shows what stands around the secret, and not the secret', () => {
	const finder = new SecretFinder([{ name: 'the secret', value: OTHER }]);
	const [finding] = finder.find([{ name: 'log', content: `before ${OTHER} after` }]);
	expect(finding).toEqual({
		secret: 'the secret',
		place: 'log',
		form: 'as it is',
		context: 'before [here] after',
	});
});
