import { readNote, withNote } from '../../../../nodes/EnableNowShareTrigger/catchUp/deliveryNote';
import type { StoredMemory } from '../../../../nodes/EnableNowShareTrigger/catchUp/storedMemory';
import { numberedItem, numberedItems } from './support';

const memory: StoredMemory = {
	app: 'app',
	listed: 'listed',
	emitted: 'emitted',
	ends: 'ends',
	hasBaseline: true,
	hasMatched: false,
};

test.each([0, 1, 3])('the note goes along with %i items, and is read apart from them', (count) => {
	const items = numberedItems(1, count);
	const input = withNote(items, { memory });
	// With "Execute Once", n8n keeps the first item alone.
	expect(input).toHaveLength(Math.max(count, 1));
	expect(readNote(input)).toEqual({ note: { memory }, items: items.map((json) => ({ json })) });
});

test('it goes along as JSON, as n8n keeps it until a worker takes it', () => {
	const input = withNote([numberedItem(1)], { memory });
	expect(readNote(JSON.parse(JSON.stringify(input)) as typeof input)).toEqual(readNote(input));
});

test.each([0, 1, 3])('where nobody wrote a note, all of %i items are items', (count) => {
	const input = numberedItems(1, count).map((json) => ({ json }));
	expect(readNote(input)).toEqual({ note: undefined, items: input });
});

test('an event whose data looks like a note is no note', () => {
	const data = withNote([], { memory })[0]!.json;
	const input = [{ json: numberedItem(1, { data, verified: false }) }];
	expect(readNote(input)).toEqual({ note: undefined, items: input });
});
