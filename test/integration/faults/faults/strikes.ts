import type { Fault as SandboxFault, FaultKindName, FaultOf } from '../../../../sandbox';
import type { Bench } from '../bench';
import type { Duration, Fault, StruckRequests } from '../fault';

/** A fault of the sandbox, without the requests that it is meant for. */
export type SandboxStrike = {
	[Kind in FaultKindName]: Omit<FaultOf<Kind>, 'match' | 'nth' | 'rate' | 'times'>;
}[FaultKindName];

/** More requests than any cell makes. */
const ALWAYS = 1000;

/** Brings a fault about in the sandbox; one that depends on the cell is given as a function. */
export function inSandbox(
	strike: SandboxStrike | ((bench: Bench) => SandboxStrike),
): Pick<Fault, 'durations' | 'strike'> {
	return {
		durations: ['lasting', 'once'],
		async strike(bench, struck, duration) {
			const fault = typeof strike === 'function' ? strike(bench) : strike;
			const faults = struck.map((requests): SandboxFault => ({
				...fault,
				...requests,
				...timesOf(requests, duration),
			}));
			await bench.sandbox.admin.addFaults(faults);
		},
	};
}

/** Has the credential name an address at which there is no EnableNow. */
export function atAddress(
	addressOf: (bench: Bench) => string,
): Pick<Fault, 'durations' | 'strike'> {
	return {
		durations: ['lasting'],
		async strike(bench) {
			await bench.saveCredential(addressOf(bench));
		},
	};
}

/** A fault that is meant for requests by their number strikes as often as there are numbers. */
function timesOf({ nth }: StruckRequests, duration: Duration): { times?: number } {
	if (nth !== undefined) return {};
	return { times: duration === 'lasting' ? ALWAYS : 1 };
}
