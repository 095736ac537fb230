import type { IDataObject } from 'n8n-workflow';
import type { EventRequest, TriggerName } from './answer-table';

/** How a request was answered, and what it started. */
export interface Answer {
	status: number;
	body: unknown;
	/** What the node after the trigger was given, by execution in which it ran. */
	executions: IDataObject[][];
}

/** The answers to the same request at both addresses of a trigger. */
export interface Answers {
	production: Answer;
	/** While n8n listens for a test event. */
	test: Answer;
}

/** Something that serves the triggers of the answer table: a real n8n, or what stands in for it. */
export interface AnsweringN8n {
	/** Posts to both URLs of a trigger. What that started has ended. */
	deliver(trigger: TriggerName, request: EventRequest): Promise<Answers>;
	/** How many executions there have been from production URLs, those of the catch-up left out. */
	executionCount(): Promise<number>;
	close(): Promise<void>;
}
