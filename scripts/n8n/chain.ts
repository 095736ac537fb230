import type { IConnections, INode } from 'n8n-workflow';

/** A workflow of nodes, the first output of each connected to the next. */
export function chain(...nodes: INode[]): { nodes: INode[]; connections: IConnections } {
	const connections: IConnections = {};
	for (const [index, { name }] of nodes.entries()) {
		const next = nodes[index + 1];
		if (next) connections[name] = { main: [[{ node: next.name, type: 'main', index: 0 }]] };
	}
	return { nodes, connections };
}
