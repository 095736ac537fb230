import { sentences } from '../../../nodes/shared/sentences';

it.each([
	[['Not Found', 'There is none.', 'Check it.'], 'Not Found. There is none. Check it.'],
	[['Why?', 'Because!', 'Wait…', 'Done'], 'Why? Because! Wait… Done'],
	[['Only one'], 'Only one'],
	[[], ''],
])('%j', (texts, text) => {
	expect(sentences(...texts)).toBe(text);
});
