import { formatExcerpt, InputError } from '../errors/inputError';
import { isObject } from '../errors/text';
import { removeInvisible, tryParseJson } from './text';

/** SQL Server's GUIDs: the examples in EnableNow's documentation are not valid RFC 4122 UUIDs. */
const GUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const IDENTIFIER = new RegExp(`^${GUID}$`, 'i');

/** Straight and curly quotes, guillemets, accents. */
const QUOTES = /["'`\u00b4\u201a\u201e\p{Pi}\p{Pf}]/gu;

/** The hyphens, dashes and minus signs of Unicode. */
const HYPHENS = /[\p{Pd}\u02d7\u2043\u2212]/gu;

/** An identifier with what is forgiven around it, or that alone. */
const WRAPPED = new RegExp(`^[\\s"{}]*(?:(?:urn:uuid:)?(${GUID})[\\s"{}]*)?$`, 'i');

const EXAMPLE = 'af86536d-34e3-4ebc-6c64-08db56ccef25';

/** White space without the byte order mark, which is invisible. */
const SEPARATORS = /(?:(?!\ufeff)[\s,;])+/;

export function isIdentifier(value: unknown): value is string {
	return typeof value === 'string' && IDENTIFIER.test(value);
}

/** The form in which identifiers are compared, since case does not matter. */
export function identifierKey(identifier: string): string {
	return identifier.toLowerCase();
}

/**
 * Parses a list of identifiers: one identifier, several separated by commas, semicolons or white
 * space, an array, an object with an `id`, an array of such objects, JSON text of one of these, or a
 * resource locator that contains one of them. What pasting adds is forgiven: invisible characters,
 * other hyphens than `-`, quotes and braces around an identifier, `urn:uuid:` before it.
 *
 * @param fieldName - the field's display name, for the message
 * @returns the identifiers in the order and case given, without duplicates (case-insensitive)
 * @throws InputError naming the first value that is not an identifier, or one that the editor hides
 */
export function parseIdentifiers(value: unknown, fieldName: string): string[] {
	return parseList(value, fieldName, (entry) => entry['id']);
}

/**
 * Parses exactly one identifier, in the same forms as {@link parseIdentifiers}.
 *
 * @throws InputError when there is none, more than one, or something else
 */
export function parseIdentifier(value: unknown, fieldName: string): string {
	return getOnlyOne(parseIdentifiers(value, fieldName), fieldName);
}

/**
 * Parses the identifier of one share, in the same forms as {@link parseIdentifiers}, or an output
 * item of the trigger: an object with a `shareId`, or with a `share` that has an `id`.
 *
 * @throws InputError when there is none, more than one, or something else
 */
export function parseShareId(value: unknown, fieldName: string): string {
	const identifiers = parseList(
		value,
		fieldName,
		({ shareId, id, share }) => shareId ?? id ?? (isObject(share) ? share['id'] : share),
	);
	return getOnlyOne(identifiers, fieldName);
}

function getOnlyOne(identifiers: string[], fieldName: string): string {
	const [identifier] = identifiers;
	if (identifier === undefined) {
		throw new InputError(
			`'${fieldName}' is empty`,
			`Give one identifier, which looks like ${EXAMPLE}.`,
			`You can choose it from the list in '${fieldName}'.`,
		);
	}
	if (identifiers.length > 1) {
		throw new InputError(
			`'${fieldName}' holds ${identifiers.length} identifiers, but takes one`,
			'Give each item one identifier.',
			'The Split Out node makes an item of each entry of a list.',
		);
	}
	return identifier;
}

/** @param getId - returns the identifier that an object stands for, if any */
function parseList(
	value: unknown,
	fieldName: string,
	getId: (entry: Record<string, unknown>) => unknown,
): string[] {
	const list = unwrapLocator(value, fieldName);
	if (isIdentifier(list)) return [list];
	const entries = splitList(list, fieldName);
	const identifiers = new Map<string, string>();
	for (const entry of entries) {
		const { id = entry } = isObject(entry) ? { id: getId(entry) } : {};
		const identifier = toIdentifier(id);
		if (identifier === '') continue;
		if (identifier === undefined) {
			// The first word of a sentence alone would say little.
			const isSentence = typeof list === 'string' && !entries.some(toIdentifier);
			throw identifierError(isSentence ? list.trim() : entry, fieldName);
		}
		const key = identifierKey(identifier);
		if (!identifiers.has(key)) identifiers.set(key, identifier);
	}
	return [...identifiers.values()];
}

/** The identifier that an entry holds; empty if it holds nothing, `undefined` if it holds something else. */
function toIdentifier(entry: unknown): string | undefined {
	if (isIdentifier(entry)) return entry;
	if (entry === null || entry === undefined) return '';
	if (typeof entry !== 'string') return undefined;
	const text = removeInvisible(entry).replace(HYPHENS, '-').replace(QUOTES, '"');
	const match = WRAPPED.exec(text);
	return match ? (match[1] ?? '') : undefined;
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
	if (Array.isArray(list)) return list;
	if (typeof list !== 'string') return [list];
	const text = removeInvisible(list);
	// Text from a chat may have other quotes than JSON.
	const json = tryParseJson(text) ?? tryParseJson(text.replace(QUOTES, '"'));
	if (Array.isArray(json)) return json;
	if (isObject(json)) return [json];
	// Of the text as given, since an error shows its invisible characters.
	if (!text.startsWith('[')) return list.split(SEPARATORS);
	throw new InputError(
		`'${fieldName}' begins with [ but is not a valid JSON array: ${formatExcerpt(list.trim())}`,
		'Write the identifiers in quotes, separated by commas, between [ and ]; or omit the brackets and quotes.',
	);
}

function identifierError(value: unknown, fieldName: string): InputError {
	return new InputError(
		`'${fieldName}' contains ${formatExcerpt(value)}, which is not an EnableNow identifier`,
		`An identifier looks like ${EXAMPLE}. Give one; where a field takes several, separate them with commas.`,
	);
}
