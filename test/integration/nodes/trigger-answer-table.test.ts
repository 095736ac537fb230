import { type Sandbox, startSandbox } from '../../../sandbox';
import { AnsweringWebhookHost } from '../../e2e/support/answering-webhook-host';
import { describeAnswers } from '../../e2e/support/describe-answers';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seedShares: false });
});
afterAll(async () => await sandbox.close());

describeAnswers('the stand-in for n8n', async () => ({
	n8n: await AnsweringWebhookHost.start(sandbox.url),
	sandboxUrl: sandbox.url,
}));
