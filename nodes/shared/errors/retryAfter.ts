/** An HTTP date begins with the day of the week; Date.parse also accepts text such as "soon 1". */
const HTTP_DATE = /^\s*(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*[, ]/i;

/**
 * Parses a Retry-After header (RFC 9110, section 10.2.3): whole seconds, or an HTTP date.
 *
 * @param now - in milliseconds since 1970
 * @returns how long to wait, in milliseconds, 0 or more; `undefined` if the header is missing or invalid
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
	if (header === undefined) return undefined;
	if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
	const date = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN;
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
