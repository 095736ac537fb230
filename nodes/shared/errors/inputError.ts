import { toSingleLine } from './text';

/**
 * A value that must not be sent, found before anything was sent.
 *
 * `message` says what was wrong, `description` how to mend it; both are shown to the person who
 * made the workflow, so neither may hold a secret.
 */
export class InputError extends Error {
	constructor(
		message: string,
		readonly description: string,
	) {
		super(message);
		this.name = 'InputError';
	}
}

/** The longest part of a refused value that a message repeats. */
const LONGEST_EXCERPT = 80;

/**
 * Writes a refused value into a message, in one line: text in quotes, anything else as JSON, cut off
 * when long.
 *
 * @param value - what a parameter held; may be anything that an expression can give
 */
export function formatExcerpt(value: unknown): string {
	const text = typeof value === 'string' ? `"${value}"` : asJson(value);
	return `${toSingleLine(text, LONGEST_EXCERPT)}${text.length > LONGEST_EXCERPT ? '…' : ''}`;
}

function asJson(value: unknown): string {
	// JSON has no NaN.
	if (typeof value === 'number') return String(value);
	try {
		return JSON.stringify(value) ?? String(value);
	} catch {
		// A cycle, or a BigInt: the type says enough.
		return `a value of type ${typeof value}`;
	}
}
