/**
 * Sends generated hostile requests to EnableNow Trigger in a real n8n, with good events in between,
 * and the same ones to n8n's own Webhook node: what the trigger may not do is told from what n8n does.
 *
 * HOSTILE_SEED chooses other requests, HOSTILE_COUNT another number of them.
 */
import type { Share } from '../../../sandbox';
import { markdownTable } from '../../../scripts/cli/markdown-table';
import { AnswerTally, outcomesOf, type Asked } from './requests/answer-tally';
import { goodEvent } from './requests/good-events';
import { HostileN8n, type AskedWorkflow } from './requests/hostile-n8n';
import { hostileRequests, type HostileRequest } from './requests/kinds';
import type { Memory } from './requests/n8n-memory';
import { exchange, type Exchange } from './requests/raw-connection';
import type { Step } from './requests/raw-request';

const SEED = Number(process.env['HOSTILE_SEED'] ?? 20_260_430);
const COUNT = Number(process.env['HOSTILE_COUNT'] ?? 5000);

/** Memory is measured after each: the first one is for what n8n loads and compiles only once. */
const ROUNDS = 3;

/** How many hostile requests come between two good events. */
const HOSTILE_PER_GOOD = 20;

/** How many connections there are at once. */
const CONNECTIONS = 12;

/** How long a connection may stay open after the last byte was sent, in milliseconds. */
const PATIENCE = 15_000;

/** What the trigger answers by itself. 503 is for an EnableNow that fails, which it does not here. */
const STATUSES_OF_TRIGGER = ['200', '400', '401', '403'];

const MEBIBYTE = 1024 * 1024;

/** How much more memory than the Webhook node the trigger may need for a round, once it is warm. */
const MOST_GROWTH = 4 * MEBIBYTE;

/**
 * The kind of a body that ends too early. n8n answers it with 400, or with 500 where the end comes
 * while it begins to read: which of them get that is a matter of the moment.
 */
const CUT_OFF = 'Content-Length too long';

// n8n executes what is let in, which takes its time on a busy machine.
jest.setTimeout(3_600_000);

/** What a round did to the memory of n8n. */
interface RoundResult {
	before: Memory;
	after: Memory;
	seconds: number;
}

/** What came of a request. */
interface Asking {
	outcomes: string[];
	text: string;
}

let n8n: HostileN8n;
const requests = hostileRequests(SEED, COUNT);
const tally = new AnswerTally();
const askings: Record<Asked, Asking[]> = { trigger: [], webhook: [] };
const memories: Array<Record<Asked, RoundResult>> = [];
const goodAnswers: string[][] = [];
let shares: Share[];
let connectionsBefore: number;

/** The workflows that take the requests in turn. */
const askedFor = (asked: Asked, index: number): AskedWorkflow =>
	asked === 'webhook' ? n8n.webhook : n8n.triggers[index % n8n.triggers.length]!;

async function send(steps: Step[]): Promise<Exchange> {
	return await exchange(n8n.port, steps, PATIENCE);
}

async function ask(asked: Asked, index: number): Promise<void> {
	const { kind, steps } = requests[index]!;
	const answer = await send(steps(askedFor(asked, index).target));
	const outcomes = outcomesOf(answer);
	askings[asked][index] = { outcomes, text: answer.text.slice(0, 600) };
	tally.add(kind, asked, outcomes);
}

async function sendGood(asked: Asked, number: number): Promise<void> {
	const share = shares[number]!;
	const answer = await send(goodEvent(askedFor(asked, number).target, share, number));
	if (asked === 'trigger') goodAnswers[number] = outcomesOf(answer);
}

/** Asks with all requests of a round, a few at a time, and measures what is left of it. */
async function askAll(asked: Asked, round: number): Promise<RoundResult> {
	const before = await n8n.memory();
	const startedAt = Date.now();
	const first = Math.ceil((COUNT / ROUNDS) * round);
	const end = Math.min(COUNT, Math.ceil((COUNT / ROUNDS) * (round + 1)));
	const indexes = Array.from({ length: end - first }, (_, index) => first + index).values();
	const work = async (): Promise<void> => {
		for (const index of indexes) {
			if (index % HOSTILE_PER_GOOD === 0) await sendGood(asked, index / HOSTILE_PER_GOOD);
			await ask(asked, index);
		}
	};
	await Promise.all(Array.from({ length: CONNECTIONS }, work));
	await n8n.settle();
	const seconds = (Date.now() - startedAt) / 1000;
	return { before, after: await n8n.memory(), seconds };
}

