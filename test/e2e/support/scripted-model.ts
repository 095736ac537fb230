import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import type { NewCredential } from '../../../scripts/n8n/credentials';

/** A call of a tool, as a model asks for it. */
export interface ToolCall {
	tool: string;
	input: Record<string, unknown>;
}

/** What a model answers: calls of tools, or the text that ends its work. */
export type ModelTurn = ToolCall[] | string;

/** A tool as a model is told of it. */
export interface ToldTool {
	name: string;
	description: string;
	/** JSON Schema of its input. */
	parameters: { properties: Record<string, Record<string, unknown>>; required?: string[] };
}

/** What a model is sent, of OpenAI's chat completions. */
interface ModelRequest {
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: ToldTool }>;
}

/**
 * Stands in for a language model, and speaks OpenAI's chat completions: it answers as a test has
 * written down, and keeps what it was sent.
 */
export class ScriptedModel {
	/** Bodies of all requests, oldest first. */
	readonly requests: ModelRequest[] = [];
	private turns: ModelTurn[] = [];

	private constructor(private readonly server: Server) {}

	/** Starts one on a free port of 127.0.0.1. */
	static async start(): Promise<ScriptedModel> {
		const application = express();
		const server = await new Promise<Server>((resolve) => {
			const listening = application.listen(0, '127.0.0.1', () => resolve(listening));
		});
		const model = new ScriptedModel(server);
		application.use(express.json({ limit: '10mb' }));
		application.post('/v1/chat/completions', (request, response) =>
			model.answer(request, response),
		);
		return model;
	}

	/** An OpenAI credential that leads here. */
	get credential(): NewCredential {
		const { port } = this.server.address() as AddressInfo;
		const url = `http://127.0.0.1:${port}/v1`;
		return {
			name: 'Scripted model',
			type: 'openAiApi',
			data: { apiKey: 'of-no-use', url, header: false },
		};
	}

	/** Forgets what it was sent, and takes the next turns. */
	play(...turns: ModelTurn[]): void {
		this.requests.length = 0;
		this.turns = turns;
	}

	/** How many turns it was not asked for. */
	get turnsLeft(): number {
		return this.turns.length;
	}

	/** The tools that it was told of. */
	get tools(): ToldTool[] {
		return (this.requests[0]?.tools ?? []).map((tool) => tool.function);
	}

	/** The answers to all its calls of tools, oldest first, as texts. */
	get toolAnswers(): string[] {
		const messages = this.requests.at(-1)?.messages ?? [];
		return messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private answer(request: Request, response: Response): void {
		this.requests.push(request.body as ModelRequest);
		const turn = this.turns.shift();
		if (turn === undefined) {
			response
				.status(400)
				.json({ error: { message: 'The script of the model has no more turns' } });
			return;
		}
		response.json({
			id: `completion-${this.requests.length}`,
			object: 'chat.completion',
			created: 0,
			model: 'scripted',
			choices: [{ index: 0, ...choiceOf(turn, this.requests.length) }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		});
	}
}

function choiceOf(turn: ModelTurn, turnNumber: number): object {
	if (typeof turn === 'string') {
		return { finish_reason: 'stop', message: { role: 'assistant', content: turn } };
	}
	const calls = turn.map(({ tool, input }, index) => ({
		id: `call_${turnNumber}_${index}`,
		type: 'function',
		function: { name: tool, arguments: JSON.stringify(input) },
	}));
	return {
		finish_reason: 'tool_calls',
		message: { role: 'assistant', content: null, tool_calls: calls },
	};
}
