/** Something that n8n calls on a node, or holds more of it, such as `methods.listSearch`. */
type Member = object | ((...values: unknown[]) => unknown);

/**
 * The file that n8n loads for a node: its description, and for everything that n8n calls a function
 * that loads the code first. n8n loads the nodes of every package at its start, used or not; so what
 * takes most of that time is left until the node is used.
 *
 * @param className - the node's class, as the code exports it
 * @param node - one made by that class
 * @param codePath - where the code is, relative to the file
 * @throws Error where the description holds what cannot be written down, such as a function
 */
export function entryOf(className: string, node: object, codePath: string): string {
	const { description, ...members } = node as { description: object };
	return `'use strict';

/** Made by the build: the description of the node, and the way to its code. */
let node;
const code = () => (node ??= new (require('${codePath}').${className})());

class ${className} {
description = ${literalOf(description)};

${Object.entries(members)
	.map(([name, member]) => `${name} = ${delegateOf(name, member as Member)};\n`)
	.join('\n')}
${functionsOf(node)
	.map((name) => `${delegateOf(name, Reflect.get(node, name) as Member)}\n`)
	.join('\n')}}

exports.${className} = ${className};
`;
}

/** What calls a function of the code, or an object of such functions. */
function delegateOf(path: string, member: Member): string {
	const name = path.split('.').at(-1);
	if (typeof member === 'function') {
		return `async ${name}(...values) {\nreturn await code().${path}.apply(this, values);\n}`;
	}
	const members = Object.entries(member).map(([key, value]) => {
		const delegate = delegateOf(`${path}.${key}`, value as Member);
		return typeof value === 'function' ? delegate : `${key}: ${delegate}`;
	});
	return `{\n${members.join(',\n')},\n}`;
}

/** The functions of the node's class. */
function functionsOf(node: object): string[] {
	const names = Object.getOwnPropertyNames(Object.getPrototypeOf(node));
	return names.filter((name) => name !== 'constructor');
}

/** JSON is JavaScript. */
function literalOf(value: object): string {
	return JSON.stringify(value, (_key, part: unknown) => {
		if (typeof part === 'function') throw new Error('A description cannot hold a function');
		return part;
	});
}
