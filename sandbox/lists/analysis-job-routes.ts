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
		const analyses = dataOf(state, callerOf(request)).analyses;
		response.json(analyses.filter((analysis) => matches(analysis, query)).map(writeAnalysis));
	});

	router.get('/cfa/analysis-jobs/:id', (request, response) => {
		const id = request.params.id.toLowerCase();
		const analysis = dataOf(state, callerOf(request)).analyses.find((job) => job.id === id);
		if (analysis === undefined) {
			throw new Problem(404, { detail: `There is no analysis with the identifier '${id}'.` });
		}
		response.json(writeAnalysis(analysis));
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

function writeAnalysis(analysis: AnalysisRecord): Record<string, unknown> {
	return {
		id: analysis.id,
		reference: analysis.reference,
		created: writeTime(analysis.created),
		finishedAt: analysis.finishedAt && writeTime(analysis.finishedAt),
		status: analysis.status,
		engine: analysis.engine,
		profile: analysis.profile,
		accountIds: analysis.accountIds,
	};
}
