import { Router } from 'express';
import { callerOf, dataOf } from '../caller';
import type { AnalysisRecord } from '../data/records';
import { Problem } from '../problem-details';
import type { SandboxState } from '../state';
import { writeTime } from '../times';

/** Query of `GET /cfa/analysis-jobs`, validated according to the contract. */
interface AnalysisQuery {
	status?: string;
	engine?: string;
	/** The first day, as `YYYY-MM-DD` in UTC. */
	fromDate?: string;
	/** The last day, as `YYYY-MM-DD` in UTC. */
	toDate?: string;
	reference?: string;
}

/** The analyses of an app. */
export function createAnalysisJobRoutes(state: SandboxState): Router {
	const router = Router();

	router.get('/cfa/analysis-jobs', (request, response) => {
		const query = request.query as AnalysisQuery;
		const clientId = callerOf(request);
		const analyses = dataOf(state, clientId).analyses.filter((job) => matches(job, query));
		response.json(analyses.map((analysis) => writeAnalysis(analysis, clientId)));
	});

	router.get('/cfa/analysis-jobs/:id', (request, response) => {
		const id = request.params.id.toLowerCase();
		const analysis = dataOf(state, callerOf(request)).analyses.find((job) => job.id === id);
		if (analysis === undefined) {
			throw new Problem(404, { detail: `There is no analysis with the identifier '${id}'.` });
		}
		response.json(writeAnalysis(analysis, callerOf(request)));
	});

	return router;
}

function matches(analysis: AnalysisRecord, query: AnalysisQuery): boolean {
	const day = analysis.created.toISOString().slice(0, 10);
	return (
		(query.status === undefined || analysis.status === query.status) &&
		(query.engine === undefined || analysis.engine === query.engine) &&
		(query.fromDate === undefined || day >= query.fromDate) &&
		(query.toDate === undefined || day <= query.toDate) &&
		(query.reference === undefined || analysis.reference === query.reference)
	);
}

function writeAnalysis(analysis: AnalysisRecord, appId: string): Record<string, unknown> {
	return {
		id: analysis.id,
		reference: analysis.reference,
		finishedAt: analysis.finishedAt && writeTime(analysis.finishedAt),
		created: writeTime(analysis.created),
		accountIds: analysis.accountIds,
		appId,
		engine: analysis.engine,
		status: analysis.status,
		profile: analysis.profile,
		input: null,
		metadata: null,
		dateFrom: writeTime(analysis.dateFrom),
		dateTo: writeTime(analysis.dateTo),
		analysis: null,
	};
}
