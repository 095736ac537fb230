import { CatchUp } from '../../../../nodes/EnableNowShareTrigger/catchUp/catchUp';
import { Deliveries } from '../../../../nodes/EnableNowShareTrigger/catchUp/deliveries';
import type { Fingerprints } from '../../../../nodes/EnableNowShareTrigger/catchUp/fingerprints';
import { Memory } from '../../../../nodes/EnableNowShareTrigger/catchUp/memory';
import type { StoredMemory } from '../../../../nodes/EnableNowShareTrigger/catchUp/storedMemory';
import { FakeEnableNow } from '../../support';
import {
	CREATED,
	type FakeExecution,
	FakeN8n,
	numberedItem,
	toldOf,
	UPDATED,
	WORKER_DIED,
} from './support';

const RECEIVER = 'en-app-ref-002';

const SETTINGS = {
	isOn: true,
	interval: 300_000,
	existing: false,
	expired: false,
	clientId: '',
	selection: [] as string[],
};

/** From how many ends one is chosen: from a few, so that an earlier one comes back, or from many. */
const END_COUNTS = { few: 3, many: 1_000_000 };

/** The first of them; each of the others is a second later. */
const FIRST_END = Date.parse('2030-01-01T00:00:00Z');

/** How many things happen in each story, and how many stories are told. */
const STEPS = 120;
const SEEDS = Array.from({ length: 20 }, (_seed, index) => index + 1);

beforeEach(() => jest.useFakeTimers());

