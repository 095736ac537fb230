import fc from 'fast-check';

import { parseIdentifier, parseIdentifiers } from '../../nodes/shared/input/identifiers';
import { damaged, identifiers, values } from './support/arbitraries';
import { property } from './support/cases';
import { acceptedOrRefused } from './support/outcome';

const FIELD = 'Consents';

/** What every server that knows GUIDs would take. */
const GUID = /^[\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}$/;

const blanks = fc.constantFrom('', ' ', '\n', '\t', '\r\n', '\u00a0', '\ufeff', '\u200b');
const separators = fc.constantFrom(',', ';', ' ', '\n', ', ', ' ; ', ',,', '\r\n');

/** Lists of identifiers that differ, whatever their case. */
const lists = fc.uniqueArray(identifiers, {
	maxLength: 6,
	selector: (identifier) => identifier.toLowerCase(),
});

/** What pasting makes of an identifier. */
function pasted(identifier: string, [hyphen, hidden, [open, close], urn]: Paste): string {
	const middle = identifier.slice(0, 12) + hidden + identifier.slice(12);
	return hidden + open + urn + middle.replaceAll('-', hyphen) + close + hidden;
}

type Paste = [hyphen: string, hidden: string, around: [string, string], urn: string];
const pastes: fc.Arbitrary<Paste> = fc.tuple(
	fc.constantFrom(...'-‐‑‒–—―−﹣－'),
	fc.constantFrom('', '\u200b', '\u00ad', '\ufeff', '\u202a', '\u2060', '\ufe0f'),
	fc.constantFrom<[string, string]>(
		['', ''],
		['"', '"'],
		['“', '”'],
		['«', '»'],
		['`', '`'],
		['{', '}'],
	),
	fc.constantFrom('', 'urn:uuid:', 'URN:UUID:'),
);

property(
	'a list that was pasted is read as what it means',
	fc.tuple(lists, pastes, separators, fc.boolean()),
	([list, paste, separator, isText]) => {
		const texts = list.map((identifier) => pasted(identifier, paste));
		expect(parseIdentifiers(isText ? texts.join(separator) : texts, FIELD)).toEqual(list);
	},
);

/** What is left of a text when all that is forgiven is taken from it. */
function withoutForgiven(text: string): string {
	return text
		.replace(/[\p{Cf}\p{DI}]/gu, '')
		.replace(/[\p{Pd}\u02d7\u2043\u2212]/gu, '-')
		.replace(/urn:uuid:|["'`\u00b4\u201a\u201e\p{Pi}\p{Pf}{}\s,;]/giu, '');
}

/** A list, and one of the forms in which it can be given. */
const writtenLists = fc
	.tuple(lists, separators, blanks, fc.nat({ max: 6 }), fc.boolean())
	.map(([list, separator, blank, form, isLocated]) => {
		const padded = list.map((identifier) => blank + identifier + blank);
		const forms: unknown[] = [
			blank + list.join(separator) + blank,
			padded,
			padded.map((id) => ({ id, other: 'x' })),
			blank + JSON.stringify(padded) + blank,
			JSON.stringify(padded.map((id) => ({ id }))),
			// The same once more, in another case.
			[...list, ...list.map((identifier) => identifier.toUpperCase())],
			['', null, ...padded, undefined, blank],
		];
		const value = forms[form];
		return { list, value: isLocated ? { __rl: true, mode: 'id', value } : value };
	});

property('a list is read as what it means, whatever its form', writtenLists, ({ list, value }) => {
	expect(parseIdentifiers(value, FIELD)).toEqual(list);
});

property('any value is a list of identifiers that it holds, or refused', values, (value) => {
	const accepted = acceptedOrRefused(() => parseIdentifiers(value, FIELD), FIELD);
	if (accepted === undefined) return;
	expect(accepted.filter((identifier) => !GUID.test(identifier))).toEqual([]);
	expect(new Set(accepted.map((identifier) => identifier.toLowerCase())).size).toBe(
		accepted.length,
	);
	let rest = accepted.length === 0 ? '' : withoutForgiven(JSON.stringify(value));
	for (const identifier of accepted) {
		expect(rest).toContain(identifier);
		rest = rest.slice(rest.indexOf(identifier) + identifier.length);
	}
});

property(
	'one bad entry among good ones has the whole list refused',
	fc.tuple(
		fc.array(identifiers, { maxLength: 3 }),
		damaged(identifiers).filter(
			(text) =>
				!/[\s,;]/.test(text) && withoutForgiven(text) !== '' && !GUID.test(withoutForgiven(text)),
		),
		fc.array(identifiers, { maxLength: 3 }),
		separators,
	),
	([before, bad, after, separator]) => {
		const list = [...before, bad, ...after];
		for (const value of [list, list.map((id) => ({ id })), list.join(separator)]) {
			expect(acceptedOrRefused(() => parseIdentifiers(value, FIELD), FIELD)).toBeUndefined();
		}
	},
);

property('a field for one takes one identifier, and nothing else', values, (value) => {
	const one = acceptedOrRefused(() => parseIdentifier(value, FIELD), FIELD);
	const all = acceptedOrRefused(() => parseIdentifiers(value, FIELD), FIELD);
	expect(one).toBe(all?.length === 1 ? all[0] : undefined);
});
