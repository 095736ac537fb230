import { published } from './shared-n8n';

/** Ends what start-shared-n8n.ts started. */
export default async function stop(): Promise<void> {
	const shared = published();
	await shared?.folder?.remove();
	await shared?.sandbox.close();
}
