import type { Summary } from './statistics';

/** Writes a number with three significant digits, as far as these are behind the point. */
export function formatNumber(value: number): string {
	const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
	return value.toLocaleString('en', {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits,
	});
}

/** Writes a whole number, with a comma before the thousands. */
export function formatCount(value: number): string {
	return value.toLocaleString('en', { maximumFractionDigits: 0 });
}

/**
 * Writes a median with its range, such as "4.12 s (4.01–4.30)".
 *
 * @param unit stands behind the median; may be empty
 */
export function formatSummary({ median, least, most }: Summary, unit = ''): string {
	const withUnit = unit === '' ? formatNumber(median) : `${formatNumber(median)} ${unit}`;
	return least === most ? withUnit : `${withUnit} (${formatNumber(least)}–${formatNumber(most)})`;
}

/** Writes bytes as mebibytes. */
export function toMebibytes(bytes: number): number {
	return bytes / 1024 ** 2;
}
