import {
	createdKey,
	endOf,
	updatedKey,
} from '../../../../nodes/EnableNowShareTrigger/catchUp/emissionKey';
import {
	fingerprintOf,
	pairOf,
} from '../../../../nodes/EnableNowShareTrigger/catchUp/fingerprints';
import { joined, Memory } from '../../../../nodes/EnableNowShareTrigger/catchUp/memory';
import { merged } from '../../../../nodes/EnableNowShareTrigger/catchUp/storedMemory';
import { numberedShare } from '../../support';
import { numberedItem, numberedItems, UPDATED } from './support';

const EARLIER = { expirationDateUtc: '2030-01-01T00:00:00Z' };
const LATER = { expirationDateUtc: '2031-01-01T00:00:00Z' };

const NOTHING = { listed: [], emitted: [], ends: [], hasBaseline: false };

const keyOf = (number: number) => createdKey(numberedShare(number).id);

/** A memory after n8n has stored all of it and was started again. */
function startedAgain(memory: Memory): Memory {
	return new Memory(memory.app, merged(undefined, memory.packed(memory.unstored())));
}

describe('an event', () => {
	test('is under way from its begin to its end, and known from its begin on', () => {
		const memory = new Memory('app');
		const item = numberedItem(1);
		const states = () => [memory.isUnderWay(keyOf(1)), memory.isKnown(keyOf(1))];
		expect(states()).toEqual([false, false]);
		memory.begin([item]);
		expect(states()).toEqual([true, true]);
		memory.end([item]);
		expect(states()).toEqual([false, true]);
	});

	test('that sets the end of a share back is none that was executed before', () => {
		const memory = new Memory('app');
		const update = (end: object) => numberedItem(1, { event: UPDATED, source: 'webhook' }, end);
		for (const end of [EARLIER, LATER, EARLIER, LATER]) {
			expect(memory.isRepetition(update(end))).toBe(false);
			memory.begin([update(end)]);
			expect(memory.isRepetition(update(end))).toBe(true);
			memory.end([update(end)]);
			expect(memory.isRepetition(update(end))).toBe(true);
			expect(startedAgain(memory).isRepetition(update(end))).toBe(true);
		}
	});

	test('that n8n could not carry out is not known', () => {
		const memory = new Memory('app');
		memory.begin([numberedItem(1), numberedItem(2)]);
		memory.cancel([numberedItem(1)]);
		expect([memory.isKnown(keyOf(1)), memory.isKnown(keyOf(2))]).toEqual([false, true]);
		expect(memory.isRepetition(numberedItem(1))).toBe(false);
		expect(memory.unstored()).toEqual(NOTHING);
	});

	test('is repeated by another item with the same key alone', () => {
		const memory = new Memory('app');
		memory.begin([numberedItem(1)]);
		expect(memory.isRepetition(numberedItem(1, { source: 'webhook' }))).toBe(true);
		expect(memory.isRepetition(numberedItem(2))).toBe(false);
		expect(memory.isRepetition(numberedItem(1, { event: UPDATED }))).toBe(false);
	});

	test('that EnableNow did not confirm is neither remembered nor a repetition', () => {
		const memory = new Memory('app');
		const item = numberedItem(1, { verified: false });
		memory.begin([item]);
		memory.end([item]);
		expect(memory.isRepetition(item)).toBe(false);
		expect(memory.isKnown(keyOf(1))).toBe(false);
		expect(memory.unstored()).toEqual(NOTHING);
	});

	test('that is under way is stored as if it was over, in its own execution only', () => {
		const memory = new Memory('app');
		const item = numberedItem(1);
		memory.begin([item]);
		expect(memory.unstored()).toEqual(NOTHING);
		const own = memory.fingerprintsOf([item]);
		memory.end([item]);
		expect(own).toEqual(memory.unstored());
	});
});

describe('a share of the list', () => {
	test('needs no catch-up once it is listed, and an event about it may still come', () => {
		const memory = new Memory('app');
		memory.addListed(numberedShare(1));
		expect(memory.isListed(numberedShare(1))).toBe(true);
		expect(memory.isListed(numberedShare(2))).toBe(false);
		expect(memory.isKnown(keyOf(1))).toBe(false);
	});

	test('is listed by its catch-up, not by its event: the list may not have come to it yet', () => {
		const memory = new Memory('app');
		memory.end([numberedItem(1), numberedItem(2, { source: 'webhook' })]);
		expect([1, 2].map((number) => memory.isListed(numberedShare(number)))).toEqual([true, false]);
		expect([1, 2].map((number) => memory.isKnown(keyOf(number)))).toEqual([true, true]);
	});

	test('is the same in either case of its identifier', () => {
		const memory = new Memory('app');
		memory.addListed(numberedShare(1, { id: 'AF86536D-34E3-4EBC-6C64-08DB56CCEF25' }));
		const share = numberedShare(1, { id: 'af86536d-34e3-4ebc-6c64-08db56ccef25' });
		expect(memory.isListed(share)).toBe(true);
		memory.addListed(share);
		expect(memory.unstoredShareCount).toBe(1);
	});

	test('is where a reading goes on from, which does not change what is remembered', () => {
		const memory = new Memory('app');
		memory.addListed(numberedShare(1));
		const seen = memory.listedShares();
		expect(seen.has(numberedShare(1).id)).toBe(true);
		seen.add(numberedShare(2).id);
		expect(memory.isListed(numberedShare(2))).toBe(false);
		seen.clear();
		expect(memory.isListed(numberedShare(1))).toBe(true);
	});
});

