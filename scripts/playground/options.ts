import { parseCommandLine } from '../cli/command-line';
import { DEFAULT_N8N_VERSION, isExactVersion, N8N_VERSIONS, UserFacingError } from '../n8n';

/** n8n's own default: the address that its documentation names. */
const N8N_PORT = 5678;
const SANDBOX_PORT = 5688;

export const HELP = `npm start -- [options]

Starts a real n8n on this machine with this package installed, and an EnableNow sandbox for it.
Sets up an owner, credentials, the example workflows and their data tables, and creates one share, so
that there is an execution to look at. Prints each event that the sandbox sends, and n8n's answer.
Nothing is sent to EnableNow. Runs until Ctrl-C.

  --once              do all that and stop; exit with 0 if it worked, else with 1. Uses free ports and
                      a new n8n, which is removed afterwards
  --watch             compile each source when it changes, and reload it in n8n (npm run dev)
  --port PORT         port of n8n's editor (${N8N_PORT})
  --sandbox-port PORT port of the EnableNow sandbox (${SANDBOX_PORT})
  --n8n VERSION       version of n8n (${DEFAULT_N8N_VERSION}); tested: ${N8N_VERSIONS.join(', ')}
  --reset             start with a new n8n: delete the workflows, credentials and executions of
                      earlier runs, which are otherwise kept (in your cache folder, by version and
                      port). The sandbox always starts anew, without webhooks that you registered
  --help              print this

The first run downloads n8n from npm (about 2.7 GB) into your cache folder, which the
environment variable N8N_NODES_ENABLENOW_CACHE overrides.`;

const OPTIONS = {
	help: { type: 'boolean', short: 'h' },
	once: { type: 'boolean' },
	reset: { type: 'boolean' },
	watch: { type: 'boolean' },
	n8n: { type: 'string' },
	port: { type: 'string' },
	'sandbox-port': { type: 'string' },
} as const;

/** The options of the command line. */
export interface CommandLineOptions {
	help: boolean;
	once: boolean;
	reset: boolean;
	watch: boolean;
	version: string;
	/** Undefined with --once where none was chosen: any free one will do. */
	port: number | undefined;
	sandboxPort: number | undefined;
}

/**
 * @param commandLine the arguments after the script's name
 * @throws UserFacingError for what it does not understand
 */
export function parseOptions(commandLine: string[]): CommandLineOptions {
	const values = parseCommandLine(commandLine, OPTIONS, HELP);
	const version = values.n8n ?? DEFAULT_N8N_VERSION;
	if (!isExactVersion(version)) {
		throw new UserFacingError(
			`--n8n takes a full version number such as ${DEFAULT_N8N_VERSION}, not "${version}".`,
		);
	}
	const once = values.once ?? false;
	return {
		help: values.help ?? false,
		once,
		reset: values.reset ?? false,
		watch: values.watch ?? false,
		version,
		port: parsePort('--port', values.port) ?? (once ? undefined : N8N_PORT),
		sandboxPort:
			parsePort('--sandbox-port', values['sandbox-port']) ?? (once ? undefined : SANDBOX_PORT),
	};
}

function parsePort(option: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const port = Number(text);
	if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
	throw new UserFacingError(`${option} takes a port number from 1 to 65535, not "${text}".`);
}
