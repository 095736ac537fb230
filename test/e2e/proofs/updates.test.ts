import type { TriggerItem } from '../../../nodes/EnableNowShareTrigger/events';
import { postEvent } from '../support/post-event';
import { CatchUpN8n, CREATED, UPDATED } from '../support/catch-up-n8n';
import { changeEnd } from '../support/share-changes';

// n8n is started again and again, which takes its time on a busy machine.
jest.setTimeout(600_000);

let bed: CatchUpN8n;
let shareIds: string[];

beforeAll(async () => {
	bed = await CatchUpN8n.start();
	shareIds = await bed.addShares(60);
	await bed.publish({ events: [CREATED, UPDATED] });
});
beforeEach(() => bed.collector.clear());
afterAll(async () => await bed.close());

/** What was executed for an event. */
function itemOf(name: string): TriggerItem | undefined {
	return bed.collector.items.find(({ event }) => event === name);
}

it('emits a change of the end that was made while n8n lay killed, once', async () => {
	const { collector } = bed;
	const shareId = shareIds[7] ?? '';
	const end = '2099-01-02T03:04:05Z';
	await bed.folder.kill();
	await changeEnd(bed.sandbox.url, shareId, end);
	const [created] = await bed.addShares(1);
	await bed.start();
	await collector.waitForItems(2);
	expect(collector.items).toHaveLength(2);
	expect(itemOf(CREATED)).toMatchObject({ shareId: created, source: 'catchUp' });
	expect(itemOf(UPDATED)).toMatchObject({ shareId, verified: true, source: 'catchUp' });
	const { expirationDateUtc } = itemOf(UPDATED)?.share ?? {};
	expect(Date.parse(expirationDateUtc ?? '')).toBe(Date.parse(end));
});

it('emits neither again, by the next start or by an event that comes late', async () => {
	const { collector } = bed;
	// So long that what is over has been stored.
	await collector.waitForSilence(10_000);
	await bed.folder.kill();
	await bed.start();
	const body = { event: UPDATED, data: { shareId: shareIds[7] } };
	expect((await postEvent(bed.webhook, { body })).status).toBe(200);
	await collector.waitForSilence(8_000);
	expect(collector.items).toEqual([]);
});

it('emits a second change of the same share', async () => {
	const { collector } = bed;
	const shareId = shareIds[7] ?? '';
	await bed.folder.kill();
	await changeEnd(bed.sandbox.url, shareId, '2098-01-02T03:04:05Z');
	await bed.start();
	await collector.waitForItems(1);
	expect(collector.items).toMatchObject([{ event: UPDATED, shareId }]);
});
