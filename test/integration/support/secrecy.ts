import { inspect } from 'node:util';

/**
 * Expects that nothing secret is anywhere in a value: not in its JSON, and not in what only a
 * debugger would show, such as the cause of an error or a property that is not enumerable.
 *
 * @param secrets - each of them as it must not be found
 */
export function expectNoSecrets(value: unknown, secrets: string[]): void {
	const unlimited = { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity };
	const texts = [JSON.stringify(value), inspect(value, { ...unlimited, showHidden: true })];
	for (const text of texts) {
		expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
		expect(text).not.toMatch(/\bauthorization\b/i);
		expect(text).not.toMatch(/\bbearer\s+\w/i);
	}
}
