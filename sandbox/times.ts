import { DateTime } from 'luxon';

/**
 * Reads a time of a request.
 *
 * @param text - ISO 8601; without a zone it is UTC (assumption)
 * @returns The time, or null for a day or hour that does not exist, such as 30 February
 */
export function readTime(text: string): Date | null {
	const time = DateTime.fromISO(text, { zone: 'utc' });
	return time.isValid ? time.toJSDate() : null;
}

/**
 * Writes a time for an answer, as the documented examples have it: the Netherlands' local time
 * with its offset, such as `2026-04-15T12:00:00+02:00`. EnableNow's example has whole seconds;
 * fractions are written only where there are some.
 */
export function writeTime(time: Date): string {
	const text = DateTime.fromJSDate(time, { zone: 'Europe/Amsterdam' }).toISO({
		suppressMilliseconds: true,
	});
	if (text === null) throw new Error(`${String(time)} is not a time`);
	return text;
}
