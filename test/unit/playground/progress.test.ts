import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WriteStream } from 'node:tty';
import { ProgressLine } from '../../../scripts/cli/progress-line';
import { watchFolderSize } from '../../../scripts/n8n/folder-size';

describe('the progress', () => {
	let printed: string[];
	let progress: ProgressLine;

	beforeEach(() => {
		jest.useFakeTimers();
		printed = [];
		const output = { isTTY: false, write: (text: string) => printed.push(text) };
		progress = new ProgressLine(output as unknown as WriteStream);
	});
	afterEach(() => {
		progress.finish();
		jest.useRealTimers();
	});

	it('is never still for more than ten seconds', () => {
		progress.report('Downloading');
		for (let seconds = 0; seconds < 60; seconds += 10) {
			printed.length = 0;
			jest.advanceTimersByTime(10_000);
			expect(printed).not.toEqual([]);
		}
	});

	it('lets another line pass', () => {
		progress.report('Downloading');
		progress.note('databridge.share.created → 200');
		expect(printed).toEqual(['Downloading\n', 'databridge.share.created → 200\n']);
	});
});

it('tells how large a folder is, as it grows', async () => {
	const folder = await mkdtemp(path.join(tmpdir(), 'enablenow-size-'));
	await mkdir(path.join(folder, 'inside'));
	await writeFile(path.join(folder, 'inside', 'file'), 'x'.repeat(1_000));
	let stop = (): void => {};
	try {
		const first = await new Promise<number>((resolve) => {
			stop = watchFolderSize(folder, resolve);
		});
		expect(first).toBe(1_000);
	} finally {
		stop();
		await rm(folder, { recursive: true });
	}
});
