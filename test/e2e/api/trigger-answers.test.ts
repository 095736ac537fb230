import type { IDataObject } from 'n8n-workflow';
import { SandboxAdmin, type Share } from '../../../sandbox';
import { ANSWER_CASES, type AnswerCase, type ExpectedItem } from '../support/answer-table';
import type { AnsweringN8n } from '../support/answering-n8n';
import { AnsweringRealN8n } from '../support/answering-real-n8n';
import { AnsweringWebhookHost } from '../support/answering-webhook-host';
import { sharedN8n } from '../support/attached-n8n';
import { sharedUrls } from '../support/shared-n8n';

const { sandbox: sandboxUrl } = sharedUrls();
const admin = new SandboxAdmin(sandboxUrl);

const SUBJECTS: Record<string, () => Promise<AnsweringN8n>> = {
	'a real n8n': async () => await AnsweringRealN8n.start(await sharedN8n()),
	'the stand-in of the integration tests': async () => await AnsweringWebhookHost.start(sandboxUrl),
};

/** n8n's own answers where the trigger gives none. */
const PLAIN_ANSWERS = ['', { message: 'Webhook call received' }];

/** The time of arrival is all that is not known beforehand. */
function toMatch(item: ExpectedItem): IDataObject {
	return {
		...item,
		reason: item.reason && (expect.stringMatching(item.reason) as string),
		receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
	} as unknown as IDataObject;
}

const executionsOf = (items: ExpectedItem[]): IDataObject[][] =>
	items.length > 0 ? [items.map(toMatch)] : [];

/** The share that an event is about, on an EnableNow where the case's fault is about to happen. */
async function prepareShare({ fault }: AnswerCase): Promise<Share> {
	await admin.reset();
	const [share] = await admin.addShares({ count: 1, from: 'en-app-ref-001', to: 'en-app-ref-002' });
	if (!share) throw new Error('The sandbox made no share');
	if (fault) await admin.addFault(fault);
	return share;
}

async function isLookedUp(): Promise<boolean> {
	const requests = await admin.requests({ method: 'GET' });
	return requests.some(({ path }) => path.startsWith('/shares/'));
}

describe.each(Object.entries(SUBJECTS))('%s answers', (_subject, start) => {
	let n8n: AnsweringN8n;
	let expectedExecutions = 0;

	beforeAll(async () => {
		await admin.reset();
		n8n = await start();
	});
	afterAll(async () => await n8n.close());

	it.each(ANSWER_CASES.map((answerCase) => [answerCase.name, answerCase] as const))(
		'%s',
		async (_name, answerCase) => {
			const share = await prepareShare(answerCase);
			const { status, items, itemsInTest } = answerCase.outcome(share);
			expectedExecutions += executionsOf(items).length;

			const request = answerCase.request(share);
			const { production, test } = await n8n.deliver(answerCase.trigger, request);
			expect(production.status).toBe(status);
			if (status === 200) expect(PLAIN_ANSWERS).toContainEqual(production.body);
			expect(production.executions).toEqual(executionsOf(items));
			// n8n itself refuses a body that it cannot parse.
			expect(test.status).toBe(status === 422 ? 422 : 200);
			expect(test.executions).toEqual(executionsOf(itemsInTest));
			expect(await isLookedUp()).toBe(answerCase.isLookedUp ?? false);
		},
	);

	it('and starts nothing else', async () => {
		expect(await n8n.executionCount()).toBe(expectedExecutions);
	});
});
