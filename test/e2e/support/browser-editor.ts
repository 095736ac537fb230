import type { Locator, Page } from 'playwright-core';
import type { Owner } from '../../../scripts/n8n';
import { CredentialDialog } from './browser-credential-dialog';
import { chooseOption, testId } from './browser-locators';
import { NodePanel } from './browser-node-panel';
import { NodeView } from './browser-node-view';

/** n8n's editor, as a person sees it. */
export class Editor {
	readonly nodePanel: NodePanel;
	readonly nodeView: NodeView;
	readonly credentialDialog: CredentialDialog;

	constructor(
		readonly page: Page,
		private readonly n8nUrl: string,
	) {
		this.nodePanel = new NodePanel(page);
		this.nodeView = new NodeView(page);
		this.credentialDialog = new CredentialDialog(page);
	}

	async signIn({ email, password }: Owner): Promise<void> {
		await this.page.goto(`${this.n8nUrl}/signin`);
		await this.page.locator('input[name="emailOrLdapLoginId"]').fill(email);
		await this.page.locator('input[name="password"]').fill(password);
		await testId(this.page, 'form-submit-button').click();
		await this.page.waitForURL((url) => !url.pathname.startsWith('/signin'));
	}

	/** Opens the dialog for a new credential of the type, found by its name. */
	async newCredential(typeName: string): Promise<void> {
		await this.page.goto(`${this.n8nUrl}/home/credentials/create`);
		await testId(this.page, 'new-credential-type-select').first().click();
		await this.page.keyboard.type(typeName);
		await chooseOption(this.page, typeName);
		await testId(this.page, 'new-credential-type-button').click();
	}

	/** Opens an empty workflow. */
	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.n8nUrl}/workflow/new`);
		await testId(this.page, 'canvas-add-button').waitFor();
	}

	/** The address of the open workflow. */
	get workflowUrl(): string {
		return this.page.url();
	}

	async openWorkflow(url: string): Promise<void> {
		await this.page.goto(url);
		await this.nodes().first().waitFor();
	}

	/** Opens the node panel of an empty workflow. */
	async openNodePanel(): Promise<void> {
		await testId(this.page, 'canvas-plus-button').click();
		await testId(this.page, 'node-creator-search-bar').waitFor();
	}

	/** Opens the node panel for a node after the last one. */
	async openNodePanelAfterLast(): Promise<void> {
		await testId(this.page, 'canvas-handle-plus-wrapper').last().click();
		await testId(this.page, 'node-creator-search-bar').waitFor();
	}

	/** Opens an empty workflow and puts a Manual Trigger in, which gives these items. */
	async newManualWorkflow(items: object[] = [{}]): Promise<void> {
		await this.newWorkflow();
		await this.openNodePanel();
		await this.nodePanel.search('manual trigger');
		await this.nodePanel.choose('Runs the flow on clicking a button');
		await this.openNode('When clicking ‘Execute workflow’');
		await this.nodeView.setMockData(items);
		await this.nodeView.close();
	}

	/** Puts an action of EnableNow Share after the last node; its view opens. */
	async addAction(action: string): Promise<void> {
		await this.openNodePanelAfterLast();
		await this.nodePanel.search('enablenow');
		await this.nodePanel.choose('EnableNow Share');
		await this.nodePanel.chooseAction(action);
		await this.nodeView.expectOpen();
	}

	/** Opens the view of a node. */
	async openNode(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.nodeView.expectOpen();
	}

	/** What the canvas says under the name of a node. */
	async subtitle(name: string): Promise<string> {
		return await this.node(name).locator('[class*="_subtitle_"]').innerText();
	}

	/** What lies on the canvas: nodes and notes. */
	nodes(): Locator {
		return this.page.locator('.vue-flow__node');
	}

	/** Imports a workflow file into the open workflow. */
	async importFile(file: string): Promise<void> {
		await testId(this.page, 'workflow-menu').first().click();
		await testId(this.page, 'workflow-menu-item-import').hover();
		const chooser = this.page.waitForEvent('filechooser');
		await testId(this.page, 'workflow-menu-item-import-from-file').click();
		await (await chooser).setFiles(file);
		await this.nodes().first().waitFor();
	}

	async executeWorkflow(): Promise<void> {
		await testId(this.page, 'execute-workflow-button').click();
	}

	/** Waits for the number of items on the connection between two nodes, e.g. "2 items". */
	async expectItems(from: string, to: string, items: string): Promise<void> {
		await this.page
			.locator(`[data-source-node-name="${from}"][data-target-node-name="${to}"]`, {
				hasText: items,
			})
			.waitFor();
	}

	async zoomToFit(): Promise<void> {
		await testId(this.page, 'zoom-to-fit').click();
	}

	/** Publishes the workflow; gives the message that n8n shows then. */
	async publish(): Promise<string> {
		await testId(this.page, 'workflow-open-publish-modal-button').click();
		await testId(this.page, 'workflow-publish-button').click();
		const message = testId(this.page, 'activation-modal');
		await message.waitFor();
		const text = await message.innerText();
		await message.getByText('Got it').click();
		await message.waitFor({ state: 'hidden' });
		return text;
	}

	/** Opens the list of executions and waits for the newest to have ended well. */
	async openNewestExecution(): Promise<Locator> {
		await testId(this.page, 'radio-button-executions').click();
		const execution = testId(this.page, 'execution-preview-host');
		await execution.waitFor();
		return execution;
	}

	private node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}
}
