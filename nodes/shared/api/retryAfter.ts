/** Date.parse takes much for a date, such as "soon 1"; an HTTP date begins with the day of the week. */
const HTTP_DATE = /^\s*(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*[, ]/i;

/**
 * Reads a Retry-After header (RFC 9110, section 10.2.3): whole seconds, or an HTTP date.
 *
 * @param header - the header as it came; anything
 * @param now - milliseconds since 1970, to which a date is related
 * @returns how long to wait, in milliseconds, not below 0; `undefined` where the header says nothing
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
	if (header === undefined) return undefined;
	if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
	const date = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN;
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
