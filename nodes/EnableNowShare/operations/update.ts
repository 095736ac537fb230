import { formatDate } from '../../shared/input/dates';
import { identifierKey } from '../../shared/input/identifiers';
import { updateShare } from '../../shared/api/shares';
import {
	expirationField,
	readExpiration,
	readShareId,
	shareField,
	toolDescriptionField,
} from './fields';
import type { Operation } from './operation';

export const update: Operation = {
	description: [
		toolDescriptionField(
			'update',
			'Changes when a share of bank data ends. Its ID is a UUID, the time ISO 8601 in UTC; a past time revokes the share.',
		),
		shareField('update'),
		expirationField(
			'update',
			'When the share ends; nothing else of a share can be changed. A time that is past revokes the share, which is the only way to end one early. A time with a zone or offset is converted to UTC; one without is UTC.',
			'This is UTC, not local time, and it is the same in each run. To revoke the share as soon as this node runs, use the expression {{ $now }}',
		),
	],

	changesShares: true,

	prepare(context, itemIndex) {
		const id = readShareId(context, itemIndex);
		const expiration = readExpiration(context, itemIndex);
		return async ({ api, changes }) => {
			const updated = await changes.run(
				identifierKey(id),
				async () => await updateShare(api, id, expiration),
			);
			return [updated ?? { id, expirationDateUtc: formatDate(expiration) }];
		};
	},
};
