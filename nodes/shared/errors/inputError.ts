import { joinSentences, revealCharacters, toSingleLine } from './text';

/**
 * Invalid input, found before anything was sent. `message` says what is wrong, `description` how to
 * fix it. Both are shown to users, so neither may contain a secret.
 */
export class InputError extends Error {
	readonly description: string;

	/**
	 * @param advice - how to fix it; all that an AI model is told, so it asks for a literal value
	 * @param editorAdvice - what only a person in n8n's editor can do: an expression or a click
	 */
	constructor(
		message: string,
		readonly advice: string,
		editorAdvice?: string,
	) {
		super(message);
		this.name = 'InputError';
		this.description = editorAdvice === undefined ? advice : joinSentences(advice, editorAdvice);
	}
}

const MAX_EXCERPT_LENGTH = 80;

/**
 * Formats an invalid value for a message, in one line of about 80 characters: text in quotes,
 * anything else as JSON, invisible and look-alike characters with their code points.
 */
export function formatExcerpt(value: unknown): string {
	return toExcerpt(typeof value === 'string' ? `"${value}"` : toJson(value));
}

/** Puts text from outside on one line, as {@link formatExcerpt} does, without quotes. */
export function toExcerpt(text: string, maxLength = MAX_EXCERPT_LENGTH): string {
	const shown = revealCharacters(text.slice(0, maxLength));
	const isCut = Math.max(text.length, shown.length) > maxLength;
	return `${toSingleLine(shown, maxLength)}${isCut ? '…' : ''}`;
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
