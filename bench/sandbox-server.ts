/**
 * A silent EnableNow sandbox, without shares at the start: `sandbox-server.ts <port>`. Started by
 * sandbox-process.ts, and ends with the process that started it.
 */
import { startSandbox } from '../sandbox';

void startSandbox({ port: Number(process.argv[2]), seedShares: false });