describe('the end of a share', () => {
	test('is known once it was set, and compared as a moment', () => {
		const memory = new Memory('app');
		expect(memory.isEndKnown(numberedShare(1))).toBe(false);
		expect(memory.hasEnd(numberedShare(1))).toBe(false);
		memory.setEnd(numberedShare(1, { expirationDateUtc: '2030-01-01T02:00:00+02:00' }));
		expect(memory.isEndKnown(numberedShare(1))).toBe(true);
		expect(memory.hasEnd(numberedShare(1, EARLIER))).toBe(true);
		expect(memory.hasEnd(numberedShare(1, LATER))).toBe(false);
		expect(memory.isEndKnown(numberedShare(2))).toBe(false);
	});

	test('is the last that was told', () => {
		const memory = new Memory('app');
		for (const end of [EARLIER, LATER, EARLIER]) memory.setEnd(numberedShare(1, end));
		expect(memory.hasEnd(numberedShare(1, EARLIER))).toBe(true);
		expect(startedAgain(memory).hasEnd(numberedShare(1, EARLIER))).toBe(true);
	});

	test('that was told before the last one is not stored any more', () => {
		const memory = new Memory('app');
		for (const end of [EARLIER, LATER]) memory.setEnd(numberedShare(1, end));
		memory.setEnd(numberedShare(2, EARLIER));
		expect(memory.unstored().ends).toEqual([
			pairOf(numberedShare(1).id, endOf(numberedShare(1, LATER))),
			pairOf(numberedShare(2).id, endOf(numberedShare(2, EARLIER))),
		]);
	});

	test('is set by the end of an execution, for a creation and for an update', () => {
		const memory = new Memory('app');
		memory.end([numberedItem(1, {}, EARLIER)]);
		memory.end([numberedItem(2, { event: UPDATED, source: 'webhook' }, LATER)]);
		expect(memory.hasEnd(numberedShare(1, EARLIER))).toBe(true);
		expect(memory.hasEnd(numberedShare(2, LATER))).toBe(true);
		expect(memory.isKnown(updatedKey(numberedShare(2).id, endOf(numberedShare(2, LATER))))).toBe(
			true,
		);
	});

	test('is that of the execution that began last, not that of the one that took longest', () => {
		const memory = new Memory('app');
		const created = numberedItem(1, {}, EARLIER);
		const updated = numberedItem(1, { event: UPDATED }, LATER);
		memory.begin([created]);
		memory.begin([updated]);
		memory.end([updated]);
		memory.end([created]);
		expect(memory.hasEnd(numberedShare(1, LATER))).toBe(true);
		expect(startedAgain(memory).hasEnd(numberedShare(1, LATER))).toBe(true);
	});
});

