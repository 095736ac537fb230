import { SANDBOX_CUSTOMERS } from '../../../../sandbox';

/** The client secrets that the sandbox knows, by client ID. */
export const CUSTOMER_SECRETS: ReadonlyMap<string, string> = new Map(
	Object.values(SANDBOX_CUSTOMERS).map(({ clientId, clientSecret }) => [clientId, clientSecret]),
);
