/** A CPU profile as V8 gives it; times in microseconds, on a clock of its own. */
export interface CpuProfile {
	nodes: Array<{
		id: number;
		callFrame: { functionName: string; url: string };
		children?: number[];
	}>;
	startTime: number;
	/** The ids of the nodes that ran, and how long after the one before each was seen. */
	samples: number[];
	timeDeltas: number[];
}

/** Whose code is running, in the order of the report. */
export const CODE_OWNERS = [
	'this package',
	'n8n: expressions',
	'n8n: all else',
	'axios and its like',
	"Node's http, net, streams",
	'database (TypeORM, sqlite3)',
	'other libraries',
	'native code',
	'garbage collector',
] as const;

export type CodeOwner = (typeof CODE_OWNERS)[number];

/** Where the file lies, below the innermost node_modules, tells whose it is; the first that fits. */
const OWNERS_BY_PATH: ReadonlyArray<[RegExp, CodeOwner]> = [
	[/^n8n-nodes-enablenow\//, 'this package'],
	[/^(@n8n\/typeorm|sqlite3)\//, 'database (TypeORM, sqlite3)'],
	[/^(@n8n\/expression-runtime|@n8n\/tournament|isolated-vm)\//, 'n8n: expressions'],
	[
		/^n8n-workflow\/dist\/([a-z]+\/)?(expression|extensions\/|workflow-(expression|data-proxy))/,
		'n8n: expressions',
	],
	[/^(n8n|n8n-[a-z-]+|@n8n\/[a-z-]+)\//, 'n8n: all else'],
	[
		/^(axios|follow-redirects|form-data|agent-base|https?-proxy-agent|proxy-from-env|qs)\//,
		'axios and its like',
	],
	[/^node:/, "Node's http, net, streams"],
];

const OWNERS_BY_NAME: ReadonlyMap<string, CodeOwner | 'idle'> = new Map([
	['(garbage collector)', 'garbage collector'],
	['(program)', 'native code'],
	['(root)', 'native code'],
	['(idle)', 'idle'],
]);

/** A part of a profile, in microseconds after its start. */
export interface Span {
	from: number;
	to: number;
}

/**
 * Adds up for how long whose code ran. A built-in function such as JSON.stringify has no file: it
 * counts for the one who called it. Idle time is left out.
 *
 * @returns seconds, for each owner
 */
export function timeByOwner(profile: CpuProfile, span: Span): Record<CodeOwner, number> {
	const times = Object.fromEntries(CODE_OWNERS.map((owner) => [owner, 0])) as Record<
		CodeOwner,
		number
	>;
	const owners = ownersByNode(profile);
	for (const [node, seconds] of timeByNode(profile, span)) {
		const owner = owners.get(node);
		if (owner !== undefined && owner !== 'idle') times[owner] += seconds;
	}
	return times;
}

/**
 * Adds up for how long a function and all that it called ran. What goes on after an `await` counts
 * where V8 shows the function itself again.
 *
 * @param functionName as in the source
 * @returns seconds
 */
export function timeWithin(profile: CpuProfile, functionName: string, span: Span): number {
	const times = timeByNode(profile, span);
	const byId = new Map(profile.nodes.map((node) => [node.id, node]));
	const sum = (id: number, isWithin: boolean): number => {
		const node = byId.get(id);
		if (!node) return 0;
		const counts = isWithin || node.callFrame.functionName === functionName;
		const own = counts ? (times.get(id) ?? 0) : 0;
		return (node.children ?? []).reduce((total, child) => total + sum(child, counts), own);
	};
	const [root] = profile.nodes;
	return root ? sum(root.id, false) : 0;
}

/** For how long each node of the profile was the one that ran, in seconds. */
function timeByNode(profile: CpuProfile, { from, to }: Span): Map<number, number> {
	const times = new Map<number, number>();
	let now = 0;
	for (const [position, sample] of profile.samples.entries()) {
		now += profile.timeDeltas[position] ?? 0;
		const end = now + (profile.timeDeltas[position + 1] ?? 0);
		const inside = Math.min(end, to) - Math.max(now, from);
		if (inside > 0) times.set(sample, (times.get(sample) ?? 0) + inside / 1e6);
	}
	return times;
}

function ownersByNode({ nodes }: CpuProfile): Map<number, CodeOwner | 'idle'> {
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const owners = new Map<number, CodeOwner | 'idle'>();
	const visit = (id: number, callerOwner: CodeOwner | 'idle'): void => {
		const node = byId.get(id);
		if (!node) return;
		const { functionName, url } = node.callFrame;
		const owner = OWNERS_BY_NAME.get(functionName) ?? (url === '' ? callerOwner : ownerOfFile(url));
		owners.set(id, owner);
		for (const child of node.children ?? []) visit(child, owner);
	};
	const [root] = nodes;
	if (root) visit(root.id, 'native code');
	return owners;
}

function ownerOfFile(url: string): CodeOwner {
	const file = url.split('/node_modules/').at(-1) ?? url;
	return OWNERS_BY_PATH.find(([pattern]) => pattern.test(file))?.[1] ?? 'other libraries';
}
