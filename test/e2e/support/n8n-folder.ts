import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
	installTarball,
	n8nInstall,
	npm,
	startN8n,
	startProcess,
	type N8nOptions,
	type RunningN8n,
} from '../../../scripts/n8n';
import { logFolder, n8nVersion, packageTarball } from './environment';

/** A temporary user folder of n8n with the package installed; n8n can be started in it repeatedly. */
export class N8nFolder {
	private running: RunningN8n | undefined;

	private constructor(
		readonly path: string,
		/** Of the log file, e.g. "worker 1". */
		private readonly logName: string,
	) {}

	static async create(logName: string): Promise<N8nFolder> {
		const folder = new N8nFolder(await mkdtemp(path.join(tmpdir(), 'n8n-e2e-')), logName);
		await installTarball(packageTarball(), folder.path);
		return folder;
	}

	/** Starts n8n and waits until it answers. */
	async start(options: Omit<N8nOptions, 'userFolder' | 'version'> = {}): Promise<RunningN8n> {
		this.running = await startN8n({ ...options, version: n8nVersion(), userFolder: this.path });
		return this.running;
	}

	/** Installs another tarball of the package in the place of the installed one. */
	async install(tarball: string): Promise<void> {
		await installTarball(tarball, this.path);
	}

	/** Removes the package, as n8n does when a person uninstalls it. */
	async uninstall(): Promise<void> {
		await npm(['uninstall', '--ignore-scripts', 'n8n-nodes-enablenow'], {
			folder: path.join(this.path, '.n8n', 'nodes'),
		});
	}

	/** Runs another command of n8n, e.g. "export:workflow". */
	async runCommand(...commandArguments: string[]): Promise<void> {
		const { node, script } = await n8nInstall(n8nVersion());
		const run = startProcess(node.executable, [script, ...commandArguments], {
			cwd: this.path,
			env: {
				...node.env,
				HOME: this.path,
				N8N_USER_FOLDER: this.path,
				N8N_DIAGNOSTICS_ENABLED: 'false',
			},
		});
		const exitCode = await run.exited;
		if (exitCode !== 0) throw new Error(`n8n ${commandArguments[0]}: ${run.log.tail()}`);
	}

	/** Lets n8n end. */
	async stop(): Promise<void> {
		await this.running?.stop();
		await this.keepLog();
	}

	/** Ends n8n by SIGKILL. */
	async kill(): Promise<void> {
		await this.running?.kill();
		await this.keepLog();
	}

	/** Ends n8n and removes the folder. */
	async remove(): Promise<void> {
		await this.kill();
		await rm(this.path, { recursive: true, force: true });
	}

	private async keepLog(): Promise<void> {
		const text = this.running?.log.text() ?? '';
		this.running = undefined;
		const folder = logFolder();
		if (folder === undefined || text === '') return;
		await appendFile(path.join(folder, `${this.logName}.log`), `${text}\n`);
	}
}
