/** The n8n that everything is tried on first, and that `npm start` runs. */
export const DEFAULT_N8N_VERSION = '2.41.1';

/** The n8n versions that the package is tried on, newest first. */
export const N8N_VERSIONS = [DEFAULT_N8N_VERSION, '2.20.12', '1.123.81'] as const;

/** @returns whether the text is a full version number, e.g. "2.41.1" */
export function isExactVersion(text: string): boolean {
	return /^\d+\.\d+\.\d+$/.test(text);
}

/** @returns the first of the version's three numbers */
export function majorVersion(version: string): number {
	return Number.parseInt(version, 10);
}
