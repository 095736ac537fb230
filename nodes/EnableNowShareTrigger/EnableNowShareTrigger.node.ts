import {
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeConnectionTypes,
} from 'n8n-workflow';

import { properties, triggerPanel } from './description';

/**
 * Starts a workflow when another EnableNow customer shares bank data with one's own app. What runs is
 * imported when it is first used, to keep n8n's start short.
 */
export class EnableNowShareTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'EnableNow Trigger',
		name: 'enableNowShareTrigger',
		icon: {
			light: 'file:../../icons/enablenow-trigger.svg',
			dark: 'file:../../icons/enablenow-trigger.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ [].concat($parameter["events"]).map((event) => event === "*" ? "any event" : event.replace("databridge.", "").replaceAll(".", " ")).join(", ").replace(/^./, (letter) => letter.toUpperCase()) }}',
		description:
			'Starts the workflow when another EnableNow customer shares bank data with your app',
		eventTriggerDescription: 'Waiting for an event at the Test URL',
		activationMessage:
			'EnableNow events now start this workflow, once its Production URL is entered on the "Webhooks" tab of the EnableNow Customer Portal.',
		defaults: { name: 'EnableNow Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'enableNowOAuth2Api', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'webhook',
			},
		],
		triggerPanel,
		properties,
	};

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
		const { execute } = await import('./execute');
		return await execute(this);
	}
}
