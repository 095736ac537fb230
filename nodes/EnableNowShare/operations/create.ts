import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { EnableNowClient } from '../../shared/api/client';
import { createShare, type NewShare } from '../../shared/api/shares';
import { InputError } from '../../shared/errors/inputError';
import { formatDate } from '../../shared/input/dates';
import { parseIdentifiers } from '../../shared/input/identifiers';
import { parseRequiredText, parseText } from '../../shared/input/text';
import { FIELD_NAMES } from '../description';
import { ambiguousCreateError, isAmbiguousCreate } from './ambiguousCreate';
import type { Operation } from './operation';
import { readExpiration } from './parameters';

export const create: Operation = {
	changesShares: true,

	readItem(context, itemIndex, { preventDuplicates }) {
		const share = readNewShare(context, itemIndex);
		if (preventDuplicates) assertReference(share);
		return async ({ client, uniqueShares, hints }) => {
			if (share.clientId === client.credential.clientId) hints.add(formatOwnClientHint(share));
			if (!preventDuplicates) return [await createOnce(client, share)];
			const { share: created, alreadyExisted } = await uniqueShares.create(share);
			return [{ ...created, alreadyExisted }];
		};
	},
};

async function createOnce(client: EnableNowClient, share: NewShare): Promise<IDataObject> {
	return await createShare(client, share).catch((error: unknown) => {
		throw isAmbiguousCreate(error) ? ambiguousCreateError(error, share) : error;
	});
}

function readNewShare(context: IExecuteFunctions, itemIndex: number): NewShare {
	const read = (name: string) => context.getNodeParameter(name, itemIndex);
	const readIdentifiers = (name: 'consentIds' | 'accountIds' | 'analysisIds') =>
		parseIdentifiers(read(name), FIELD_NAMES[name]);
	const additionalFields = read('additionalFields') as IDataObject;
	const share: NewShare = {
		clientId: parseRequiredText(
			read('clientId'),
			FIELD_NAMES.clientId,
			'Enter the client ID of the EnableNow app to share with, such as en-app-ref-002.',
		),
		reference: parseText(additionalFields['reference'], FIELD_NAMES.reference),
		expiration: readExpiration(context, itemIndex),
		consentIds: readIdentifiers('consentIds'),
		accountIds: readIdentifiers('accountIds'),
		analysisIds: readIdentifiers('analysisIds'),
	};
	assertFuture(share);
	assertContents(share);
	return share;
}

function assertFuture({ expiration }: NewShare): void {
	if (expiration.getTime() > Date.now()) return;
	throw new InputError(
		`'${FIELD_NAMES.expirationDateUtc}' is ${formatDate(expiration)}, which is already past`,
		'Choose a time in the future. A time without zone or offset is read as UTC.',
	);
}

function assertContents({ consentIds, accountIds, analysisIds }: NewShare): void {
	if (consentIds.length + accountIds.length + analysisIds.length > 0) return;
	throw new InputError(
		'There is nothing to share: no consent, account or analysis is given',
		`Give at least one identifier in '${FIELD_NAMES.consentIds}', '${FIELD_NAMES.accountIds}' or '${FIELD_NAMES.analysisIds}'. If they come from an expression, check that it gives a value for this item.`,
	);
}

function assertReference({ reference }: NewShare): void {
	if (reference !== '') return;
	throw new InputError(
		`'${FIELD_NAMES.reference}' is empty, but 'Prevent Duplicates' needs it to recognise a share`,
		`Add '${FIELD_NAMES.reference}' under 'Additional Fields' with a value of its own for each share, such as the ID of your own record, or switch 'Prevent Duplicates' off.`,
	);
}

function formatOwnClientHint({ clientId }: NewShare): string {
	return `'${FIELD_NAMES.clientId}' is ${clientId}, the client ID of your own credential. To share with another customer, enter the client ID of its app, or choose the credential of the app that shares.`;
}
