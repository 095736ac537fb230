import type { IDataObject } from 'n8n-workflow';

import type { EnableNowClient } from '../../shared/api/client';
import { createShare, type NewShare } from '../../shared/api/shares';
import { InputError } from '../../shared/errors/inputError';
import { parseRequiredText, parseText } from '../../shared/input/text';
import { ambiguousCreateError, isAmbiguousCreate } from './ambiguousCreate';
import type { ItemServices, Operation } from './index';
import { readShareInput, type ShareInput } from './parameters';

export const create: Operation = (context, itemIndex, { preventDuplicates }) => {
	const fields = context.getNodeParameter('additionalFields', itemIndex, {});
	const reference = parseText(fields['reference'], 'Reference');
	if (preventDuplicates) assertReference(reference);
	const input = readShareInput(context, itemIndex, reference);
	return async (services) => {
		const share = toNewShare(input, services);
		return preventDuplicates
			? [await services.uniqueShares.create(share, 'return')]
			: [await createOnce(services.client, share)];
	};
};

/** Changes the end of the active share with the item's reference and receiver, or creates one. */
export const upsert: Operation = (context, itemIndex) => {
	const reference = parseRequiredText(
		context.getNodeParameter('reference', itemIndex),
		'Reference',
		'Enter a value of its own for each share, such as the ID of your own record.',
	);
	const input = readShareInput(context, itemIndex, reference);
	return async (services) => [
		await services.uniqueShares.create(toNewShare(input, services), 'update'),
	];
};

async function createOnce(client: EnableNowClient, share: NewShare): Promise<IDataObject> {
	return await createShare(client, share).catch((error: unknown) => {
		throw isAmbiguousCreate(error) ? ambiguousCreateError(error, share) : error;
	});
}

function assertReference(reference: string): void {
	if (reference !== '') return;
	throw new InputError(
		`'Reference' is empty, but 'Prevent Duplicates' needs it to recognize a share`,
		`Give 'Reference' a value of its own for each share, such as the ID of your own record.`,
		`It is under 'Additional Fields'. Or remove 'Prevent Duplicates'.`,
	);
}

/** The share to send now, with a hint in the output if an app shares with itself: EnableNow lets it. */
function toNewShare(input: ShareInput, { client, hints }: ItemServices): NewShare {
	const { clientId } = input;
	if (clientId === client.credential.clientId) {
		hints.add(
			`'Share With (Client ID)' is ${clientId}, the client ID of your own credential. To share with another customer, enter the client ID of its app, or choose the credential of the app that shares.`,
		);
	}
	return { ...input, expiration: input.expiration(new Date()) };
}
