import type { Share } from '../../../../sandbox';
import { bytesOf, type RequestParts, type Step, type Target } from './raw-request';

/** Stands in the data of each good event, which the trigger passes on untouched. */
export const GOOD_MARK = 'a good event amid hostile ones';

/** The ways in which a valid secret may be presented, beside whatever else is. */
const PRESENTATIONS: ReadonlyArray<(secret: string) => Pick<RequestParts, 'headers' | 'query'>> = [
	(secret) => ({ query: `?secret=${secret}`, headers: [] }),
	(secret) => ({ query: '', headers: [['X-Webhook-Secret', secret]] }),
	(secret) => ({ query: `?secret=${secret}`, headers: [['X-Webhook-Secret', secret]] }),
	(secret) => ({ query: `?secret=wrong&secret=${secret}`, headers: [] }),
	(secret) => ({
		query: '?secret=',
		headers: [
			['x-webhook-secret', 'wrong'],
			['X-Webhook-Secret', secret],
		],
	}),
];

/** What EnableNow posts for a new share; every so many-th one presents the secret in another way. */
export function goodEvent(target: Target, { id }: Share, number: number): Step[] {
	const event = { event: 'databridge.share.created', data: { shareId: id, note: GOOD_MARK } };
	const present = PRESENTATIONS[number % PRESENTATIONS.length]!;
	const { query, headers } = present(target.secret);
	return [
		{
			send: bytesOf(target, {
				method: 'POST',
				query,
				headers: [['Content-Type', 'application/json'], ...headers],
				body: Buffer.from(JSON.stringify(event)),
			}),
		},
	];
}
