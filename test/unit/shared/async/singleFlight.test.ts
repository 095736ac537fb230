import { SingleFlight } from '../../../../nodes/shared/async/singleFlight';

/** Work that ends when it is told to; the result is how many times it was begun before. */
function setUp() {
	const endings: Array<{ succeed: () => void; fail: () => void }> = [];
	const flight = new SingleFlight(async () => {
		const result = endings.length;
		return await new Promise<number>((resolve, reject) => {
			endings.push({
				succeed: () => resolve(result),
				fail: () => reject(new Error(`failure ${result}`)),
			});
		});
	});
	return { flight, endings };
}

async function settle(): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
}

test('work that nobody else asked for is done at once', async () => {
	const { flight, endings } = setUp();
	const result = flight.run();
	endings[0]?.succeed();
	expect(await result).toBe(0);
	expect(flight.underWay).toBeUndefined();
});

test.each(['succeed', 'fail'] as const)(
	'all who ask while it is being done share the next time, though it should %s',
	async (ending) => {
		const { flight, endings } = setUp();
		const first = flight.run().catch((error: unknown) => error);
		const others = [flight.run(), flight.run(), flight.run()];
		await settle();
		expect(endings).toHaveLength(1);
		endings[0]?.[ending]();
		await settle();
		expect(endings).toHaveLength(2);
		endings[1]?.succeed();
		expect(await Promise.all(others)).toEqual([1, 1, 1]);
		expect(await first).toEqual(ending === 'succeed' ? 0 : new Error('failure 0'));
	},
);

test('it is never done twice at a time, whenever somebody asks', async () => {
	const { flight, endings } = setUp();
	const results = [flight.run(), flight.run()];
	endings[0]?.succeed();
	// At each step between the end of one and the beginning of the next.
	for (let step = 0; step < 10; step++) {
		results.push(flight.run());
		await Promise.resolve();
	}
	await settle();
	expect(endings.length).toBeLessThanOrEqual(2);
	endings[1]?.succeed();
	await settle();
	endings[2]?.succeed();
	await Promise.all(results);
});

test('a failure reaches all who share it, and not those who come later', async () => {
	const { flight, endings } = setUp();
	const first = flight.run();
	const shared = Promise.allSettled([flight.run(), flight.run()]);
	endings[0]?.succeed();
	await first;
	await settle();
	const later = flight.run();
	endings[1]?.fail();
	expect((await shared).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
	await settle();
	endings[2]?.succeed();
	expect(await later).toBe(2);
});

test('what is under way can be shared by those who do not mind its age', async () => {
	const { flight, endings } = setUp();
	void flight.run();
	const shared = flight.underWay;
	endings[0]?.succeed();
	expect(await shared).toBe(0);
});
