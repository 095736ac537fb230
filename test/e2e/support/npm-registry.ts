import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { name, version } from '../../../package.json';
import {
	answerJson,
	startOtherServer,
	type OtherServer,
} from '../../integration/support/other-server';

/**
 * Starts an npm registry that has this package in one version, and nothing else.
 *
 * @param host - the name by which npm knows it
 */
export async function startNpmRegistry(host: string, tarball: string): Promise<OtherServer> {
	const content = await readFile(tarball);
	const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
	const dist = { tarball: `https://${host}/${name}/-/${name}-${version}.tgz`, integrity };
	const manifest = { name, version, dist };
	const all = { name, 'dist-tags': { latest: version }, versions: { [version]: manifest } };
	return await startOtherServer(({ url }, response) => {
		if (url === `/${name}`) return answerJson(response, all);
		if (url === `/${name}/latest` || url === `/${name}/${version}`) {
			return answerJson(response, manifest);
		}
		if (url === new URL(dist.tarball).pathname) return void response.end(content);
		return answerJson(response, {}, 404);
	});
}
