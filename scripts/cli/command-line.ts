import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UserFacingError } from '../n8n';

/**
 * Reads the options of a script.
 *
 * @param commandLine the arguments after the script's name
 * @param options as node:util takes them
 * @param help stands below the reason where something is not understood
 * @throws UserFacingError for what it does not understand
 */
export function parseCommandLine<const Options extends NonNullable<ParseArgsConfig['options']>>(
	commandLine: string[],
	options: Options,
	help: string,
): ReturnType<typeof parseArgs<{ args: string[]; options: Options }>>['values'] {
	try {
		return parseArgs({ args: commandLine, options }).values;
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new UserFacingError(`${reason}\n\n${help}`);
	}
}
