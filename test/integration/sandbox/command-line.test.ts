import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SandboxAdmin, startSandbox } from '../../../sandbox';

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
		expect(await new SandboxAdmin(url).shares()).toHaveLength(7);
		sandbox.child.kill('SIGINT');
		expect(await once(sandbox.child, 'exit')).toEqual([0, null]);
	});

	it('refuses an option that there is not', async () => {
		const sandbox = start(['--prot', '1']);
		expect(await once(sandbox.child, 'exit')).toEqual([1, null]);
		expect(sandbox.output()).toContain('--prot');
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
