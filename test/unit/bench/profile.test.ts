import { timeByOwner, timeWithin, type CpuProfile } from '../../../bench/profile';

const ALL = { from: 0, to: Number.POSITIVE_INFINITY };

const MODULES = 'file:///cache/n8n/node_modules';

/** Call frames, each with the position of the one that called it. */
const FRAMES = [
	{ functionName: '(root)', url: '', caller: undefined },
	{ functionName: '(idle)', url: '', caller: 0 },
	{ functionName: '(garbage collector)', url: '', caller: 0 },
	{ functionName: 'execute', url: `${MODULES}/n8n-core/dist/engine.js`, caller: 0 },
	{
		functionName: 'constructor',
		url: 'file:///n8n/nodes/node_modules/n8n-nodes-enablenow/dist/nodes/shared/api/client.js',
		caller: 3,
	},
	{ functionName: 'stringify', url: '', caller: 4 },
	{ functionName: 'request', url: `${MODULES}/n8n-core/node_modules/axios/axios.cjs`, caller: 4 },
	{ functionName: 'end', url: 'node:_http_outgoing', caller: 6 },
	{ functionName: 'find', url: `${MODULES}/@n8n/typeorm/index.js`, caller: 3 },
	{ functionName: 'resolve', url: `${MODULES}/n8n-workflow/dist/cjs/expression.js`, caller: 3 },
	{ functionName: 'now', url: `${MODULES}/luxon/luxon.js`, caller: 3 },
];

/** A profile in which each frame is seen once, a millisecond long, in their order. */
function profile(): CpuProfile {
	return {
		nodes: FRAMES.map(({ functionName, url }, id) => ({
			id,
			callFrame: { functionName, url },
			children: FRAMES.flatMap(({ caller }, child) => (caller === id ? [child] : [])),
		})),
		startTime: 0,
		samples: [...FRAMES.keys(), 1],
		timeDeltas: [0, ...FRAMES.map(() => 1000)],
	};
}

it('adds up whose code ran, and counts built-in functions for their caller', () => {
	expect(timeByOwner(profile(), ALL)).toEqual({
		'this package': 0.002,
		'n8n: expressions': 0.001,
		'n8n: all else': 0.001,
		'axios and its like': 0.001,
		"Node's http, net, streams": 0.001,
		'database (TypeORM, sqlite3)': 0.001,
		'other libraries': 0.001,
		'native code': 0.001,
		'garbage collector': 0.001,
	});
});

it('looks at a part of the profile only', () => {
	const times = timeByOwner(profile(), { from: 4500, to: 6500 });
	expect(times['this package']).toBeCloseTo(0.0015);
	expect(times['axios and its like']).toBeCloseTo(0.0005);
	expect(Object.values(times).reduce((a, b) => a + b)).toBeCloseTo(0.002);
});

it('adds up a function with all that it called', () => {
	expect(timeWithin(profile(), 'constructor', ALL)).toBeCloseTo(0.004);
	expect(timeWithin(profile(), 'request', { from: 0, to: 6500 })).toBeCloseTo(0.0005);
	expect(timeWithin(profile(), 'nothing', ALL)).toBe(0);
});
