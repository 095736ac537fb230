import path from 'node:path';
import { startProcess, type RunningProcess } from '../n8n/process';
import type { Playground } from './playground';

const PROJECT_FOLDER = path.resolve(__dirname, '../..');

/** Compiles the sources into the package that n8n has loaded, at once and after each change. */
export function watchSources({ packageFolder }: Pick<Playground, 'packageFolder'>): RunningProcess {
	const outDir = path.join(packageFolder, 'dist');
	const compiler = [require.resolve('typescript/bin/tsc'), '--watch', '--preserveWatchOutput'];
	return startProcess(process.execPath, [...compiler, '--outDir', outDir], {
		cwd: PROJECT_FOLDER,
		env: process.env,
		onOutput: (text) => process.stdout.write(text),
	});
}
