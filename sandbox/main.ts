import { HELP, readCommandLine } from './command-line';
import { SANDBOX_CUSTOMERS } from './customers';
import { startSandbox } from './sandbox';

/** Starts a sandbox as the command line says, until Ctrl-C. */
async function main(): Promise<void> {
	const options = readCommandLine(process.argv.slice(2));
	if (options === null) {
		console.log(HELP);
		return;
	}
	const sandbox = await startSandbox({ ...options, log: (line) => console.log(line) });
	console.log(describeSandbox(sandbox.url));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void sandbox.close());
	}
}

function describeSandbox(url: string): string {
	const { sharer, receiver } = SANDBOX_CUSTOMERS;
	return `EnableNow sandbox
  Environment    Custom, base URL ${url}
  App 1          client ID ${sharer.clientId}, client secret ${sharer.clientSecret}
  App 2          client ID ${receiver.clientId}, client secret ${receiver.clientSecret}
  Webhook        curl -X PUT ${url}/admin/webhooks/${receiver.clientId} \\
                   -H 'Content-Type: application/json' \\
                   -d '[{"url":"<production URL>","events":["databridge.share.created"]}]'
  Log, faults    ${url}/admin, see sandbox/README.md
  Stop           Ctrl-C
`;
}

/** Says what is wrong, and where a contributor can fix it. */
function describeFailure(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { code, port } = error as Error & { code?: string; port?: number };
	if (code === 'EADDRINUSE') {
		return (
			`Port ${String(port)} is in use, perhaps by another sandbox. ` +
			'Choose a different one: npm run sandbox -- --port 4011'
		);
	}
	return `${error.message}\nSee npm run sandbox -- --help`;
}

main().catch((error: unknown) => {
	console.error(describeFailure(error));
	process.exitCode = 1;
});
