import type { Delivery } from '../../../sandbox';
import { describeDelivery } from '../../../scripts/playground/delivery';

const URL = 'http://127.0.0.1:5678/webhook/x/webhook';

const delivery = (changes: Partial<Delivery>): Delivery => ({
	at: '2026-01-01T00:00:00.000Z',
	url: `${URL}?secret=right`,
	body: { event: 'databridge.share.created', data: { shareId: 'x' } },
	status: 200,
	answer: '',
	duration: 1,
	error: null,
	...changes,
});

it.each<[string, Partial<Delivery>]>([
	['200', {}],
	['200', { answer: '{"message":"Workflow was started"}' }],
	['401 webhook secret missing', { status: 401, url: URL, answer: '{"message":"No."}' }],
	['401 webhook secret wrong', { status: 401, answer: '{"message":"No."}' }],
	[
		'403 EnableNow does not confirm this share.',
		{ status: 403, answer: '{"message":"EnableNow does not confirm this share."}' },
	],
	['404 <h1> Nothing here', { status: 404, answer: '<h1>\n  Nothing here' }],
	['502', { status: 502, answer: null }],
	['connect ECONNREFUSED', { status: null, answer: null, error: 'connect ECONNREFUSED' }],
])('says %s', (told, changes) => {
	expect(describeDelivery(delivery(changes))).toBe(`databridge.share.created → ${told}`);
});

it('cuts a long answer', () => {
	expect(describeDelivery(delivery({ status: 500, answer: 'x'.repeat(1_000) }))).toHaveLength(231);
});
