import { executedEvents } from '../../../bench/executed-events';

const ONE = '53520156-8459-425b-3370-08de95423420';
const OTHER = '6e1f2f1c-0a55-4a5e-9a2d-08de95423421';

/** An execution as n8n stores it; with a second node where it had items. */
function execution(id: number, stoppedAt: number, shareIds: string[], verified = true) {
	const ranNodes = { Trigger: '1', ...(shareIds.length > 0 && { Next: '2' }) };
	return { id, stoppedAt, data: JSON.stringify([ranNodes, { verified }, ...shareIds]) };
}

describe('executedEvents', () => {
	it('finds each share once, in whichever execution', () => {
		const executions = [execution(1, 1000, [ONE]), execution(2, 3000, [ONE, OTHER], false)];
		expect(executedEvents(executions, [ONE, OTHER])).toEqual({
			shareCount: 2,
			executionCount: 2,
			verifiedCount: 1,
			endedAt: 3000,
		});
	});

	it('leaves out an execution that did not go on after the trigger', () => {
		const executions = [execution(1, 1000, [ONE]), execution(2, 3000, [])];
		expect(executedEvents(executions, [ONE, OTHER])).toEqual({
			shareCount: 1,
			executionCount: 1,
			verifiedCount: 1,
			endedAt: 1000,
		});
	});

	it('finds nothing in nothing', () => {
		expect(executedEvents([], [ONE])).toEqual({
			shareCount: 0,
			executionCount: 0,
			verifiedCount: 0,
			endedAt: 0,
		});
	});
});
