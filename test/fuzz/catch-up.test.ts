import { startTrigger } from '../../nodes/EnableNowShareTrigger/catchUp/runningTrigger';
import { createClient } from '../../nodes/shared/api/client';
import { formatDate } from '../../nodes/shared/input/dates';
import { FakeEnableNow } from '../unit/support';
import {
	CREATED,
	type FakeExecution,
	FakeN8n,
	numberedItem,
	toldOf,
	UPDATED,
} from '../unit/trigger/catchUp/support';

jest.mock('../../nodes/shared/api/client');

const CREDENTIAL = { baseUrl: 'https://api.example', clientId: 'en-app-ref-002' };

const INTERVAL = 60_000;

/** What may happen to n8n, besides events and catch-ups. */
type Fate = 'runs' | 'isKilled' | 'isStopped';

/** From how many ends one is chosen: from a few, so that an earlier one comes back, or from many. */
const END_COUNTS = { few: 3, many: 1_000_000 };

/** The first of them; each of the others is a second later. */
const FIRST_END = Date.parse('2130-01-01T00:00:00Z');

/** How many things happen in each story. */
const STEPS = 120;
const FATES: Fate[] = ['runs', 'isStopped', 'isKilled'];

/** What `npm run fuzz` sets; `npm test` sets none of it. */
const { FUZZ_CASES, FUZZ_SEED = '1' } = process.env;

/** A story for each of them: few by `npm test`, and otherwise as many as take the time of the cases. */
const SEEDS = Array.from(
	{ length: FUZZ_CASES === undefined ? 6 : Math.ceil(Number(FUZZ_CASES) / 50) },
	(_seed, index) => Number(FUZZ_SEED) + index,
);
if (FUZZ_CASES !== undefined) jest.setTimeout(6 * 60 * 60 * 1000);

beforeEach(() => jest.useFakeTimers());

