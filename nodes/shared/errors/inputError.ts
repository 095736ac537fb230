import { revealCharacters, toSingleLine } from './text';

/**
 * Invalid input, found before anything was sent. `message` says what is wrong, `description` how to
 * fix it. Both are shown to users, so neither may contain a secret.
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

const MAX_EXCERPT_LENGTH = 80;

/**
 * Formats an invalid value for a message, in one line of about 80 characters: text in quotes,
 * anything else as JSON, invisible and look-alike characters with their code points.
 */
export function formatExcerpt(value: unknown): string {
	const text = typeof value === 'string' ? `"${value}"` : toJson(value);
	const shown = revealCharacters(text.slice(0, MAX_EXCERPT_LENGTH));
	const isCut = Math.max(text.length, shown.length) > MAX_EXCERPT_LENGTH;
	return `${toSingleLine(shown, MAX_EXCERPT_LENGTH)}${isCut ? '…' : ''}`;
}

function toJson(value: unknown): string {
	// JSON has no NaN.
	if (typeof value === 'number') return String(value);
	try {
		return JSON.stringify(value) ?? String(value);
	} catch {
		// A cycle, or a BigInt.
		return `a value of type ${typeof value}`;
	}
}
