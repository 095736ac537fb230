import axios from 'axios';
import { SANDBOX_CUSTOMERS } from '../../../sandbox';

/**
 * Changes when a share ends, as the customer does who made it. A webhook that is registered in the
 * sandbox is told of it; others are not.
 *
 * @param expirationDateUtc ISO 8601
 */
export async function changeEnd(
	sandboxUrl: string,
	shareId: string,
	expirationDateUtc: string,
): Promise<void> {
	const { clientId, clientSecret } = SANDBOX_CUSTOMERS.sharer;
	const client = axios.create({ baseURL: sandboxUrl, proxy: false });
	const { data } = await client.post<{ access_token: string }>(
		'/cfa/connect/token',
		new URLSearchParams({
			grant_type: 'client_credentials',
			scope: 'customer-api',
			client_id: clientId,
			client_secret: clientSecret,
		}),
	);
	await client.put(
		`/shares/${shareId}`,
		{ expirationDateUtc },
		{ headers: { Authorization: `Bearer ${data.access_token}` } },
	);
}
