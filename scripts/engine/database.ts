import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';

/** The part of n8n's database that outlives a process: an engine goes on where another one was. */
export class EngineDatabase {
	/** What nodes have stored with the workflow, as JSON: n8n's static data. */
	staticData = '{}';

	/** What nodes have marked as processed, by workflow and node. */
	readonly processed = new Map<string, string[]>();

	private executionCount = 0;

	/** @param workflowId - of the only workflow that the engine runs */
	constructor(readonly workflowId: string = randomUUID()) {}

	nextExecutionId(): string {
		return String(++this.executionCount);
	}

	readStaticData(): IDataObject {
		return JSON.parse(this.staticData) as IDataObject;
	}

	/** A backup, or what a process that was killed leaves behind. */
	copy(): EngineDatabase {
		const copy = new EngineDatabase(this.workflowId);
		copy.staticData = this.staticData;
		copy.executionCount = this.executionCount;
		for (const [key, marks] of this.processed) copy.processed.set(key, [...marks]);
		return copy;
	}
}
