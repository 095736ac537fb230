import { formatExcerpt, InputError } from '../errors/inputError';

/**
 * 8-4-4-4-12 hexadecimal digits, any version, any variant, either case. EnableNow's identifiers are
 * GUIDs of SQL Server's kind; its own documentation's examples are no RFC 4122 UUIDs.
 */
const IDENTIFIER = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a value is one EnableNow identifier, with nothing around it. */
export function isIdentifier(value: unknown): value is string {
	return typeof value === 'string' && IDENTIFIER.test(value);
}

/** The form in which identifiers are compared: case does not matter. */
export function identifierKey(identifier: string): string {
	return identifier.toLowerCase();
}

/**
 * Parses a list of identifiers in any of the forms that reach a parameter: one identifier, several
 * separated by commas, semicolons or white space, a JSON array as text, an array, an array of
 * objects with an `id`, or a resource locator that holds one of these.
 *
 * @param value - the parameter's value
 * @param fieldName - the field's display name, for the message
 * @returns the identifiers in the order given, their case as given, each once (whatever its case)
 * @throws InputError naming the first value that is not an identifier, or what the editor hides
 */
export function parseIdentifiers(value: unknown, fieldName: string): string[] {
	const identifiers = new Map<string, string>();
	const list = unwrapLocator(value, fieldName);
	for (const entry of splitList(list, fieldName)) {
		const identifier = trimText(isObject(entry) && 'id' in entry ? entry['id'] : entry);
		if (identifier === null || identifier === undefined || identifier === '') continue;
		if (!isIdentifier(identifier)) {
			// Of a sentence, the first word alone would say little.
			throw identifierError(isPlainText(list) ? list.trim() : entry, fieldName);
		}
		const key = identifierKey(identifier);
		if (!identifiers.has(key)) identifiers.set(key, identifier);
	}
	return [...identifiers.values()];
}

/**
 * Parses a parameter that must hold exactly one identifier.
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
 * What a resource locator holds; any other value as it is.
 *
 * @throws InputError for what was chosen from a list and is hidden since: where the list of another
 *   credential does not begin with it, n8n's editor (seen in 2.41) shows an empty field, but keeps the
 *   value
 */
function unwrapLocator(value: unknown, fieldName: string): unknown {
	if (!isObject(value) || value['__rl'] !== true) return value;
	const { mode, value: held, cachedResultName } = value;
	if (mode !== 'list' || cachedResultName !== '' || !held) return held;
	throw new InputError(
		`'${fieldName}' looks empty, but holds ${formatExcerpt(held)}, which was chosen with another credential`,
		`Choose again in '${fieldName}', or empty it: ⋮ beside the field → Reset Value.`,
	);
}

/** The entries of a list, whatever form the list has. */
function splitList(list: unknown, fieldName: string): unknown[] {
	if (list === null || list === undefined) return [];
	if (Array.isArray(list)) return list;
	if (typeof list !== 'string') throw identifierError(list, fieldName);
	const text = list.trim();
	return text.startsWith('[') ? parseJsonArray(text, fieldName) : text.split(/[\s,;]+/);
}

function parseJsonArray(text: string, fieldName: string): unknown[] {
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch {
		// Reported below, together with JSON that is no array.
	}
	if (Array.isArray(parsed)) return parsed;
	throw new InputError(
		`'${fieldName}' begins with [ but is not a valid JSON array: ${formatExcerpt(text)}`,
		'Write the identifiers in quotes, separated by commas, between [ and ]; or leave brackets and quotes out.',
	);
}

/** Text with no identifier in it at all. */
function isPlainText(list: unknown): list is string {
	return typeof list === 'string' && !list.split(/[\s,;]+/).some(isIdentifier);
}

function trimText(value: unknown): unknown {
	return typeof value === 'string' ? value.trim() : value;
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
