import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

/**
 * The base URL as an expression. It accepts what `parseBaseUrl` in nodes/shared/api/credential.ts does;
 * anything else gives an address to which n8n sends nothing, and which its error quotes.
 */
const BASE_URL = `(${[
	'$self["environment"] === "production" ? "https://api.enablenow.nl"',
	'$self["environment"] === "staging" ? "https://api.staging.enablenow.nl"',
	String.raw`$self["environment"] === "custom" && /^\s*https?:\/\/(?!.*[?#@])[!-~]+\s*$/i.test($self["baseUrl"]) ? $self["baseUrl"].trim().replace(/\/+$/, "")`,
	'"check-environment-and-base-url:"',
].join(' : ')})`;

/**
 * OAuth 2.0 client credentials of a customer's app (EnableNow docs: "Authentication"). n8n fetches
 * the token, keeps it encrypted with the credential for its 60 minutes and renews it when EnableNow
 * refuses it. Every field that `oAuth2Api` would show is pinned, so that only EnableNow's own show.
 */
export class EnableNowOAuth2Api implements ICredentialType {
	name = 'enableNowOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'EnableNow OAuth2 API';

	icon = {
		light: 'file:../icons/enablenow.svg',
		dark: 'file:../icons/enablenow.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-enablenow/n8n-nodes-enablenow/blob/main/README.md#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{
					name: 'Production',
					value: 'production',
					description: 'https://api.enablenow.nl, with real bank data',
				},
				{
					name: 'Staging',
					value: 'staging',
					description: 'https://api.staging.enablenow.nl, for testing',
				},
				{
					name: 'Custom',
					value: 'custom',
					description: 'Another address, such as a gateway or a test server of your own',
				},
			],
			default: 'production',
			description:
				'The EnableNow environment in which your app is registered. For another one, create another credential.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			displayOptions: { show: { environment: ['custom'] } },
			default: '',
			required: true,
			validateType: 'url',
			placeholder: 'e.g. https://api.example.com',
			description: 'Address of EnableNow, to which paths such as /shares are appended',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. en-app-ref-001',
			description:
				'Client ID of your own app, from the EnableNow Customer Portal. For another app, create another credential.',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Client secret of your own app, from the same page as the client ID',
		},
		{
			displayName: 'Webhook Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'For the EnableNow Trigger: long random string of letters and digits. Add it to the webhook URL in the Customer Portal: ?secret=YOUR_SECRET. To change it, enter both for a while, separated by a comma.',
		},
		hidden('Grant Type', 'grantType', 'clientCredentials'),
		hidden('Access Token URL', 'accessTokenUrl', `={{ ${BASE_URL} + "/cfa/connect/token" }}`),
		hidden('Authorization URL', 'authUrl', ''),
		hidden('Scope', 'scope', 'customer-api'),
		hidden('Auth URI Query Parameters', 'authQueryParameters', ''),
		// EnableNow reads client ID and secret from the form body.
		hidden('Authentication', 'authentication', 'body'),
		hidden('Send Additional Body Properties', 'sendAdditionalBodyProperties', false),
		hidden('Additional Body Properties', 'additionalBodyProperties', ''),
		// It would cover the token request only, and could be taken for more.
		hidden('Ignore SSL Issues', 'ignoreSSLIssues', false),
		// n8n's own HTTP Request node may send the token to EnableNow's host name only. n8n checks neither
		// its port nor the node's option Proxy: this keeps mistakes out, not a user of the credential.
		hidden('Allowed HTTP Request Domains', 'allowedHttpRequestDomains', 'domains'),
		hidden(
			'Allowed Domains',
			'allowedDomains',
			`={{ ((${BASE_URL}.split("://")[1] || "").split("/")[0] || "").replace(/:\\d+$/, "") || "none.invalid" }}`,
		),
		hidden('Encrypted Tokens', 'jweEnabled', false),
	];

	/** A token alone does not prove that the app may share: ask the Sharing API for one share. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ${BASE_URL.replaceAll('$self', '$credentials')} }}`,
			url: '/shares',
			qs: { page: 1, pageSize: 1 },
		},
	};
}

/** Pins a field of `oAuth2Api`. */
function hidden(displayName: string, name: string, value: boolean | string): INodeProperties {
	return { displayName, name, type: 'hidden', default: value };
}
