/**
 * A date, optionally with a time of day, optionally with Z or an offset from UTC. Any dash may be in
 * the date, but before the offset only a hyphen or minus: `12:00–13:00` is a range.
 */
const ISO_TIME =
	/^(\d{4})[\p{Pd}\u2212](\d{2})[\p{Pd}\u2212](\d{2})(?:[T\s](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s?(Z|[-+\u2010\u2011\u2212]\d{2}(?::?\d{2})?)?)?$/iu;

const MILLISECONDS_PER_MINUTE = 60_000;

/**
 * Formats a date and time for EnableNow: `YYYY-MM-DDTHH:mm:ssZ`. The documentation's examples have no
 * zone, but EnableNow's responses have an offset: without the Z, it might read local time.
 */
export function formatDate(moment: Date): string {
	return moment.toISOString().replace(/\.\d+Z$/, 'Z');
}

/**
 * Parses ISO 8601 text; a space may replace the T, and a date alone means midnight.
 *
 * @returns milliseconds since 1970, without fractions of a second, or NaN
 */
export function parseIsoTime(text: string): number {
	const match = ISO_TIME.exec(text);
	if (!match) return Number.NaN;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
		.slice(1, 7)
		.map((part: string | undefined) => Number(part ?? 0));
	const utc = new Date(0);
	// Date.UTC would read the years 0 to 99 as 1900 to 1999.
	utc.setUTCFullYear(year, month - 1, day);
	utc.setUTCHours(hour, minute, second);
	// Date turns 31 April into 1 May and 24:00 into the next day: refuse what it changed.
	const sameDay = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day;
	if (!sameDay || hour > 23 || minute > 59 || second > 59) return Number.NaN;
	return utc.getTime() - parseOffsetMinutes(match[7]) * MILLISECONDS_PER_MINUTE;
}

/** How far a zone is ahead of UTC; 0 for Z and for no zone. */
function parseOffsetMinutes(zone: string | undefined): number {
	if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
	const hours = Number(zone.slice(1, 3));
	const minutes = Number(zone.slice(3).replace(':', ''));
	if (hours > 23 || minutes > 59) return Number.NaN;
	return (zone.startsWith('+') ? 1 : -1) * (hours * 60 + minutes);
}
