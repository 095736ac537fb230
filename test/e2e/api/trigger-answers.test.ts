import { AnsweringRealN8n } from '../support/answering-real-n8n';
import { sharedN8n } from '../support/attached-n8n';
import { describeAnswers } from '../support/describe-answers';
import { sharedUrls } from '../support/shared-n8n';

describeAnswers('a real n8n', async () => ({
	n8n: await AnsweringRealN8n.start(await sharedN8n()),
	sandboxUrl: sharedUrls().sandbox,
}));
