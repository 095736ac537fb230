/** An EnableNow customer's app, with the credentials that it fetches tokens with. */
export interface SandboxCustomer {
	readonly clientId: string;
	readonly clientSecret: string;
}

/**
 * The two apps that the sandbox knows. Each can share with the other; they are named after what
 * they do in the documented examples, where `en-app-ref-002` is the app that is shared with.
 */
export const SANDBOX_CUSTOMERS = {
	sharer: { clientId: 'en-app-ref-001', clientSecret: 'sandbox-secret-001' },
	receiver: { clientId: 'en-app-ref-002', clientSecret: 'sandbox-secret-002' },
} as const satisfies Record<string, SandboxCustomer>;

/** Both apps, for look-ups. */
export const CUSTOMER_LIST: readonly SandboxCustomer[] = Object.values(SANDBOX_CUSTOMERS);

/**
 * The identifiers of EnableNow's documented examples (DataBridge, "Creating shares"), by kind. All
 * of them belong to `en-app-ref-001`, so that the documented requests work as they are.
 */
export const SANDBOX_EXAMPLES = {
	consentIds: ['af86536d-34e3-4ebc-6c64-08db56ccef25', 'af86536d-34e3-4ebc-6c64-08db56ccef42'],
	accountIds: ['af86536d-34e3-4ebc-6c64-08db56ccef25', 'af86536d-34e3-4ebc-6c64-08db56ccef45'],
	analysisIds: ['af86536d-34e3-4ebc-6c64-08db56ccef25', 'af86536d-34e3-4ebc-6c64-08db56ccef74'],
} as const;
