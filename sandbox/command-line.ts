import { parseArgs } from 'node:util';
import { checkSettings, DEFAULT_SETTINGS, SETTING_CHOICES, type SandboxOptions } from './options';
import { DEFAULT_SEED } from './state';
import { checkWebhooks, SHARE_EVENTS, type Webhook } from './webhooks/webhook';

/** The port of a sandbox that is started by hand. */
export const DEFAULT_PORT = 4010;

/** What `--help` prints. */
export const HELP = `A server that behaves like EnableNow, to develop and test against.

Usage: npm run sandbox -- [options]

  --port <number>                 port on 127.0.0.1; 0 is any free one (${String(DEFAULT_PORT)})
  --webhook <client ID>=<URL>     address that gets the client's share events; can be repeated
  --seed <number>                 seed of data and faults (${String(DEFAULT_SEED)})
  --no-shares                     start without shares
  --latency <milliseconds>        wait before each answer (${String(DEFAULT_SETTINGS.latency)})
  --rate-limit <number>           requests per second and app; more get 429 (no limit)
  --token-lifetime <seconds>      how long a token is valid (${String(DEFAULT_SETTINGS.tokenLifetime)})
${describeChoice('token-format', 'tokenFormat', 'form of access tokens')}
${describeChoice('event-data', 'eventData', 'data of a share event')}
${describeChoice('list-order', 'listOrder', 'order of GET /shares')}
${describeChoice('update-answer', 'updateAnswer', 'answer to PUT /shares/{id}')}
${describeChoice('accounts-answer', 'accountsAnswer', 'answer to GET /cfa/accounts')}
  --receiver-is-blind             an app doesn't see the shares that it receives
  --help                          print this
`;

function describeChoice(
	option: string,
	setting: keyof typeof SETTING_CHOICES,
	meaning: string,
): string {
	const choices = SETTING_CHOICES[setting].join(' | ');
	return `  ${`--${option} <form>`.padEnd(30)}  ${meaning}: ${choices} (${DEFAULT_SETTINGS[setting]})`;
}

/**
 * Reads the command line.
 *
 * @param args - What follows the name of the script
 * @returns The options, or null when help is asked for
 * @throws Error that says which option is not understood
 */
export function readCommandLine(args: string[]): SandboxOptions | null {
	const { values } = parseArgs({
		args,
		options: {
			port: { type: 'string' },
			webhook: { type: 'string', multiple: true },
			seed: { type: 'string' },
			'no-shares': { type: 'boolean' },
			latency: { type: 'string' },
			'rate-limit': { type: 'string' },
			'token-lifetime': { type: 'string' },
			'token-format': { type: 'string' },
			'event-data': { type: 'string' },
			'list-order': { type: 'string' },
			'update-answer': { type: 'string' },
			'accounts-answer': { type: 'string' },
			'receiver-is-blind': { type: 'boolean' },
			help: { type: 'boolean' },
		},
	});
	if (values.help) return null;
	const rateLimit = readNumber('rate-limit', values['rate-limit']);
	const options = withoutUndefined({
		port: readNumber('port', values.port) ?? DEFAULT_PORT,
		seed: readNumber('seed', values.seed),
		seedShares: !values['no-shares'],
		webhooks: readWebhooks(values.webhook ?? []),
	});
	const settings = withoutUndefined({
		latency: readNumber('latency', values.latency),
		rateLimit: rateLimit === undefined ? undefined : { requestsPerSecond: rateLimit },
		tokenLifetime: readNumber('token-lifetime', values['token-lifetime']),
		tokenFormat: values['token-format'],
		eventData: values['event-data'],
		listOrder: values['list-order'],
		updateAnswer: values['update-answer'],
		accountsAnswer: values['accounts-answer'],
		receiverSeesShares: !values['receiver-is-blind'],
	});
	checkSettings(settings);
	return { ...options, ...settings };
}

function readNumber(option: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	if (!/^\d+$/.test(text)) throw new Error(`--${option} has to be a whole number, not "${text}"`);
	return Number(text);
}

/** Reads `client ID=URL`; several may be for the same client. */
function readWebhooks(texts: readonly string[]): Record<string, Webhook[]> {
	const webhooks: Record<string, Webhook[]> = {};
	for (const text of texts) {
		const [, clientId, url] = /^([^=]+)=(.+)$/.exec(text) ?? [];
		if (clientId === undefined) throw new Error(`--webhook has to be ID=URL, not "${text}"`);
		(webhooks[clientId] ??= []).push(...checkWebhooks([{ url, events: [...SHARE_EVENTS] }]));
	}
	return webhooks;
}

/** Leaves out what was not given, so that defaults apply. */
function withoutUndefined<Values extends object>(
	values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
		[Name in keyof Values]?: Exclude<Values[Name], undefined>;
	};
}
