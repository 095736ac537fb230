import {
	type ICredentialDataDecryptedObject,
	type ICredentials,
	ICredentialsHelper,
	type ICredentialType,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeProperties,
	type INodeTypes,
	type IWorkflowExecuteAdditionalData,
	NodeHelpers,
	Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

const EXPRESSION_NODE: INode = {
	id: 'credential',
	name: 'credential',
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/**
 * n8n's credentials without its database: defaults are applied and hidden expressions resolved as
 * n8n does it, and tokens that n8n fetches or renews are kept with the credential.
 */
export class CredentialStore extends ICredentialsHelper {
	private readonly stored = new Map<string, ICredentialDataDecryptedObject>();

	constructor(
		private readonly credentialType: ICredentialType,
		private readonly nodeTypes: INodeTypes,
	) {
		super();
	}

	/** Keeps a credential, as n8n does when a person saves its dialog; a stored token stays. */
	save(id: string, fields: ICredentialDataDecryptedObject): void {
		const { oauthTokenData } = this.stored.get(id) ?? {};
		this.stored.set(id, {
			...(oauthTokenData !== undefined && { oauthTokenData }),
			...structuredClone(fields),
		});
	}

	/** What is stored of a credential, its token included. */
	read(id: string): ICredentialDataDecryptedObject {
		const fields = this.stored.get(id);
		if (fields === undefined) throw new Error(`Credential with ID "${id}" does not exist`);
		return structuredClone(fields);
	}

	/** Forgets a credential, as n8n does when a person deletes it. */
	remove(id: string): void {
		this.stored.delete(id);
	}

	getParentTypes(name: string): string[] {
		return name === this.credentialType.name ? (this.credentialType.extends ?? []) : [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		_credentials: ICredentialDataDecryptedObject,
		_typeName: string,
		requestOptions: unknown,
	): Promise<IHttpRequestOptions> {
		return await Promise.resolve(requestOptions as IHttpRequestOptions);
	}

	async preAuthentication(): Promise<undefined> {
		return await Promise.resolve(undefined);
	}

	async runPreAuthentication(): Promise<undefined> {
		return await Promise.resolve(undefined);
	}

	async getCredentials(): Promise<ICredentials> {
		return await Promise.reject(new Error('Encrypted credentials are not part of this engine'));
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		nodeCredentials: INodeCredentialsDetails,
		_type: string,
		mode: WorkflowExecuteMode,
		_executeData?: unknown,
		raw?: boolean,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = this.read(nodeCredentials.id ?? '');
		return await Promise.resolve(raw === true ? stored : this.withDefaults(stored, mode));
	}

	async updateCredentials(
		nodeCredentials: INodeCredentialsDetails,
		_type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.save(nodeCredentials.id ?? '', data);
		await Promise.resolve();
	}

	async updateCredentialsOauthTokenData(
		nodeCredentials: INodeCredentialsDetails,
		_type: string,
		{ oauthTokenData }: ICredentialDataDecryptedObject,
	): Promise<void> {
		const id = nodeCredentials.id ?? '';
		this.stored.set(id, {
			...this.read(id),
			...(oauthTokenData !== undefined && { oauthTokenData: structuredClone(oauthTokenData) }),
		});
		await Promise.resolve();
	}

	getCredentialsProperties(): INodeProperties[] {
		return this.credentialType.properties;
	}

	private withDefaults(
		stored: ICredentialDataDecryptedObject,
		mode: WorkflowExecuteMode,
	): ICredentialDataDecryptedObject {
		const fields = NodeHelpers.getNodeParameters(
			this.credentialType.properties,
			stored as never,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
		const workflow = new Workflow({
			nodes: [EXPRESSION_NODE],
			connections: {},
			active: false,
			nodeTypes: this.nodeTypes,
		});
		const resolved = workflow.expression.getComplexParameterValue(
			EXPRESSION_NODE,
			fields as never,
			mode,
			{},
			undefined,
			undefined,
			fields,
		) as ICredentialDataDecryptedObject;
		// Without a token, n8n gives the default of its own field for it.
		return { ...resolved, oauthTokenData: stored['oauthTokenData'] ?? {} };
	}
}
