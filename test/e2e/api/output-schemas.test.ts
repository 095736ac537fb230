import { readFile } from 'node:fs/promises';
import path from 'node:path';
import axios from 'axios';
import { sharedN8n } from '../support/attached-n8n';

const NODES = path.resolve(__dirname, '../../../nodes');

/** The address at which the editor asks for a schema, and the file that n8n shall find. */
const SCHEMAS = [
	...[
		...['create', 'upsert', 'get', 'getAll', 'revoke', 'update'].map((name) => `share/${name}`),
		...['consent', 'account', 'analysis'].map((resource) => `${resource}/getAll`),
	].map((action) => ({
		address: `n8n-nodes-enablenow.enableNowShare/1.0.0/${action}.json`,
		file: `EnableNowShare/__schema__/v1.0.0/${action}.json`,
	})),
	{
		address: 'n8n-nodes-enablenow.enableNowShareTrigger/1.0.0/output.json',
		file: 'EnableNowShareTrigger/__schema__/v1.0.0/output.json',
	},
];

it.each(SCHEMAS)('n8n finds $file', async ({ address, file }) => {
	const { url } = await sharedN8n();
	const { data } = await axios.get<unknown>(`${url}/schemas/${address}`, { proxy: false });
	expect(data).toEqual(JSON.parse(await readFile(path.join(NODES, file), 'utf8')));
});
