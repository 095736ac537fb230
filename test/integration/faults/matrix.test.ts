import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expectNoSecrets } from '../support/secrecy';
import type { Cell } from './cell';
import { documentOf } from './document/document';
import { expectToHold } from './expectations';
import { type Plan, PLANS, runMatrix, SANDBOX_COUNT } from './matrix';
import { startSurroundings, type Surroundings } from './surroundings';

const DOCUMENT = path.resolve(__dirname, '../../../docs/fault-matrix.md');

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

it('heals where a fault strikes once, or ends as if it lasted', async () => {
	const all = await Promise.all(cells.values());
	for (const { subject, fault, finding } of all.filter(({ duration }) => duration === 'once')) {
		const lasting = all.find((cell) => cell.subject === subject && cell.fault === fault);
		const isAsExpected = finding.isWell || finding.outcome === lasting?.finding.outcome;
		expect([fault.name, subject.name, isAsExpected]).toEqual([fault.name, subject.name, true]);
	}
});

it("leaves no secret in n8n's log", async () => {
	const all = await Promise.all(cells.values());
	expectNoSecrets(surroundings.engine.log, [...new Set(all.flatMap(({ secrets }) => secrets))]);
});

it('is what docs/fault-matrix.md says (WRITE_FAULT_MATRIX=1 writes it anew)', async () => {
	const text = documentOf(await Promise.all(PLANS.map(async (plan) => await cells.get(plan)!)));
	if (process.env['WRITE_FAULT_MATRIX'] === '1') writeFileSync(DOCUMENT, text);
	expect(existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '').toBe(text);
});

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
