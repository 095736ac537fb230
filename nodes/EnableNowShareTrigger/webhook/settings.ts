import type { IDataObject, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';

/** How events are handled, as set on the node. */
export interface WebhookSettings {
	/** The names of the selected events. */
	selection: string[];
	isLookUpOn: boolean;
	onLookupUnavailable: 'emit' | 'reject';
}

/** Reads how events are handled. A value that is not understood counts as not set. */
export function readWebhookSettings(context: IWebhookFunctions): WebhookSettings {
	const { onLookupUnavailable } = context.getNodeParameter('options', {}) as IDataObject;
	return {
		selection: readSelection(context),
		isLookUpOn: context.getNodeParameter('lookUpShare', true) !== false,
		onLookupUnavailable: onLookupUnavailable === 'reject' ? 'reject' : 'emit',
	};
}

/** Reads the names of the selected events. */
export function readSelection(context: ITriggerFunctions | IWebhookFunctions): string[] {
	const selection: unknown = context.getNodeParameter('events', []);
	return (Array.isArray(selection) ? selection : [selection]).map(String);
}
