import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { formatDate } from '../../shared/input/dates';
import { parseIdentifiers } from '../../shared/input/identifiers';
import { InputError } from '../../shared/errors/inputError';
import { createShare, type NewShare } from '../../shared/api/shares';
import type { EnableNowClient } from '../../shared/api/client';
import { isUnsettled, unsettledCreate } from './unsettledCreate';
import { parseRequiredText, parseText } from '../../shared/input/text';
import { expirationField, FIELD_NAMES, readExpiration, toolDescriptionField } from './fields';
import type { Operation } from './operation';

const show = { operation: ['create'] };

/** A list of identifiers of one kind: one picked from a list, or any number of them by ID. */
function identifiersField(
	name: 'consentIds' | 'accountIds' | 'analysisIds',
	one: string,
	searchListMethod: string,
): INodeProperties {
	return {
		displayName: FIELD_NAMES[name],
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		displayOptions: { show },
		description: `What to share: pick one ${one} from the list, or give any number by ID. ${FIELD_NAMES.consentIds}, ${FIELD_NAMES.accountIds} and ${FIELD_NAMES.analysisIds} combine; at least one of them is needed.`,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Choose one ${one}…`,
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. af86536d-34e3-4ebc-6c64-08db56ccef25',
				hint: 'One ID, several separated by commas, a JSON array, or drag an array here from the input',
			},
		],
	};
}

export const create: Operation = {
	description: [
		toolDescriptionField(
			'create',
			'Shares bank data (consents, accounts, analyses) with another EnableNow customer until a time. IDs are UUIDs: one, several separated by commas, or a JSON array. Times are ISO 8601 in UTC.',
		),
		{
			displayName: FIELD_NAMES.clientId,
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. en-app-ref-002',
			displayOptions: { show },
			description:
				'Client ID of the EnableNow app that receives the share. The other customer finds it in its Customer Portal; it is not the client ID of your own app.',
		},
		expirationField(
			'create',
			'When the share ends. A time with a zone or offset is converted to UTC; one without is UTC. It must lie in the future.',
			'This is UTC, not local time, and it is the same in each run. For 30 days from each run, use the expression {{ $now.plus({ days: 30 }) }}',
		),
		identifiersField('consentIds', 'consent', 'searchConsents'),
		identifiersField('accountIds', 'account', 'searchAccounts'),
		identifiersField('analysisIds', 'analysis', 'searchAnalyses'),
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: { show },
			options: [
				{
					displayName: FIELD_NAMES.reference,
					name: 'reference',
					type: 'string',
					default: '',
					placeholder: 'e.g. my-internal-reference-001',
					description:
						'Your own reference for this share. Both customers see it, so leave personal data out.',
				},
			],
		},
	],

	changesShares: true,

	prepare(context, itemIndex, { preventDuplicates }) {
		const share = readNewShare(context, itemIndex);
		if (preventDuplicates) assertReference(share);
		return async ({ api, uniqueShares, hint }) => {
			if (share.clientId === api.credential.clientId) hint(ownClientHint(share.clientId));
			if (!preventDuplicates) return [await createOnce(api, share)];
			const { share: created, alreadyExisted } = await uniqueShares.create(share);
			return [{ ...created, alreadyExisted }];
		};
	},
};

/** Creates a share with one attempt, and tells all that is known where its answer is lost. */
async function createOnce(api: EnableNowClient, share: NewShare): Promise<IDataObject> {
	return await createShare(api, share).catch((error: unknown) => {
		throw isUnsettled(error) ? unsettledCreate(error, share) : error;
	});
}

function assertReference({ reference }: NewShare): void {
	if (reference !== '') return;
	throw new InputError(
		`'${FIELD_NAMES.reference}' is empty, but 'Prevent Duplicates' needs it to recognise a share`,
		`Add '${FIELD_NAMES.reference}' under 'Additional Fields' with a value of its own for each share, such as the ID of your own record, or switch 'Prevent Duplicates' off.`,
	);
}

/** Reads and checks all that an item says of the share to be made. */
function readNewShare(context: IExecuteFunctions, itemIndex: number): NewShare {
	const parameter = (name: string) => context.getNodeParameter(name, itemIndex);
	const identifiers = (name: 'consentIds' | 'accountIds' | 'analysisIds') =>
		parseIdentifiers(parameter(name), FIELD_NAMES[name]);
	const additionalFields = parameter('additionalFields') as IDataObject;
	const share: NewShare = {
		clientId: parseRequiredText(
			parameter('clientId'),
			FIELD_NAMES.clientId,
			'Enter the client ID of the EnableNow app to share with, such as en-app-ref-002.',
		),
		reference: parseText(additionalFields['reference'], FIELD_NAMES.reference),
		expiration: readExpiration(context, itemIndex),
		consentIds: identifiers('consentIds'),
		accountIds: identifiers('accountIds'),
		analysisIds: identifiers('analysisIds'),
	};
	if (share.expiration.getTime() <= Date.now()) {
		throw new InputError(
			`'${FIELD_NAMES.expirationDateUtc}' is ${formatDate(share.expiration)}, which is already past`,
			'Choose a time in the future. A time without zone or offset is read as UTC.',
		);
	}
	if (share.consentIds.length + share.accountIds.length + share.analysisIds.length === 0) {
		throw new InputError(
			'There is nothing to share: no consent, account or analysis is given',
			`Give at least one identifier in '${FIELD_NAMES.consentIds}', '${FIELD_NAMES.accountIds}' or '${FIELD_NAMES.analysisIds}'. If they come from an expression, check that it gives a value for this item.`,
		);
	}
	return share;
}

function ownClientHint(clientId: string): string {
	return `'${FIELD_NAMES.clientId}' is ${clientId}, the client ID of your own credential. To share with another customer, enter the client ID of its app, or choose the credential of the app that shares.`;
}
