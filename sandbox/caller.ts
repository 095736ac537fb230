import type { Request } from 'express';
import type { CustomerData } from './data/records';
import type { SandboxState } from './state';

/** The app of each request whose token has been checked. */
const callers = new WeakMap<object, string>();

/** Notes the app that a request's token belongs to. */
export function setCaller(request: Request, clientId: string): void {
	callers.set(request, clientId);
}

/** The app that a request's token belongs to. */
export function callerOf(request: object): string {
	const clientId = callers.get(request);
	if (clientId === undefined) throw new Error('The request has not been authenticated');
	return clientId;
}

/** What an app has of its own. */
export function dataOf(state: SandboxState, clientId: string): CustomerData {
	const data = state.customerData.get(clientId);
	if (data === undefined) throw new Error(`There is no app ${clientId}`);
	return data;
}