beforeAll(async () => {
	n8n = await HostileN8n.start();
	shares = await n8n.sandbox.admin.addShares({
		from: 'en-app-ref-001',
		to: 'en-app-ref-002',
		count: Math.ceil(COUNT / HOSTILE_PER_GOOD),
	});
	connectionsBefore = await n8n.connections();
	for (let round = 0; round < ROUNDS; round++) {
		const trigger = await askAll('trigger', round);
		memories.push({ trigger, webhook: await askAll('webhook', round) });
	}
});
afterAll(async () => {
	report();
	await n8n.close();
});

it('answers as it is designed to, or as n8n does before any node is reached', () => {
	expect(requests.flatMap((request, index) => unfairAnswers(request, index))).toEqual([]);
});

it('fails no execution', async () => {
	for (const { workflowId, target } of n8n.triggers) {
		const executions = await n8n.executions({ workflowId, target });
		expect(Object.keys(executions)).toEqual(['success']);
	}
});

it('executes each good event, once', async () => {
	expect(goodAnswers.filter((outcomes) => outcomes.join() !== '200')).toEqual([]);
	const executed = (
		await Promise.all(n8n.triggers.map(async (trigger) => await n8n.goodExecutions(trigger)))
	).flat();
	const counts = shares.map(({ id }) => executed.filter((data) => data.includes(id)).length);
	expect(shares.filter((_, index) => counts[index] !== 1)).toEqual([]);
	expect(executed).toHaveLength(shares.length);
});

it('leaves no connection open', async () => {
	expect(await n8n.connections()).toBeLessThanOrEqual(connectionsBefore);
});

it('keeps no memory that the Webhook node would not', () => {
	const { trigger, webhook } = memories[ROUNDS - 1]!;
	expect(growthOf(trigger) - Math.max(0, growthOf(webhook))).toBeLessThan(MOST_GROWTH);
});

/**
 * The outcomes that are neither the trigger's own nor n8n's. A 5xx is n8n's where the Webhook node
 * gives it for the same request; anything else where it gives it for one of that kind, since it may
 * depend on the moment at which a connection ends.
 */
function unfairAnswers({ kind }: HostileRequest, index: number): unknown[] {
	const trigger = askings.trigger[index]!;
	const webhook = askings.webhook[index]!;
	return trigger.outcomes
		.filter((outcome) => {
			if (STATUSES_OF_TRIGGER.includes(outcome)) return false;
			return outcome.startsWith('5') && kind !== CUT_OFF
				? !webhook.outcomes.includes(outcome)
				: !tally.has(kind, 'webhook', outcome);
		})
		.map((outcome) => ({ kind, index, outcome, webhook: webhook.outcomes, text: trigger.text }));
}

function growthOf({ before, after }: RoundResult): number {
	return after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
}

/** Prints what was seen. */
function report(): void {
	const figures = (result: RoundResult): string[] => {
		const { after, seconds } = result;
		const sizes = [growthOf(result), after.heapUsed + after.arrayBuffers, after.rss];
		return [seconds.toFixed(0), ...sizes.map((bytes) => (bytes / MEBIBYTE).toFixed(1))];
	};
	const rows = memories.flatMap(({ trigger, webhook }, round) => [
		[`${round + 1}`, 'EnableNow Trigger', ...figures(trigger)],
		[`${round + 1}`, 'Webhook node', ...figures(webhook)],
	]);
	const header = [
		'Round',
		'Asked',
		'Seconds',
		'Growth (MiB)',
		'Heap and buffers (MiB)',
		'RSS (MiB)',
	];
	process.stderr.write(
		`\n${COUNT} hostile requests and ${shares.length} good events, seed ${SEED}\n\n` +
			`${tally.table()}\n\n${markdownTable([header, ...rows])}\n`,
	);
}
