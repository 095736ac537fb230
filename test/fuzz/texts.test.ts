import fc from 'fast-check';

import { parseClientId, parseText } from '../../nodes/shared/input/text';
import { texts, values } from './support/arbitraries';
import { property } from './support/cases';
import { acceptedOrRefused } from './support/outcome';

const FIELD = 'Reference';

const isUnseen = (character: string) => /[\s\p{Cf}\p{DI}]/u.test(character);

/** A text without the white space and the invisible characters at its ends, one after the other. */
function trimmed(text: string): string {
	const characters = [...text];
	while (characters.length > 0 && isUnseen(characters[0]!)) characters.shift();
	while (characters.length > 0 && isUnseen(characters.at(-1)!)) characters.pop();
	return characters.join('');
}

const hidden = fc.constantFrom(
	'\u200b',
	'\ufeff',
	'\u00ad',
	'\u202e',
	'\u{e0041}',
	' ',
	'\u00a0',
	'x',
);
const hiddenTexts = fc.oneof(
	texts,
	fc.array(hidden).map((characters) => characters.join('')),
);

property(
	'a text is kept to the letter, but for what nobody sees around it',
	hiddenTexts,
	(text) => {
		const core = trimmed(text);
		expect(parseText(text, FIELD)).toBe(core);
		expect(parseText(` \n${core}\t`, FIELD)).toBe(core);
	},
);

property('a number is read as a text of the same number', fc.double(), (number) => {
	const text = acceptedOrRefused(() => parseText(number, FIELD), FIELD);
	if (Number.isFinite(number)) expect(Number(text) === number).toBe(true);
	else expect(text).toBeUndefined();
});

property('any value is a text or a number, or empty, or refused', values, (value) => {
	const text = acceptedOrRefused(() => parseText(value, FIELD), FIELD);
	const isTaken = value === null || ['undefined', 'string', 'number'].includes(typeof value);
	if (!isTaken) expect(text).toBeUndefined();
	else if (text !== undefined) expect(text).toBe(trimmed(text));
});

property(
	'a client ID that is taken holds nothing that nobody sees, but spaces',
	hiddenTexts,
	(text) => {
		const clientId = acceptedOrRefused(() => parseClientId(text, FIELD), FIELD);
		const core = trimmed(text);
		const isHidden = [...core].some(
			(character) => character !== ' ' && /[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{DI}]/u.test(character),
		);
		expect(clientId).toBe(isHidden ? undefined : core);
	},
);
