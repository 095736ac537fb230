import {
	createdKey,
	isSelected,
	isShareEvent,
	toEventKey,
	updatedKey,
} from '../../../nodes/EnableNowShareTrigger/events';
import { parseShare } from '../../../nodes/shared/api/shares';
import { numberedShare, SHARE_ID } from '../support';
import { CREATED, numberedItem, UPDATED } from './catchUp/support';

test.each([
	'2026-04-30T12:00:00',
	'2026-04-30T12:00:00.999Z',
	'2026-04-30T14:00:00+02:00',
	'2026-04-30T05:00:00.1-07:00',
])('the end of a share is the same moment when EnableNow writes it as %s', (expirationDateUtc) => {
	const keyAt = (end: string) =>
		updatedKey(parseShare({ ...numberedShare(1), expirationDateUtc: end })!);
	expect(keyAt(expirationDateUtc)).toBe(keyAt('2026-04-30T12:00:00Z'));
	expect(keyAt(expirationDateUtc)).not.toBe(keyAt('2026-04-30T12:00:01Z'));
});

describe('the key of an event', () => {
	test('is that of a created share, whatever its end', () => {
		expect(toEventKey(numberedItem(1))).toBe(createdKey(numberedShare(1)));
		expect(toEventKey(numberedItem(1, {}, { expirationDateUtc: '2031-01-01' }))).toBe(
			createdKey(numberedShare(1)),
		);
	});

	test('is that of an updated share and its end', () => {
		const item = numberedItem(1, { event: UPDATED });
		expect(toEventKey(item)).toBe(updatedKey(numberedShare(1)));
	});

	test('differs by event, share and end', () => {
		const later = { expirationDateUtc: '2100-01-01T00:00:00Z' };
		const items = [CREATED, UPDATED].flatMap((event) =>
			[1, 2].flatMap((number) => [
				numberedItem(number, { event }),
				numberedItem(number, { event }, later),
			]),
		);
		// The creation of a share is told once, however often its end changes.
		expect(new Set(items.map(toEventKey)).size).toBe(6);
	});

	test.each([CREATED, UPDATED])('is the same in either case of the identifier: %s', (event) => {
		const keyWith = (id: string) => toEventKey(numberedItem(1, { event }, { id }));
		expect(keyWith(SHARE_ID.toUpperCase())).toBe(keyWith(SHARE_ID));
	});

	test('is the same for a webhook request and a catch-up', () => {
		const item = numberedItem(1, { source: 'webhook', data: { shareId: SHARE_ID } });
		expect(toEventKey(item)).toBe(toEventKey(numberedItem(1)));
	});

	test.each([
		['EnableNow did not confirm it', { verified: false }],
		['there is no share', { share: null }],
		['it is about a share in another way', { event: 'databridge.share.removed' }],
		['it is not about a share', { event: 'consent.created' }],
		['it is no event', { event: null }],
	])('is none where %s', (_case, changes) => {
		expect(toEventKey(numberedItem(1, changes))).toBeUndefined();
		expect(toEventKey(numberedItem(1))).toBeDefined();
	});
});

test.each([
	[CREATED, true],
	[UPDATED, true],
	['databridge.share.revoked', false],
	['databridge.share.created.v2', false],
	['databridge.share.analysis.completed', false],
	['databridge.shares.created', false],
	['DataBridge.Share.Created', false],
	['consent.status.updated', false],
	['transactions.fetched', false],
	['not.databridge.share.created', false],
])('%s is about a share: %p', (name, expected) => {
	expect(isShareEvent(name)).toBe(expected);
});

test.each<[string, string[], boolean]>([
	[CREATED, [CREATED], true],
	[UPDATED, [CREATED], false],
	[UPDATED, [CREATED, UPDATED], true],
	['DATABRIDGE.SHARE.CREATED', [CREATED], false],
	[`${CREATED} `, [CREATED], false],
	['transactions.fetched', ['*'], true],
	['*', [CREATED], false],
	['transactions.fetched', [CREATED, '*'], true],
	[CREATED, [], false],
])('%s is among %p: %p', (name, selection, expected) => {
	expect(isSelected(name, selection)).toBe(expected);
});
