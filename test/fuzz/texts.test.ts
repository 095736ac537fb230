import fc from 'fast-check';

import { parseText } from '../../nodes/shared/input/text';
import { texts, values } from './support/arbitraries';
import { property } from './support/cases';
import { acceptedOrRefused } from './support/outcome';

const FIELD = 'Reference';

property('a text is kept to the letter, but for blanks around it', texts, (text) => {
	const core = text.trim();
	expect(parseText(text, FIELD)).toBe(core);
	expect(parseText(` \n${core}\t`, FIELD)).toBe(core);
});

property('a number is read as a text of the same number', fc.double(), (number) => {
	const text = acceptedOrRefused(() => parseText(number, FIELD), FIELD);
	if (Number.isFinite(number)) expect(Number(text) === number).toBe(true);
	else expect(text).toBeUndefined();
});

property('any value is a text or a number, or empty, or refused', values, (value) => {
	const text = acceptedOrRefused(() => parseText(value, FIELD), FIELD);
	const isTaken = value === null || ['undefined', 'string', 'number'].includes(typeof value);
	if (!isTaken) expect(text).toBeUndefined();
	else if (text !== undefined) expect(text).toBe(text.trim());
});