describe('what may not have been stored', () => {
	const fingerprints = (from: number, to: number) =>
		numberedItems(from, to).map(({ share }) => fingerprintOf(share!.id));

	test('is all that was remembered, in its order, once', () => {
		const memory = new Memory('app');
		for (const number of [1, 2, 1]) memory.addListed(numberedShare(number));
		memory.setEnd(numberedShare(1));
		memory.setEnd(numberedShare(1));
		memory.end([numberedItem(3)]);
		expect(memory.unstored()).toMatchObject({
			listed: fingerprints(1, 3),
			emitted: [fingerprintOf(keyOf(3))],
			ends: [1, 3].map((number) => pairOf(numberedShare(number).id, endOf(numberedShare(number)))),
		});
		expect(memory.mustBeStored).toBe(true);
		expect(memory.unstoredShareCount).toBe(3);
	});

	test('is not what was stored before', () => {
		const memory = new Memory('app');
		memory.addListed(numberedShare(1));
		memory.end([numberedItem(2)]);
		const again = startedAgain(memory);
		expect(again.unstored()).toEqual(NOTHING);
		again.addListed(numberedShare(1));
		again.setEnd(numberedShare(2));
		expect(again.unstored()).toEqual(NOTHING);
	});

	test.each([0, 1, 4, 9])('is told in parts of %i of each kind at most', (most) => {
		const memory = new Memory('app');
		memory.end(numberedItems(1, 5));
		const all = memory.unstored();
		expect(all.emitted).toHaveLength(5);
		expect(memory.unstored(most)).toMatchObject({
			listed: all.listed.slice(0, most),
			emitted: all.emitted.slice(0, most),
			ends: all.ends.slice(0, most),
		});
	});

	test('is what is left when a part was stored for sure', () => {
		const memory = new Memory('app');
		memory.end(numberedItems(1, 5));
		memory.markStored(memory.unstored(2));
		expect(memory.unstored().listed).toEqual(fingerprints(3, 5));
		expect(memory.unstored().emitted).toHaveLength(3);
		expect(memory.unstored().ends).toHaveLength(3);
	});

	test('is also what came while a part was being stored', () => {
		const memory = new Memory('app');
		memory.end([numberedItem(1)]);
		const part = memory.unstored();
		memory.end([numberedItem(2)]);
		memory.addListed(numberedShare(3));
		memory.markStored(part);
		expect(memory.unstored().listed).toEqual(fingerprints(2, 3));
		expect(memory.unstored().emitted).toEqual([fingerprintOf(keyOf(2))]);
		expect(memory.mustBeStored).toBe(true);
		memory.markStored(memory.unstored());
		expect(memory.mustBeStored).toBe(false);
		expect(memory.unstoredShareCount).toBe(0);
	});

	test('a part that holds nothing leaves it as it was', () => {
		const memory = new Memory('app');
		memory.end(numberedItems(1, 3));
		const before = memory.unstored();
		memory.markStored(NOTHING);
		expect(memory.unstored()).toEqual(before);
	});

	test('two parts are one, each kind in its order', () => {
		const one = { listed: ['a'], emitted: ['b'], ends: ['c'], hasBaseline: true };
		const other = { listed: ['d'], emitted: ['e', 'f'], ends: [], hasBaseline: false };
		expect(joined(one, other)).toEqual({
			listed: ['a', 'd'],
			emitted: ['b', 'e', 'f'],
			ends: ['c'],
			hasBaseline: false,
		});
	});
});

describe('what is stored', () => {
	test('says all that is remembered', () => {
		const memory = new Memory('app');
		memory.hasBaseline = true;
		memory.hasMatched = true;
		memory.addListed(numberedShare(1));
		memory.end([numberedItem(2, { source: 'webhook' }, LATER)]);
		const again = startedAgain(memory);
		expect(again).toMatchObject({
			app: 'app',
			hasBaseline: true,
			hasMatched: true,
		});
		expect(again.isListed(numberedShare(1))).toBe(true);
		expect(again.isKnown(keyOf(2))).toBe(true);
		expect(again.isUnderWay(keyOf(2))).toBe(false);
		expect(again.hasEnd(numberedShare(2, LATER))).toBe(true);
	});

	test('does not say what is under way: a crash repeats it', () => {
		const memory = new Memory('app');
		memory.begin([numberedItem(1)]);
		expect(startedAgain(memory).isKnown(keyOf(1))).toBe(false);
	});

	test('says nothing of an order that is not known, and is all fingerprints', () => {
		const memory = new Memory('app');
		expect(memory.packed(NOTHING)).toEqual({
			app: 'app',
			listed: '',
			emitted: '',
			ends: '',
			hasBaseline: false,
			hasMatched: false,
		});
		memory.end([numberedItem(1)]);
		expect(JSON.stringify(memory.packed(memory.unstored()))).not.toContain(numberedShare(1).id);
	});
});

describe('of more shares than n8n stores', () => {
	const MOST = 100_000;

	/** A memory of the shares with these numbers, and of their ends. */
	function memoryOf(count: number): Memory {
		const memory = new Memory('app');
		for (let number = 1; number <= count; number++) {
			memory.addListed(numberedShare(number));
			memory.setEnd(numberedShare(number));
		}
		return memory;
	}

	test('none is forgotten as long as n8n runs', () => {
		const memory = memoryOf(MOST + 1);
		expect(memory.isListed(numberedShare(1))).toBe(true);
		expect(memory.isEndKnown(numberedShare(1))).toBe(true);
		expect(memory.listedShares().size).toBe(MOST + 1);
	});

	test('the last ones are known after a start', () => {
		const stored = memoryOf(MOST + 1).whole();
		expect(stored.listed).toHaveLength(8 * MOST);
		expect(stored.ends).toHaveLength(16 * MOST);
		const again = new Memory('app', stored);
		expect([1, 2, MOST + 1].map((number) => again.isListed(numberedShare(number)))).toEqual([
			false,
			true,
			true,
		]);
		expect(again.isEndKnown(numberedShare(1))).toBe(false);
		expect(again.hasEnd(numberedShare(MOST + 1))).toBe(true);
	});
});