/** Numbers from 0 to below 1 that look like chance, and are the same for the same seed. */
function chanceOf(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function isWaiting({ state }: FakeExecution): boolean {
	return state === 'waiting';
}

/** An EnableNow, and an n8n that is killed and started again, to which things happen by chance. */
class Story {
	readonly service = new FakeEnableNow();
	private readonly chance: () => number;
	private n8n!: FakeN8n;
	private stopTrigger: () => Promise<void> = async () => await Promise.resolve();

	/** Executions that have begun with something to do, of all n8ns, in the order in which they began. */
	private readonly begun: FakeExecution[] = [];

	/** How many executions n8n carries out at once. */
	private readonly slots: number;

	constructor(
		private readonly seed: number,
		private readonly selection: string[],
		private readonly fate: Fate,
	) {
		this.chance = chanceOf(seed);
		this.service.order = this.chance() < 0.5 ? 'newestFirst' : 'oldestFirst';
		this.slots = this.chance() < 0.5 ? 2 : 1_000;
		const { api } = this.service;
		jest
			.mocked(createClient)
			.mockImplementation(
				async () =>
					await Promise.resolve({ ...api, credential: { ...api.credential, ...CREDENTIAL } }),
			);
	}

	/** What was carried out, in the order in which it began; with the share's end. */
	get told(): Array<{ what: string; end: string }> {
		return this.begun
			.filter(({ state }) => state === 'over')
			.flatMap(({ items }) => items)
			.map((item) => ({ what: toldOf(item), end: item.share!.expirationDateUtc }));
	}

	async begin(): Promise<void> {
		await this.startN8n();
		await this.endAll();
	}

	async step(): Promise<void> {
		const happenings: Array<() => Promise<void> | void> = [
			() => this.create(),
			() => this.change(),
			async () => await this.endOne(),
			async () => await this.endOne(),
			async () => await this.pass(INTERVAL),
			...(this.fate === 'runs' ? [] : [async () => await this.stop()]),
			...(this.fate === 'isKilled' ? [async () => await this.kill()] : []),
		];
		await happenings[Math.floor(this.chance() * happenings.length)]?.();
		await this.pass(this.chance() < 0.2 ? 3_000 : 10);
	}

	/** Nothing bad happens any more, and a person retries what crashed. */
	async end(): Promise<void> {
		await this.endAll();
		await this.stop();
		await this.endAll();
		await this.pass(INTERVAL);
		await this.endAll();
	}

	/** Another customer makes a share; its event may be lost, or come again. */
	private create(): void {
		this.service.addShares(1);
		const { length } = this.service.shares;
		if (this.chance() < 0.6) this.receive(length, CREATED);
	}

	private change(): void {
		const number = Math.ceil(this.chance() * this.service.shares.length);
		const share = this.service.shares[number - 1];
		if (share === undefined) return;
		// After a start, it is not known which end was told of before one that changed meanwhile.
		const count = this.fate === 'runs' ? END_COUNTS.few : END_COUNTS.many;
		const seconds = Math.floor(this.chance() * count);
		share.expirationDateUtc = formatDate(new Date(FIRST_END + seconds * 1000));
		const isTold = this.selection.includes(UPDATED) && this.chance() < 0.6;
		if (isTold) this.receive(number, UPDATED);
		else if (this.chance() < 0.5) this.receive(number, CREATED);
	}

	private receive(number: number, event: string): void {
		const { expirationDateUtc } = this.service.shares[number - 1]!;
		const receivedAt = new Date().toISOString();
		this.n8n.receive(numberedItem(number, { event, receivedAt }, { expirationDateUtc }));
	}

	private get running(): FakeExecution[] {
		return this.n8n.executions.filter(({ state }) => state === 'running');
	}

	/** Time passes; executions begin where there is a slot, in their order. */
	private async pass(milliseconds: number): Promise<void> {
		await jest.advanceTimersByTimeAsync(milliseconds);
		for (const execution of this.n8n.executions) {
			if (!isWaiting(execution) || this.running.length >= this.slots) continue;
			await this.n8n.begin(execution);
			if (execution.items.length > 0) this.begun.push(execution);
			else if (execution.state === 'running') execution.end();
		}
		await jest.advanceTimersByTimeAsync(0);
	}

	private async endOne(): Promise<void> {
		const { running } = this;
		running[Math.floor(this.chance() * running.length)]?.end();
		await this.pass(0);
	}

	private async endAll(): Promise<void> {
		for (let quiet = 0; quiet < 3;) {
			await this.pass(3_000);
			quiet = this.running.length === 0 ? quiet + 1 : 0;
			for (const execution of this.running) execution.end();
		}
	}

	/** n8n is told to end: it waits for what runs, and runs what waits for a slot at its next start. */
	private async stop(): Promise<void> {
		await this.stopTrigger();
		for (const execution of this.running) execution.end();
		await this.startN8n();
	}

	/** What runs is cut off, and a person retries it. What n8n had no time to store is lost. */
	private async kill(): Promise<void> {
		void this.stopTrigger();
		for (const execution of this.running) execution.state = 'crashed';
		const last = this.n8n.executions.at(-1);
		if (last?.state === 'waiting' && last.mode === 'webhook') last.state = 'crashed';
		const lost = last?.state === 'crashed' && last.items.length === 0 ? last : undefined;
		const crashed = this.n8n.executions.filter((one) => one.state === 'crashed' && one !== lost);
		await this.startN8n();
		for (const execution of crashed) this.n8n.retry(execution);
	}

	private async startN8n(): Promise<void> {
		const waiting = this.n8n?.executions.filter(isWaiting) ?? [];
		const options = { catchUpInterval: 1 };
		const parameters = { events: this.selection, catchUp: true, options };
		this.n8n = new FakeN8n(this.n8n?.database, `story ${this.seed}`, parameters);
		this.n8n.executions.push(...waiting);
		const { closeFunction } = await startTrigger(this.n8n.context);
		this.stopTrigger = async () => await closeFunction?.();
		await this.pass(100);
	}
}

async function storyOf(seed: number, selection: string[], fate: Fate): Promise<Story> {
	const story = new Story(seed, selection, fate);
	await story.begin();
	for (let step = 0; step < STEPS; step++) await story.step();
	await story.end();
	return story;
}

describe.each([[[CREATED]], [[CREATED, UPDATED]]])('whatever happens, with %j', (selection) => {
	test.each(FATES)('each share is told of once, where n8n %s', async (fate) => {
		for (const seed of SEEDS) {
			const { service, told } = await storyOf(seed, selection, fate);
			const created = told.map(({ what }) => what).filter((what) => what.startsWith('created'));
			const all = service.shares.map((_share, index) => `created ${index + 1}`);
			expect({ seed, created: [...created].sort() }).toEqual({ seed, created: all.sort() });
		}
	});
});

/** Of each share, the ends that were told of, in the order in which that began. */
function endsTold({ told }: Story): Map<number, string[]> {
	const ends = new Map<number, string[]>();
	for (const { what, end } of told) {
		const number = Number(what.split(' ')[1]);
		ends.set(number, [...(ends.get(number) ?? []), end]);
	}
	return ends;
}

test.each(FATES.slice(0, 2))(
	'the end of a share is the one told of last, where n8n %s',
	async (fate) => {
		for (const seed of SEEDS) {
			const story = await storyOf(seed, [CREATED, UPDATED], fate);
			const ends = endsTold(story);
			const wrong = story.service.shares.filter(
				({ expirationDateUtc }, index) => ends.get(index + 1)?.at(-1) !== expirationDateUtc,
			);
			expect({ seed, wrong }).toEqual({ seed, wrong: [] });
		}
	},
);

test('the end that a share has was told of, though n8n is killed', async () => {
	for (const seed of SEEDS) {
		const story = await storyOf(seed, [CREATED, UPDATED], 'isKilled');
		const ends = endsTold(story);
		const untold = story.service.shares.filter(
			({ expirationDateUtc }, index) => ends.get(index + 1)?.includes(expirationDateUtc) !== true,
		);
		expect({ seed, untold }).toEqual({ seed, untold: [] });
	}
});
