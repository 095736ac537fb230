import { formatExcerpt, InputError } from '../errors/inputError';
import { isEmpty } from './options';

/** SQL Server's GUIDs: the examples in EnableNow's documentation are not valid RFC 4122 UUIDs. */
const IDENTIFIER = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const SEPARATORS = /[\s,;]+/;

export function isIdentifier(value: unknown): value is string {
	return typeof value === 'string' && IDENTIFIER.test(value);
}

/** The form in which identifiers are compared, since case does not matter. */
export function identifierKey(identifier: string): string {
	return identifier.toLowerCase();
}

/**
 * Parses a list of identifiers: one identifier, several separated by commas, semicolons or white
 * space, a JSON array as text, an array, an array of objects with an `id`, or a resource locator that
 * contains one of these.
 *
 * @param fieldName - the field's display name, for the message
 * @returns the identifiers in the order and case given, without duplicates (case-insensitive)
 * @throws InputError naming the first value that is not an identifier, or one that the editor hides
 */
export function parseIdentifiers(value: unknown, fieldName: string): string[] {
	const identifiers = new Map<string, string>();
	const list = unwrapLocator(value, fieldName);
	for (const entry of splitList(list, fieldName)) {
		const id = isObject(entry) && 'id' in entry ? entry['id'] : entry;
		if (isEmpty(id)) continue;
		const identifier = typeof id === 'string' ? id.trim() : id;
		// The first word of a sentence alone would say little.
		if (!isIdentifier(identifier))
			throw identifierError(isPlainText(list) ? list.trim() : entry, fieldName);
		const key = identifierKey(identifier);
		if (!identifiers.has(key)) identifiers.set(key, identifier);
	}
	return [...identifiers.values()];
}

/**
 * Parses exactly one identifier, in the same forms as {@link parseIdentifiers}.
 *
 * @throws InputError when there is none, more than one, or something else
 */
export function parseIdentifier(value: unknown, fieldName: string): string {
	const identifiers = parseIdentifiers(value, fieldName);
	const [identifier] = identifiers;
	if (identifier === undefined) {
		throw new InputError(
			`'${fieldName}' is empty`,
			`Choose one from the list in '${fieldName}', or enter its identifier.`,
		);
	}
	if (identifiers.length > 1) {
		throw new InputError(
			`'${fieldName}' holds ${identifiers.length} identifiers, but takes one`,
			'Give each item one identifier. The Split Out node makes an item of each entry of a list.',
		);
	}
	return identifier;
}

/**
 * Returns the value of a resource locator, and any other value unchanged.
 *
 * @throws InputError for a hidden choice: if the credential is changed and the new one's list does not
 *   contain the choice, n8n's editor (seen in 2.41) shows an empty field, but keeps the value
 */
function unwrapLocator(value: unknown, fieldName: string): unknown {
	if (!isObject(value) || value['__rl'] !== true) return value;
	const { mode, value: choice, cachedResultName } = value;
	if (mode !== 'list' || cachedResultName !== '' || !choice) return choice;
	throw new InputError(
		`'${fieldName}' looks empty, but holds ${formatExcerpt(choice)}, which was chosen with another credential`,
		`Choose again in '${fieldName}', or empty it: ⋮ beside the field → Reset Value.`,
	);
}

function splitList(list: unknown, fieldName: string): unknown[] {
	if (list === null || list === undefined) return [];
	if (Array.isArray(list)) return list;
	if (typeof list !== 'string') throw identifierError(list, fieldName);
	const text = list.trim();
	return text.startsWith('[') ? parseJsonArray(text, fieldName) : text.split(SEPARATORS);
}

function parseJsonArray(text: string, fieldName: string): unknown[] {
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch {
		// Reported below, like JSON that is not an array.
	}
	if (Array.isArray(parsed)) return parsed;
	throw new InputError(
		`'${fieldName}' begins with [ but is not a valid JSON array: ${formatExcerpt(text)}`,
		'Write the identifiers in quotes, separated by commas, between [ and ]; or leave brackets and quotes out.',
	);
}

/** Whether a list is text without any identifier. */
function isPlainText(list: unknown): list is string {
	return typeof list === 'string' && !list.split(SEPARATORS).some(isIdentifier);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function identifierError(value: unknown, fieldName: string): InputError {
	return new InputError(
		`'${fieldName}' contains ${formatExcerpt(value)}, which is not an EnableNow identifier`,
		'An identifier looks like af86536d-34e3-4ebc-6c64-08db56ccef25. Give one, several separated by commas, an array of them, or an array of objects with an "id".',
	);
}
