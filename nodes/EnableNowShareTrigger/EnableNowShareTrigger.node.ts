import type {
	IExecuteFunctions,
	IHookFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { description } from './description';

/**
 * Starts a workflow when another EnableNow customer shares bank data with one's own app. What runs is
 * imported when it is first used, to keep n8n's start short.
 */
export class EnableNowShareTrigger implements INodeType {
	description: INodeTypeDescription = description;

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(false);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				const { checkActivation } = await import('./webhook/activation');
				await checkActivation(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(true);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { receiveEvents } = await import('./webhook/webhook');
		return await receiveEvents(this);
	}

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		const { startTrigger } = await import('./catchUp/runningTrigger');
		return await startTrigger(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { beginExecution } = await import('./catchUp/execution');
		return [await beginExecution(this)];
	}
}
