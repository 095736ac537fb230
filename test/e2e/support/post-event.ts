import axios, { type AxiosResponse } from 'axios';
import type { EventRequest } from './answer-table';

/** Posts an event; every answer is handed back. */
export async function postEvent(
	url: string,
	{ body, query = '', headers = {}, contentType = 'application/json' }: EventRequest,
): Promise<AxiosResponse<unknown>> {
	return await axios.post(
		`${url}${query}`,
		typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
		{
			headers: { 'Content-Type': contentType === '' ? false : contentType, ...headers },
			proxy: false,
			timeout: 120_000,
			transformRequest: (data: unknown) => data,
			validateStatus: () => true,
		},
	);
}
