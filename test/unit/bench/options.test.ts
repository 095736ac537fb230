import path from 'node:path';
import { parseOptions } from '../../../bench/options';

const DOCS = path.resolve(__dirname, '../../../docs');

describe('parseOptions', () => {
	it('measures all, and writes to docs, by default', () => {
		const { parts, rounds, quick, output } = parseOptions([]);
		expect(parts.map(({ name }) => name)).toEqual([
			'creates',
			'rate-limit',
			'size',
			'get-many',
			'duplicates',
			'package',
			'events',
			'catch-up',
			'profile',
		]);
		expect({ rounds, quick, output }).toEqual({ rounds: 4, quick: false, output: DOCS });
	});

	it.each([
		{ commandLine: ['--quick'], output: undefined },
		{ commandLine: ['--only', 'size'], output: undefined },
		{ commandLine: ['--only', 'size', '--write'], output: DOCS },
		{ commandLine: ['--quick', '--output', '/tmp/x'], output: '/tmp/x' },
		{ commandLine: ['--rounds', '2', '--output', '/tmp/x'], output: '/tmp/x' },
	])('$commandLine writes to $output', ({ commandLine, output }) => {
		expect(parseOptions(commandLine).output).toBe(output);
	});

	it('measures the chosen parts in their own order', () => {
		const { parts } = parseOptions(['--only', 'profile, creates']);
		expect(parts.map(({ name }) => name)).toEqual(['creates', 'profile']);
	});

	it.each([
		[['--only', 'creates,speed'], 'not "speed"'],
		[['--rounds', '0'], 'not "0"'],
		[['--fast'], '--fast'],
	])('refuses %j', (commandLine, message) => {
		expect(() => parseOptions(commandLine)).toThrow(message);
	});
});
