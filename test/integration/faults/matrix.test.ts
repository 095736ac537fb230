import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expectNoSecrets } from '../support/secrecy';
import type { Cell } from './cell';
import { expectToHold } from './expectations';
import { IS_WHOLE_MATRIX } from './faults';
import { type Plan, PLANS, runMatrix, SANDBOX_COUNT } from './matrix';
import { formatReport } from './report';
import { startSurroundings, type Surroundings } from './surroundings';

const REPORT = path.resolve(__dirname, '../../../test-results/fault-matrix.md');

/** A cell may have to wait for all those before it. */
jest.setTimeout(600_000);

let surroundings: Surroundings;
let cells: Map<Plan, Promise<Cell>>;

beforeAll(async () => {
	surroundings = await startSurroundings(SANDBOX_COUNT);
	cells = runMatrix(surroundings);
});

afterAll(async () => {
	await Promise.allSettled(cells.values());
	await surroundings.close();
});

describe.each(groupedByFault())('%s', (_fault, plans) => {
	it.each(plans)('%s', async (_name, plan) => expectToHold(await cells.get(plan)!));
});

it("leaves no secret in n8n's log", async () => {
	const all = await Promise.all(cells.values());
	expectNoSecrets(surroundings.engine.log, [...new Set(all.flatMap(({ secrets }) => secrets))]);
});

if (IS_WHOLE_MATRIX) {
	it('is written to test-results/fault-matrix.md', async () => {
		const all = await Promise.all(PLANS.map(async (plan) => await cells.get(plan)!));
		mkdirSync(path.dirname(REPORT), { recursive: true });
		writeFileSync(REPORT, formatReport(all));
	});
}

function groupedByFault(): Array<[string, Array<[string, Plan]>]> {
	const groups = new Map<string, Array<[string, Plan]>>();
	for (const plan of PLANS) {
		const { fault, subject, duration } = plan;
		const group = groups.get(fault.name) ?? [];
		group.push([duration === 'once' ? `${subject.name}, once` : subject.name, plan]);
		groups.set(fault.name, group);
	}
	return [...groups];
}