/** Numbers from 0 to below 1 that look like chance, and are the same for the same seed. */
function chanceOf(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** An EnableNow, and an n8n that is killed and started again, to which things happen by chance. */
class Story {
	readonly service = new FakeEnableNow();
	private readonly chance: () => number;
	/** The executions of all n8ns, in the order in which they began. */
	private readonly executions: FakeExecution[] = [];
	private n8n!: FakeN8n;
	private deliveries!: Deliveries;
	private catchUp!: CatchUp;
	private seen!: Fingerprints;
	private run: Promise<void> | undefined;

	constructor(
		seed: number,
		private readonly selection: string[],
		private readonly isRough: boolean,
	) {
		this.chance = chanceOf(seed);
		this.service.order = this.chance() < 0.5 ? 'newestFirst' : 'oldestFirst';
		this.startN8n();
	}

	/** What was carried out, by event and share, in the order in which it began; with the share's end. */
	get told(): Array<{ what: string; end: string }> {
		return this.executions
			.filter(({ wasCarriedOut }) => wasCarriedOut)
			.flatMap(({ items }) => items)
			.map((item) => ({ what: toldOf(item), end: item.share!.expirationDateUtc }));
	}

	async begin(): Promise<void> {
		this.startRun();
		await this.endAll();
	}

	async step(): Promise<void> {
		const happenings: Array<() => Promise<void> | void> = [
			() => this.create(),
			() => this.change(),
			() => this.endOne(),
			() => this.endOne(),
			() => this.startRun(),
			async () => await this.stop(),
			...(this.isRough ? [() => this.kill(), () => this.breakOne()] : []),
		];
		await happenings[Math.floor(this.chance() * happenings.length)]?.();
		await jest.advanceTimersByTimeAsync(this.chance() < 0.2 ? 3_000 : 0);
	}

	/** Nothing bad happens any more. */
	async end(): Promise<void> {
		for (let times = 0; times < 4; times++) {
			await this.endAll();
			this.startRun();
		}
		await this.endAll();
	}

	/** Another customer makes a share; its event may be lost, or come later. */
	private create(): void {
		this.service.addShares(1);
		const { length } = this.service.shares;
		if (this.chance() < 0.6) this.receive(length, CREATED);
	}

	private change(): void {
		const number = Math.ceil(this.chance() * this.service.shares.length);
		const share = this.service.shares[number - 1];
		if (share === undefined) return;
		// An end that comes back just when a kill has made n8n forget the last one is not noticed.
		const count = this.isRough ? END_COUNTS.many : END_COUNTS.few;
		const seconds = Math.floor(this.chance() * count);
		share.expirationDateUtc = new Date(FIRST_END + seconds * 1000).toISOString();
		const isTold = this.selection.includes(UPDATED) && this.chance() < 0.6;
		if (isTold) this.receive(number, UPDATED);
		else if (this.chance() < 0.5) this.receive(number, CREATED);
	}

	private receive(number: number, event: string): void {
		const { expirationDateUtc } = this.service.shares[number - 1]!;
		const item = numberedItem(number, { event, source: 'webhook' }, { expirationDateUtc });
		if (!this.deliveries.memory.isRepetition(item)) this.deliveries.start([item]);
	}

	private startRun(): void {
		if (this.run !== undefined) return;
		const run = this.catchUp.run(this.service.api, this.seen).then(() => {
			if (this.run === run) this.run = undefined;
		});
		this.run = run;
	}

	private endOne(): void {
		const { underWay } = this.n8n;
		underWay[Math.floor(this.chance() * underWay.length)]?.end();
	}

	/** A worker dies; what it was doing is done again, but not a fourth time. */
	private breakOne(): void {
		const execution = this.n8n.underWay.find(({ items }) => items.length > 0);
		const isOften = this.n8n.executions.some(
			(other) => other !== execution && other.items[0]?.shareId === execution?.items[0]?.shareId,
		);
		if (!isOften) execution?.endWithoutStoring(WORKER_DIED);
	}

	/** n8n is told to end, ends as soon as no execution is under way, and is started again. */
	private async stop(): Promise<void> {
		const stopping = this.deliveries.stop();
		await this.endUnderWay();
		await stopping;
		this.startN8n(this.n8n.stored);
	}

	private kill(): void {
		const { stored } = this.n8n;
		void this.deliveries.stop();
		this.startN8n(stored);
	}

	private startN8n(stored?: StoredMemory): void {
		this.n8n = new FakeN8n();
		this.n8n.stored = stored;
		this.n8n.onStart = (execution) => this.executions.push(execution);
		this.deliveries = new Deliveries(this.n8n.context, new Memory('app', stored));
		this.deliveries.noteExecutedHere();
		this.catchUp = new CatchUp(this.deliveries, RECEIVER, this.selection, SETTINGS);
		this.seen = this.deliveries.memory.listedShares();
		this.run = undefined;
	}

	private async endAll(): Promise<void> {
		for (let quiet = 0; quiet < 3; quiet++) {
			await jest.advanceTimersByTimeAsync(3_000);
			await this.endUnderWay();
		}
	}

	private async endUnderWay(): Promise<void> {
		while (this.n8n.underWay.length > 0) {
			this.n8n.underWay[0]?.end();
			await jest.advanceTimersByTimeAsync(0);
		}
	}
}

async function storyOf(seed: number, selection: string[], isRough: boolean): Promise<Story> {
	const story = new Story(seed, selection, isRough);
	await story.begin();
	for (let step = 0; step < STEPS; step++) await story.step();
	await story.end();
	return story;
}

describe.each([[[CREATED]], [[CREATED, UPDATED]]])('whatever happens, with %j', (selection) => {
	test.each([false, true])('no share is lost (n8n is killed, workers die: %s)', async (isRough) => {
		for (const seed of SEEDS) {
			const { service, told } = await storyOf(seed, selection, isRough);
			const created = new Set(told.map(({ what }) => what));
			const missing = service.shares.filter(
				(_share, index) => !created.has(`created ${index + 1}`),
			);
			expect({ seed, missing }).toEqual({ seed, missing: [] });
		}
	});

	test('no share is created twice unless n8n is killed or a worker dies', async () => {
		for (const seed of SEEDS) {
			const { told } = await storyOf(seed, selection, false);
			const created = told.map(({ what }) => what).filter((what) => what.startsWith('created'));
			expect({ seed, count: created.length }).toEqual({ seed, count: new Set(created).size });
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

test('the end that a share has is the one that was told of last', async () => {
	for (const seed of SEEDS) {
		const story = await storyOf(seed, [CREATED, UPDATED], false);
		const ends = endsTold(story);
		const wrong = story.service.shares.filter(
			({ expirationDateUtc }, index) => ends.get(index + 1)?.at(-1) !== expirationDateUtc,
		);
		expect({ seed, wrong }).toEqual({ seed, wrong: [] });
	}
});

test('the end that a share has was told of, though n8n is killed and workers die', async () => {
	for (const seed of SEEDS) {
		const story = await storyOf(seed, [CREATED, UPDATED], true);
		const ends = endsTold(story);
		const untold = story.service.shares.filter(
			({ expirationDateUtc }, index) => ends.get(index + 1)?.includes(expirationDateUtc) !== true,
		);
		expect({ seed, untold }).toEqual({ seed, untold: [] });
	}
});
