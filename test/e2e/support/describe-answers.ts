import type { IDataObject } from 'n8n-workflow';
import { SandboxAdmin, type Share } from '../../../sandbox';
import { ANSWER_CASES, type AnswerCase, type ExpectedItem } from './answer-table';
import type { AnsweringN8n } from './answering-n8n';

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

/**
 * Tests that hold an n8n to the answer table.
 *
 * @param start - starts it; called in `beforeAll`
 */
export function describeAnswers(
	subject: string,
	start: () => Promise<{ n8n: AnsweringN8n; sandboxUrl: string }>,
): void {
	describe(`${subject} answers`, () => {
		let admin: SandboxAdmin;
		let n8n: AnsweringN8n;
		let expectedExecutions = 0;

		beforeAll(async () => {
			const started = await start();
			({ n8n } = started);
			admin = new SandboxAdmin(started.sandboxUrl);
		});
		afterAll(async () => await n8n.close());

		/** The share that an event is about, on an EnableNow where the case's fault is about to happen. */
		async function prepareShare({ fault }: AnswerCase): Promise<Share> {
			await admin.reset();
			const batch = { count: 1, from: 'en-app-ref-001', to: 'en-app-ref-002' };
			const [share] = await admin.addShares(batch);
			if (!share) throw new Error('The sandbox made no share');
			if (fault) await admin.addFault(fault);
			return share;
		}

		async function isLookedUp(): Promise<boolean> {
			const requests = await admin.requests({ method: 'GET' });
			return requests.some(({ path }) => path.startsWith('/shares/'));
		}

		it.each(ANSWER_CASES.map((answerCase) => [answerCase.name, answerCase] as const))(
			'%s',
			async (_name, answerCase) => {
				const share = await prepareShare(answerCase);
				const { status, items, itemsInTest } = answerCase.outcome(share);
				expectedExecutions += executionsOf(items).length;

				const request = answerCase.request(share);
				if (answerCase.isRepeated) {
					const { production } = await n8n.deliver(answerCase.trigger, request);
					expect(production.executions).toHaveLength(1);
				}
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
}
