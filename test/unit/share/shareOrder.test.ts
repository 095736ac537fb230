import { isOldestFirst } from '../../../nodes/EnableNowShare/listSearch/picker';

/** The identifiers in EnableNow's documentation: of May 2023 and of April 2026. */
const OLDER = 'af86536d-34e3-4ebc-6c64-08db56ccef25';
const NEWER = '53520156-8459-425b-3370-08de95423420';

const RANDOM = [
	'0f9a3c1e-5b7d-4e21-8a64-17de7a91c3f2',
	'6c2b8d40-91fe-4a0c-b3d7-c4de12c4aa01',
	'a75e0b93-2d48-4f6a-9c15-52deb83f1c77',
	'3d1f6e8a-c094-4b57-a2e8-e1de3a2b9d10',
	'd8407c2b-6ea3-4195-8f3c-f9de9941e0c5',
];

const sharesWith = (ids: string[]) => ids.map((id) => ({ id }));

test.each<[string, string[], boolean]>([
	['the oldest first', [OLDER, NEWER], true],
	['the newest first', [NEWER, OLDER], false],
	['the oldest first, in either case', [OLDER.toUpperCase(), NEWER], true],
	[
		'the oldest first, by the digits that change fastest',
		['00000000-0000-4000-0001-08de00000000', '00000000-0000-4000-0002-08de00000000'],
		true,
	],
	['identifiers without a time', RANDOM, false],
	[
		'identifiers that end like no time of these years',
		['00000000-0000-4000-8444-555555555551', '00000000-0000-4000-8444-955555555551'],
		false,
	],
	['a single share', [OLDER], false],
	['no share', [], false],
])('%s', (_case, ids, expected) => {
	expect(isOldestFirst(sharesWith(ids))).toBe(expected);
});

test('shares that are created at the same moment may be out of order', () => {
	const ids = Array.from(
		{ length: 50 },
		(_id, index) => `00000000-0000-4000-0000-08de9542${String(1000 + index)}`,
	);
	[ids[10], ids[11]] = [ids[11] ?? '', ids[10] ?? ''];
	expect(isOldestFirst(sharesWith(ids))).toBe(true);
	expect(isOldestFirst(sharesWith(ids).reverse())).toBe(false);
});
