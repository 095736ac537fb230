/** A value that should be text; anything else is empty. */
export function textOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
