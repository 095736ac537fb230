import type { INodeParameters } from 'n8n-workflow';
import { CredentialStore } from '../../../scripts/engine/credential-store';
import { TestBed } from '../support/test-bed';
import { addShare, post, Triggers } from '../support/trigger';

const bed = TestBed.prepare();
const triggers = Triggers.prepare(bed);

/** How often n8n reads the credential for an event, once it has a token. */
async function readingsFor(parameters: INodeParameters): Promise<number> {
	const trigger = await triggers.start(parameters);
	const postEvent = async () => {
		const { id } = await addShare(bed);
		const event = { event: 'databridge.share.created', data: { shareId: id } };
		expect((await post(trigger.productionUrl, event)).status).toBe(200);
	};
	await postEvent();
	const getDecrypted = jest.spyOn(CredentialStore.prototype, 'getDecrypted');
	await postEvent();
	const { length } = getDecrypted.mock.calls;
	getDecrypted.mockRestore();
	return length;
}

// n8n evaluates the expressions of the credential each time: most of what an event costs it.
it('reads the credential once for an event', async () => {
	expect(await readingsFor({ lookUpShare: false })).toBe(1);
});

it('reads it once more for the request where the share is looked up', async () => {
	expect(await readingsFor({ lookUpShare: true })).toBe(2);
});
