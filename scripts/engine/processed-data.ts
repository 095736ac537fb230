import { setTimeout as pause } from 'node:timers/promises';
import { DataDeduplicationService } from 'n8n-core';
import type {
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
	Workflow,
} from 'n8n-workflow';

import type { EngineDatabase } from './database';

/** n8n-core takes one deduplicator, once; each engine of a process has a database of its own. */
const databases = new WeakMap<Workflow, EngineDatabase>();

let isDeduplicatorSet = false;

/** Gives the nodes of a workflow the marks of a database, as n8n gives them those of its own. */
export function useProcessedData(workflow: Workflow, database: EngineDatabase): void {
	databases.set(workflow, database);
	if (!isDeduplicatorSet) void DataDeduplicationService.init(new Deduplicator());
	isDeduplicatorSet = true;
}

/**
 * What n8n's helpers for processed items do with its database: all marks of a node are read, changed
 * and written at once, so that two at the same time undo each other's.
 */
class Deduplicator implements IDataDeduplicator {
	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		_scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
		{ maxEntries = Number.POSITIVE_INFINITY }: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		const marks = [...(marksOf(contextData) ?? [])];
		await pause(1);
		const output: IDeduplicationOutput = { new: [], processed: [] };
		const there = new Set(marks);
		for (const item of items) {
			if (there.has(String(item))) output.processed.push(item);
			else {
				output.new.push(item);
				marks.push(String(item));
			}
		}
		databaseOf(contextData).processed.set(keyOf(contextData), marks.slice(-maxEntries));
		return output;
	}

	async removeProcessed(
		items: DeduplicationItemTypes[],
		_scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
	): Promise<void> {
		const removed = new Set(items.map(String));
		const marks = (marksOf(contextData) ?? []).filter((mark) => !removed.has(mark));
		await pause(1);
		databaseOf(contextData).processed.set(keyOf(contextData), marks);
	}

	async clearAllProcessedItems(
		_scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
	): Promise<void> {
		await Promise.resolve(databaseOf(contextData).processed.delete(keyOf(contextData)));
	}

	async getProcessedDataCount(
		_scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
	): Promise<number> {
		return await Promise.resolve(marksOf(contextData)?.length ?? 0);
	}
}

function marksOf(contextData: ICheckProcessedContextData): string[] | undefined {
	return databaseOf(contextData).processed.get(keyOf(contextData));
}

function databaseOf({ workflow }: ICheckProcessedContextData): EngineDatabase {
	const database = databases.get(workflow as Workflow);
	if (database === undefined) throw new Error('This workflow has no database');
	return database;
}

function keyOf({ workflow, node }: ICheckProcessedContextData): string {
	return `${workflow.id} ${node?.id}`;
}
