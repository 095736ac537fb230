import axios, { type AxiosInstance } from 'axios';
import type { Fault } from './faults/fault';
import type { IssuedToken } from './oauth/token-store';
import type { SandboxSettings } from './options';
import type { ShareBatch } from './sharing/share-batch';
import type { Share } from './sharing/share-model';
import type { Counters } from './traffic/counters';
import type { RequestEntry, RequestFilter } from './traffic/request-log';
import type { Delivery } from './webhooks/deliveries';
import type { Webhook } from './webhooks/webhook';

/** A share with what the API does not tell. */
export interface AdminShare extends Share {
	/** The app that made it. */
	sharerClientId: string;
	/** ISO 8601 in UTC. */
	createdAt: string;
}

/** An access token that the sandbox issued; times are ISO 8601 in UTC. */
export interface AdminToken extends Omit<IssuedToken, 'issuedAt' | 'expiresAt'> {
	issuedAt: string;
	expiresAt: string;
}

/** An event to send to any address. */
export interface AdminEvent {
	url: string;
	event?: string;
	data?: unknown;
}

/**
 * The admin API of a sandbox, in this process or another one. Each method throws an Error with
 * the sandbox's explanation for a call that it does not understand.
 */
export class SandboxAdmin {
	private readonly client: AxiosInstance;

	/** @param url - The sandbox's URL, such as `http://127.0.0.1:4010` */
	constructor(url: string) {
		this.client = axios.create({ baseURL: `${url}/admin`, proxy: false });
		this.client.interceptors.response.use(undefined, (error: unknown) => {
			if (!axios.isAxiosError<{ error?: string }>(error)) throw error;
			throw new Error(error.response?.data.error ?? error.message);
		});
	}

	/** Goes back to the start: data, tokens, webhooks, settings, faults, logs and counters. */
	async reset(): Promise<void> {
		await this.client.post('/reset');
	}

	/** The present settings. */
	async settings(): Promise<SandboxSettings> {
		return (await this.client.get<SandboxSettings>('/settings')).data;
	}

	/** Changes settings; those that are not given stay as they are. */
	async configure(changes: Partial<SandboxSettings>): Promise<SandboxSettings> {
		return (await this.client.patch<SandboxSettings>('/settings', changes)).data;
	}

	/** The latest requests, at most 20,000, oldest first. */
	async requests(filter: RequestFilter = {}): Promise<RequestEntry[]> {
		return (await this.client.get<RequestEntry[]>('/requests', { params: filter })).data;
	}

	/** How often things happened since the last reset. */
	async counters(): Promise<Counters> {
		return (await this.client.get<Counters>('/counters')).data;
	}

	/** Puts a fault at the end of the queue. */
	async addFault(fault: Fault): Promise<void> {
		await this.addFaults([fault]);
	}

	/**
	 * Puts faults at the end of the queue, all of them or none. At most one strikes a request: the
	 * first one that is meant for it and certain to strike, else one of those with a rate.
	 */
	async addFaults(faults: readonly Fault[]): Promise<void> {
		await this.client.post('/faults', faults);
	}

	/** The faults that may strike yet; `times` and `nth` tell what is left of them. */
	async faults(): Promise<Fault[]> {
		return (await this.client.get<Fault[]>('/faults')).data;
	}

	/** Forgets the faults that have not struck yet; those with a rate would begin anew. */
	async clearFaults(): Promise<void> {
		await this.client.delete('/faults');
	}

	/** The access tokens that were issued, oldest first. */
	async tokens(): Promise<AdminToken[]> {
		return (await this.client.get<AdminToken[]>('/tokens')).data;
	}

	/** Makes the access tokens of an app, or of all apps, invalid. */
	async revokeTokens(clientId?: string): Promise<void> {
		await this.client.delete('/tokens', { params: { clientId } });
	}

	/** The registered webhooks by client ID. */
	async webhooks(): Promise<Record<string, Webhook[]>> {
		return (await this.client.get<Record<string, Webhook[]>>('/webhooks')).data;
	}

	/** Replaces the webhooks of an app. */
	async registerWebhooks(clientId: string, webhooks: Webhook[]): Promise<void> {
		await this.client.put(`/webhooks/${encodeURIComponent(clientId)}`, webhooks);
	}

	/** The events that were sent, and what became of them; at most 20,000, oldest first. */
	async deliveries(): Promise<Delivery[]> {
		return (await this.client.get<Delivery[]>('/deliveries')).data;
	}

	/** Sends any event to any address, and waits for what becomes of it. */
	async sendEvent(event: AdminEvent): Promise<Delivery> {
		return (await this.client.post<Delivery>('/events', event)).data;
	}

	/** Waits until no event is under way, and no commit is still to come late. */
	async idle(): Promise<void> {
		await this.client.get('/idle');
	}

	/** All shares of all apps, oldest first. */
	async shares(): Promise<AdminShare[]> {
		return (await this.client.get<AdminShare[]>('/shares')).data;
	}

	/** Puts shares in, without a call for each and without events. */
	async addShares(batch: ShareBatch): Promise<Share[]> {
		return (await this.client.post<Share[]>('/shares', batch)).data;
	}
}
