import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { InvalidInput } from './invalidInput';
import { oneLine } from './oneLine';

/** The name of the credential type that both nodes use. */
export const CREDENTIAL_NAME = 'enableNowOAuth2Api';

/** Every place in a node from which EnableNow is called. */
export type NodeContext =
	| IExecuteFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| ITriggerFunctions
	| IWebhookFunctions;

/** What the nodes need of the credential. The client secret is n8n's business alone. */
export interface EnableNowCredential {
	/** Where EnableNow is, without a trailing slash. */
	baseUrl: string;
	/** The client ID of one's own app. */
	clientId: string;
	/** The secrets of which a webhook request must present one; none where the list is empty. */
	webhookSecrets: string[];
	/** The token that n8n has stored with the credential, where it has fetched one. */
	accessToken: string | undefined;
	/**
	 * Whether n8n has stored an answer of the token endpoint that holds no token. It fetches no other
	 * by itself then, so that every request fails from then on.
	 */
	isTokenMissing: boolean;
}

/** How much of a base URL that is none a message repeats, in characters. */
const LONGEST_EXCERPT = 100;

/** EnableNow's hosts (EnableNow docs: "Authentication"; the staging docs name the second). */
const BASE_URLS = new Map([
	['production', 'https://api.enablenow.nl'],
	['staging', 'https://api.staging.enablenow.nl'],
]);

/**
 * Reads the credential of a node.
 *
 * @throws InvalidInput when its base URL is not usable; n8n's own error where it cannot be read
 */
export async function readCredential(context: NodeContext): Promise<EnableNowCredential> {
	const fields = await context.getCredentials(CREDENTIAL_NAME);
	return {
		baseUrl: baseUrlOf(fields),
		clientId: textOf(fields['clientId']),
		webhookSecrets: webhookSecretsOf(fields),
		accessToken: accessTokenOf(fields),
		isTokenMissing: fields['oauthTokenData'] !== undefined && accessTokenOf(fields) === undefined,
	};
}

/** The credential that a node uses, as n8n tells credentials apart. */
export function credentialIdOf(context: NodeContext): string {
	return context.getNode().credentials?.[CREDENTIAL_NAME]?.id ?? '';
}

/** All that the credential keeps secret; nothing where it cannot be read. */
export async function readSecrets(context: NodeContext): Promise<string[]> {
	try {
		const fields = await context.getCredentials(CREDENTIAL_NAME);
		return [
			textOf(fields['clientSecret']),
			...webhookSecretsOf(fields),
			accessTokenOf(fields) ?? '',
		].filter((secret) => secret !== '');
	} catch {
		// Without the credential nothing secret can have been sent.
		return [];
	}
}

/**
 * Where the credential's environment is.
 *
 * @throws InvalidInput when a custom base URL is not an http(s) address that a path can follow
 */
export function baseUrlOf(fields: ICredentialDataDecryptedObject): string {
	const environment = textOf(fields['environment']) || 'production';
	return BASE_URLS.get(environment) ?? customBaseUrl(textOf(fields['baseUrl']));
}

function customBaseUrl(text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || !/^https?:$/.test(url.protocol)) {
		throw new InvalidInput(
			text === ''
				? "The credential's 'Base URL' is empty"
				: `The credential's 'Base URL' is "${oneLine(text, LONGEST_EXCERPT)}", which is not an http or https address`,
			"Open the credential and enter an address such as https://api.enablenow.nl in 'Base URL', or choose another environment.",
		);
	}
	if (/[?#]/.test(text) || url.username !== '' || url.password !== '') {
		throw new InvalidInput(
			"The credential's 'Base URL' holds more than an address",
			"Open the credential and leave user name, password, '?' and '#' out of 'Base URL'.",
		);
	}
	return url.href.replace(/\/+$/, '');
}

function webhookSecretsOf(fields: ICredentialDataDecryptedObject): string[] {
	return textOf(fields['webhookSecret'])
		.split(/[\s,]+/)
		.filter((secret) => secret !== '');
}

function accessTokenOf(fields: ICredentialDataDecryptedObject): string | undefined {
	const tokenData: unknown = fields['oauthTokenData'];
	if (typeof tokenData !== 'object' || tokenData === null) return undefined;
	const token = (tokenData as { access_token?: unknown }).access_token;
	return typeof token === 'string' && token !== '' ? token : undefined;
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}
