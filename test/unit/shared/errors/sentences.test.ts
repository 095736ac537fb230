import { joinSentences } from '../../../../nodes/shared/errors/sentences';

it.each([
	[['Not Found', 'There is none.', 'Check it.'], 'Not Found. There is none. Check it.'],
	[['Why?', 'Because!', 'Wait…', 'Done'], 'Why? Because! Wait… Done'],
	[['Only one'], 'Only one'],
	[[], ''],
])('%j', (texts, text) => {
	expect(joinSentences(...texts)).toBe(text);
});
