/** Runs a real n8n, of any supported version, and does in it what a person would in the editor. */
export { cacheFolder } from './cache';
export {
	Credentials,
	type Credential,
	type CredentialTest,
	type NewCredential,
} from './credentials';
export { DataTable } from './data-tables';
export {
	executionError,
	Executions,
	outputItems,
	type Execution,
	type ExecutionSummary,
} from './executions';
export { isN8nInstalled, n8nInstall, type N8nInstall } from './install';
export { startN8n, type N8nCommand, type N8nOptions, type RunningN8n } from './n8n-process';
export { nodeRuntime, type NodeRuntime } from './node-runtime';
export { npm, NpmError } from './npm';
export { installTarball, packTarball } from './package-tarball';
export { freePort, isPortFree, LOOPBACK } from './ports';
export {
	killAllProcesses,
	startProcess,
	type ProcessOptions,
	type RunningProcess,
} from './process';
export type { ProcessLog } from './process-log';
export type { ReportProgress } from './progress';
export { RestError, RestSession } from './rest-session';
export { LOCAL_OWNER, signIn, type N8nClient, type Owner } from './sign-in';
export { querySqlite } from './sqlite';
export { UserFacingError } from './user-facing-error';
export { DEFAULT_N8N_VERSION, isExactVersion, N8N_VERSIONS } from './versions';
export { waitFor, type WaitOptions } from './wait';
export { waitForWebhook, webhookUrl } from './webhooks';
export { Workflows, type NewWorkflow, type Workflow } from './workflows';
