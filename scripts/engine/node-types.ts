import { createRequire } from 'node:module';
import path from 'node:path';
import { type ICredentialType, type INodeType, type INodeTypes, NodeHelpers } from 'n8n-workflow';

import { BUILT_IN_NODES } from './built-in-nodes';

const PACKAGE = 'n8n-nodes-enablenow';
const BUILT_PACKAGE = path.resolve(__dirname, '../..');

interface BuiltPackage {
	EnableNowOAuth2Api: new () => ICredentialType;
	EnableNowShare: new () => INodeType;
	EnableNowShareTrigger: new () => INodeType;
}

/**
 * The built package as n8n would load it, with the few nodes of n8n's own that the examples need.
 *
 * @throws Error when the package has not been built
 */
export function loadPackage(): { credentialType: ICredentialType; nodeTypes: INodeTypes } {
	const built = createRequire(__filename)(BUILT_PACKAGE) as BuiltPackage;
	const nodes: Record<string, INodeType> = {
		...BUILT_IN_NODES,
		[`${PACKAGE}.enableNowShare`]: new built.EnableNowShare(),
		[`${PACKAGE}.enableNowShareTrigger`]: new built.EnableNowShareTrigger(),
	};
	const getByName = (name: string): INodeType => {
		const node = nodes[name];
		if (node === undefined) throw new Error(`There is no node type ${name}`);
		return node;
	};
	return {
		credentialType: new built.EnableNowOAuth2Api(),
		nodeTypes: {
			getByName,
			getByNameAndVersion: (name, version) =>
				NodeHelpers.getVersionedNodeType(getByName(name), version),
			getKnownTypes: () => ({}),
		},
	};
}
