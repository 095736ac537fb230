import type { IExecuteFunctions, INodeExecutionData, IRun, ITriggerFunctions } from 'n8n-workflow';

import { execute } from '../../../../nodes/EnableNowShareTrigger/execute';
import { getCache } from '../../../../nodes/EnableNowShareTrigger/catchUp/triggerCache';
import type { TriggerItem } from '../../../../nodes/EnableNowShareTrigger/events';
import type { Share } from '../../../../nodes/shared/api/shares';
import { node, numberedShare } from '../../support';

export const CREATED = 'databridge.share.created';
export const UPDATED = 'databridge.share.updated';

/** The item about the share with a number, as EnableNow confirmed it. */
export function numberedItem(
	number: number,
	changes: Partial<TriggerItem> = {},
	shareChanges: Partial<Share> = {},
): TriggerItem {
	const share = numberedShare(number, shareChanges);
	return {
		event: CREATED,
		shareId: share.id,
		verified: true,
		reason: null,
		share,
		data: null,
		receivedAt: '2026-04-30T12:00:00.000Z',
		source: 'webhook',
		...changes,
	};
}

/** What an item tells of, in short: the kind of the event, and the number of the share. */
export function toldOf({ event, shareId }: TriggerItem): string {
	return `${event?.split('.').at(-1)} ${Number(shareId?.slice(-12))}`;
}

/** The database of an n8n, which outlives its processes: what was recorded for the node. */
export class FakeDatabase {
	entries: string[] = [];
	/** Is called before each access; what it throws is the database's failure. */
	before: () => Promise<void> | void = () => undefined;

	/** n8n's helpers for processed data: they read all, and then write all. */
	readonly helpers = {
		checkProcessedAndRecord: async (
			items: string[],
			scope: string,
			options: { mode: string; maxEntries: number },
		): Promise<{ new: string[]; processed: string[] }> => {
			expect([scope, options.mode]).toEqual(['node', 'entries']);
			await this.before();
			const entries = [...this.entries];
			await Promise.resolve();
			const isThere = new Set(entries);
			const added = items.filter((item) => !isThere.has(item));
			this.entries = [...entries, ...added].slice(-options.maxEntries);
			return { new: added, processed: items.filter((item) => isThere.has(item)) };
		},
		removeProcessed: async (items: string[]): Promise<void> => {
			await this.before();
			this.entries = this.entries.filter((entry) => !items.includes(entry));
		},
		getProcessedDataCount: async (): Promise<number> => {
			await this.before();
			return this.entries.length;
		},
		clearAllProcessedItems: async (): Promise<void> => {
			await this.before();
			this.entries = [];
		},
	};
}

/** An execution that begins with what a request or the running trigger gave it. */
export class FakeExecution {
	state: 'crashed' | 'failed' | 'over' | 'running' | 'waiting' = 'waiting';
	/** What the nodes after the trigger are given, once it has begun. */
	items: TriggerItem[] = [];

	constructor(
		readonly input: INodeExecutionData[],
		readonly mode: string,
		readonly done?: Deferred<IRun>,
		readonly id = String(++FakeExecution.count),
	) {}

	private static count = 0;

	/** Ends it as n8n does when all nodes have run. */
	end(status: IRun['status'] = 'success', lastNodeExecuted?: string): void {
		this.state = status === 'success' ? 'over' : 'failed';
		const resultData = { runData: {}, ...(lastNodeExecuted && { lastNodeExecuted }) };
		this.done?.resolve({ status, data: { resultData } } as unknown as IRun);
	}
}

/** An n8n that starts executions, and carries them out as a test says. */
export class FakeN8n {
	readonly executions: FakeExecution[] = [];
	readonly log: string[] = [];
	/** Is called with each execution when it could begin. */
	onStart: (execution: FakeExecution) => unknown = () => undefined;

	constructor(
		readonly database = new FakeDatabase(),
		/** Workflows of a test have different ones, since what a process knows is by workflow. */
		readonly workflowId = '1',
		private readonly parameters: Record<string, unknown> = { catchUp: true, options: {} },
	) {}

	private readonly shared = {
		getNode: () => ({ ...node, name: 'EnableNow Trigger' }),
		getWorkflow: () => ({ id: this.workflowId }),
		logger: {
			warn: (text: string) => this.log.push(`warn ${text}`),
			info: (text: string) => this.log.push(`info ${text}`),
			debug: () => undefined,
		},
	};

	readonly context = {
		...this.shared,
		getMode: () => 'trigger',
		getNodeParameter: (name: string) => this.parameters[name],
		helpers: { createDeferredPromise: deferredPromise },
		emit: (...[[input = []], , done]: Parameters<ITriggerFunctions['emit']>) =>
			this.start(input, 'trigger', done),
	} as unknown as ITriggerFunctions;

	/** An n8n in which each execution begins at once, and ends well. */
	static quick(...values: ConstructorParameters<typeof FakeN8n>): FakeN8n {
		const n8n = new FakeN8n(...values);
		n8n.onStart = async (execution) => {
			await n8n.begin(execution);
			if (execution.state === 'running') execution.end();
		};
		return n8n;
	}

	get warnings(): string[] {
		return this.log.filter((line) => line.startsWith('warn ')).map((line) => line.slice(5));
	}

	/** What the nodes after the trigger have been given, in short. */
	get told(): string[] {
		return this.executions.flatMap(({ items }) => items.map(toldOf));
	}

	/** Starts an execution for events, as the webhook does when it has accepted them. */
	receive(...items: TriggerItem[]): FakeExecution {
		getCache(this.context)?.addWaiting(items);
		return this.start(
			items.map((json) => ({ json })),
			'webhook',
		);
	}

	/** Starts an execution again, as a person does who retries one that crashed. */
	retry({ input }: FakeExecution): FakeExecution {
		return this.start(input, 'retry');
	}

	/** Begins with an execution: the trigger's own part of it. */
	async begin(execution: FakeExecution): Promise<void> {
		execution.state = 'running';
		try {
			const [output = []] = await execute(this.executeContext(execution));
			execution.items = output.map(({ json }) => json as TriggerItem);
		} catch {
			execution.end('error', 'EnableNow Trigger');
		}
	}

	private start(input: INodeExecutionData[], mode: string, done?: Deferred<IRun>): FakeExecution {
		// As n8n stores them.
		const stored = JSON.parse(JSON.stringify(input)) as INodeExecutionData[];
		const execution = new FakeExecution(stored, mode, done);
		this.executions.push(execution);
		this.onStart(execution);
		return execution;
	}

	private executeContext({ id, input, mode }: FakeExecution): IExecuteFunctions {
		return {
			...this.shared,
			helpers: this.database.helpers,
			getExecutionId: () => id,
			getInputData: () => input,
			getMode: () => mode,
			getNodeParameter: (name: string) => this.parameters[name],
		} as unknown as IExecuteFunctions;
	}
}

/** A promise that a test keeps, or breaks, when it likes. */
export interface Deferred<Value> {
	promise: Promise<Value>;
	resolve: (value: Value) => void;
	reject: (error: Error) => void;
}

function deferredPromise<Value>(): Deferred<Value> {
	const deferred = {} as Deferred<Value>;
	deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
	return deferred;
}
