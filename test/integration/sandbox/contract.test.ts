import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRequire } from 'node:module';
import { startSandbox, type Sandbox, type Share } from '../../../sandbox';
import { writeShare } from '../../../sandbox/sharing/share-model';
import { expectProblem, logIn } from './support';

jest.mock<object>('../../../sandbox/sharing/share-model', () => {
	const actual = jest.requireActual<{ writeShare: () => Share }>(
		'../../../sandbox/sharing/share-model',
	);
	return { writeShare: jest.fn(actual.writeShare) };
});

const run = promisify(execFile);
const root = join(__dirname, '../../..');

let sandbox: Sandbox;
let log: string[];

beforeAll(async () => {
	log = [];
	sandbox = await startSandbox({ log: (line) => log.push(line) });
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => sandbox.close());

it('fails loudly when an answer breaks the contract', async () => {
	const { sharer } = await logIn(sandbox);
	const [share] = await sandbox.admin.shares();
	const printed = jest.spyOn(console, 'error').mockReturnValue();
	jest.mocked(writeShare).mockReturnValueOnce({ ...(share as Share), id: 'no identifier' });
	const problem = expectProblem(await sharer.get(`/shares/${String(share?.id)}`), 500);
	expect(problem.detail).toMatch(/^The answer to GET \/shares\/\S+ breaks the contract: /);
	expect(printed).toHaveBeenCalledWith(expect.stringContaining('no identifier'));
	expect(log.join('\n')).toContain('breaks the contract');
});

it('writes a line for each request, and for each event', async () => {
	const { sharer } = await logIn(sandbox);
	await sharer.get('/shares?page=1');
	await sandbox.admin.sendEvent({ url: 'http://127.0.0.1:1/' });
	expect(log).toContainEqual(
		expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3} GET \/shares 200 \d+ ms en-app-ref-001$/),
	);
	expect(log).toContainEqual(
		expect.stringMatching(/ event to http:\/\/127\.0\.0\.1:1\/ .*ECONNREFUSED.* \d+ ms$/),
	);
});

it('passes the linter, without a warning', async () => {
	const packageFile = createRequire(__filename).resolve('@redocly/cli/package.json');
	const { bin } = createRequire(__filename)(packageFile) as { bin: { redocly: string } };
	const { stdout } = await run(
		process.execPath,
		[
			join(packageFile, '..', bin.redocly),
			'lint',
			'--format=json',
			'--config=sandbox/redocly.yaml',
			'sandbox/openapi.yaml',
		],
		{ cwd: root, env: { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
	);
	expect(JSON.parse(stdout)).toMatchObject({ totals: { errors: 0, warnings: 0 }, problems: [] });
});
