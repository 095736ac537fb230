import type { Random } from './random';

/**
 * Makes a GUID like those of EnableNow's examples (`53520156-8459-425b-3370-08de95423420`): random
 * but for SQL Server's sequential part, and with a variant that RFC 4122 does not have.
 *
 * @param random - Where the digits come from
 * @returns 8-4-4-4-12 hexadecimal digits, in lower case
 */
export function createGuid(random: Random): string {
	const digits = (count: number): string =>
		Array.from({ length: count }, () => random.integer(0, 15).toString(16)).join('');
	const variant = random.integer(0, 7).toString(16);
	return `${digits(8)}-${digits(4)}-4${digits(3)}-${variant}${digits(3)}-08de${digits(8)}`;
}
