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

import { checkActivation } from './webhook/activation';
import { beginExecution } from './catchUp/execution';
import { startTrigger } from './catchUp/runningTrigger';
import { settingFields } from './settings';
import { receiveEvents } from './webhook/webhook';

/** Starts a workflow when another EnableNow customer shares bank data with one's own app. */
export class EnableNowShareTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'EnableNow Trigger',
		name: 'enableNowShareTrigger',
		icon: { light: 'file:../../icons/enablenow.svg', dark: 'file:../../icons/enablenow.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ $parameter["events"].map((event) => event === "*" ? "any event" : event.replace("databridge.", "").replace(".", " ")).join(", ") }}',
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
		triggerPanel: {
			header: 'Receive an event from EnableNow',
			executionsHelp: {
				inactive:
					'<b>While you build the workflow</b>, test this node (with the button above) and post an event to the <b>Test URL</b> with a tool such as curl. An event that would be refused later is shown too, with the reason.<br><br><b>When it is ready</b>, follow the steps on the right. EnableNow sends each event once: what arrives while the workflow is not published is lost, unless Catch Up is on (under Options).',
				active:
					'<b>While you build the workflow</b>, test this node (with the button above) and post an event to the <b>Test URL</b> with a tool such as curl. An event that would be refused later is shown too, with the reason.<br><br><b>The workflow is published</b>: events that arrive at the <b>Production URL</b> start it. They are not shown here; see its executions.',
			},
			activationHint: 'Follow the steps on the right, then publish the workflow.',
		},
		properties: settingFields,
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(false);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await checkActivation(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await Promise.resolve(true);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveEvents(this);
	}

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await startTrigger(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await beginExecution(this)];
	}
}
