import { n8nVersion } from './environment';
import { N8nUnderTest } from './n8n-under-test';
import { sharedUrls } from './shared-n8n';

/** The n8n that all files of the suite share, signed in to. */
export async function sharedN8n(): Promise<N8nUnderTest> {
	const { n8n, sandbox } = sharedUrls();
	return await N8nUnderTest.signIn({ url: n8n, version: n8nVersion() }, sandbox);
}
