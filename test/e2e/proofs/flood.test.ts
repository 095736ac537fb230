import { randomUUID } from 'node:crypto';
import { SANDBOX_CUSTOMERS } from '../../../sandbox';
import { DEFAULT_N8N_VERSION, waitForWebhook } from '../../../scripts/n8n';
import type { EventRequest } from '../support/answer-table';
import { CatchUpN8n, createdEvent } from '../support/catch-up-n8n';
import { expectEachOnce } from '../support/emitted-shares';
import { n8nVersion } from '../support/environment';
import { flood } from '../support/flood';

/** Of the long tests, in milliseconds: n8n starts an execution for thousands of events. */
const LONG = 900_000;

/** Fewer on the older versions, which are tried for what is different there, not for the number. */
const EVENTS = n8nVersion() === DEFAULT_N8N_VERSION ? 2_000 : 500;
const CONNECTIONS = 50;
const SECRET = 'the-secret-of-the-flood';

// n8n is started again and again, which takes its time on a busy machine.
jest.setTimeout(600_000);

let bed: CatchUpN8n;

beforeAll(async () => {
	bed = await CatchUpN8n.start();
});
beforeEach(() => bed.collector.clear());
afterEach(async () => {
	bed.collector.onItem = () => undefined;
	await bed.deactivate();
});
afterAll(async () => await bed.close());

/** Puts one of the others after every fourth. */
function interspersed<Value>(values: Value[], others: () => Value): Value[] {
	return values.flatMap((value, index) => (index % 4 === 3 ? [value, others()] : [value]));
}

/** An event that names a share which does not exist. */
const unknownShare = (): EventRequest => ({ body: createdEvent(randomUUID()) });

function shareIdOf({ body }: EventRequest): string {
	return (body as ReturnType<typeof createdEvent>).data.shareId;
}

/** The shares of the events that were answered so. */
function answeredWith(status: number, events: EventRequest[], statuses: number[]): string[] {
	return events.filter((_event, index) => statuses[index] === status).map(shareIdOf);
}

it(
	'executes what it answered with 200 and nothing else, without a look-up',
	async () => {
		const credential = { ...SANDBOX_CUSTOMERS.receiver, webhookSecret: SECRET };
		await bed.publish({ lookUpShare: false, catchUp: false, credential });
		const genuine = Array.from({ length: EVENTS }, () => ({
			...unknownShare(),
			query: `?secret=${SECRET}`,
		}));
		const events = interspersed<EventRequest>(genuine, unknownShare);
		const statuses = await flood(bed.webhook, events, CONNECTIONS);
		expect(answeredWith(200, events, statuses)).toEqual(genuine.map(shareIdOf));
		expect(answeredWith(401, events, statuses)).toHaveLength(events.length - EVENTS);
		await bed.collector.waitForItems(EVENTS, LONG);
		expectEachOnce(bed.collector, genuine.map(shareIdOf));
	},
	LONG,
);

it(
	'executes what it answered with 200 and nothing else, with a look-up',
	async () => {
		await bed.publish({ catchUp: false, options: { onLookupUnavailable: 'reject' } });
		const shareIds = await bed.addShares(EVENTS);
		const genuine = shareIds.map((shareId): EventRequest => ({ body: createdEvent(shareId) }));
		const events = interspersed(genuine, unknownShare);
		const statuses = await flood(bed.webhook, events, CONNECTIONS);
		const received = answeredWith(200, events, statuses);
		expect(shareIds).toEqual(expect.arrayContaining(received));
		// A machine that is too busy to look all of them up in time says so.
		expect(new Set(statuses)).toEqual(new Set([200, 403, ...statuses.filter((s) => s === 503)]));
		await bed.collector.waitForItems(received.length, LONG);
		expectEachOnce(bed.collector, received);
	},
	LONG,
);

it(
	'executes each share once with a catch-up, though half of the events repeat others',
	async () => {
		await bed.publish({ options: { onLookupUnavailable: 'reject' } });
		const shareIds = await bed.addShares(EVENTS / 2);
		const genuine = [...shareIds, ...shareIds].map((shareId): EventRequest => ({
			body: createdEvent(shareId),
		}));
		const events = interspersed(genuine, unknownShare);
		const statuses = await flood(bed.webhook, events, CONNECTIONS);
		expect(shareIds).toEqual(expect.arrayContaining(answeredWith(200, events, statuses)));
		// What could not be looked up in time comes by the catch-up.
		await bed.collector.waitForItems(shareIds.length, LONG);
		expectEachOnce(bed.collector, shareIds);
	},
	LONG,
);

it('executes each share once that an event tells of while it catches up', async () => {
	const { collector } = bed;
	await bed.publish({ options: { onLookupUnavailable: 'reject' } });
	await bed.folder.kill();
	const missed = await bed.addShares(200);
	const starting = bed.start();
	await waitForWebhook(bed.webhook);
	const events = missed.map((shareId) => ({ body: createdEvent(shareId) }));
	await flood(bed.webhook, events, 5);
	await starting;
	await collector.waitForItems(missed.length);
	expectEachOnce(collector, missed);
});
