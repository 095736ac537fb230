import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SandboxAdmin, startSandbox } from '../../../sandbox';
import { readCommandLine } from '../../../sandbox/command-line';

describe('the command line', () => {
	it('starts a sandbox on port 4010 if nothing is said', () => {
		expect(readCommandLine([])).toEqual({
			port: 4010,
			seedShares: true,
			webhooks: {},
			receiverSeesShares: true,
		});
	});

	it('sets what is said', () => {
		const webhook = { url: 'http://x/?a=b', events: expect.any(Array) as string[] };
		expect(
			readCommandLine(
				(
					'--port 0 --seed 5 --no-shares --latency 7 --rate-limit 9 --token-lifetime 60 ' +
					'--token-format opaque --event-data id --list-order newestFirst ' +
					'--update-answer empty --accounts-answer data --receiver-is-blind ' +
					'--webhook en-app-ref-002=http://x/?a=b --webhook en-app-ref-002=http://x/?a=b'
				).split(' '),
			),
		).toEqual({
			port: 0,
			seed: 5,
			seedShares: false,
			latency: 7,
			rateLimit: { requestsPerSecond: 9 },
			tokenLifetime: 60,
			tokenFormat: 'opaque',
			eventData: 'id',
			listOrder: 'newestFirst',
			updateAnswer: 'empty',
			accountsAnswer: 'data',
			receiverSeesShares: false,
			webhooks: { 'en-app-ref-002': [webhook, webhook] },
		});
	});

	it.each([
		[['--port', 'x'], /--port has to be a whole number, not "x"/],
		[['--event-data', 'x'], /eventData has to be one of shareId/],
		[['--webhook', 'x'], /--webhook has to be ID=URL/],
		[['--prot', '1'], /--prot/],
	])('refuses %j', (args, message) => {
		expect(() => readCommandLine(args)).toThrow(message);
	});
});

describe('npm run sandbox', () => {
	let child: ChildProcess | undefined;
	afterEach(() => child?.kill('SIGKILL'));

	function start(args: string[]): { output: () => string; child: ChildProcess } {
		let output = '';
		child = spawn(process.execPath, ['--require', 'tsx/cjs', 'sandbox/main.ts', ...args], {
			cwd: join(__dirname, '../../..'),
		});
		child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
		child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
		return { output: () => output, child };
	}

	it('says how to use it, answers, and stops at Ctrl-C', async () => {
		const sandbox = start(['--port', '0']);
		let url: string | undefined;
		while (url === undefined) {
			await new Promise((resolve) => setTimeout(resolve, 20));
			url = /base URL (\S+)/.exec(sandbox.output())?.[1];
		}
		expect(sandbox.output()).toContain('client secret sandbox-secret-002');
		expect(await new SandboxAdmin(url).shares()).toHaveLength(6);
		sandbox.child.kill('SIGINT');
		expect(await once(sandbox.child, 'exit')).toEqual([0, null]);
	});

	it('says so when the port is in use', async () => {
		const other = await startSandbox();
		try {
			const { port } = new URL(other.url);
			const sandbox = start(['--port', port]);
			expect(await once(sandbox.child, 'exit')).toEqual([1, null]);
			expect(sandbox.output()).toMatch(new RegExp(`^Port ${port} is in use, .*\n$`));
		} finally {
			await other.close();
		}
	});
});
