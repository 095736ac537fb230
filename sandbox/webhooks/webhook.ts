/** The events that the sandbox sends by itself. */
export const SHARE_EVENTS = ['databridge.share.created', 'databridge.share.updated'] as const;

/** The name of an event about a share. */
export type ShareEvent = (typeof SHARE_EVENTS)[number];

/** An address that a customer registered, in reality on the Customer Portal's tab "Webhooks". */
export interface Webhook {
	/** Where events are posted to, http or https. */
	url: string;
	/** The names of the events to send there. */
	events: string[];
}

/**
 * Checks webhooks that came from outside.
 *
 * @param webhooks - Should be a list of {@link Webhook}
 * @throws Error that says what is wrong
 */
export function checkWebhooks(webhooks: unknown): Webhook[] {
	if (!Array.isArray(webhooks)) throw new Error('Webhooks are a list of { url, events }');
	return webhooks.map((webhook: Partial<Webhook>) => {
		const { url, events } = webhook;
		if (typeof url !== 'string' || !/^https?:$/.test(new URL(url).protocol)) {
			throw new Error(`The url of a webhook has to be http or https, not ${String(url)}`);
		}
		if (!Array.isArray(events) || !events.every((event) => typeof event === 'string')) {
			throw new Error(`The events of the webhook ${url} have to be a list of names`);
		}
		return { url, events };
	});
}
