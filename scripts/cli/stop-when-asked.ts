/** How often to look whether the parent process is still there, in milliseconds. */
const PARENT_INTERVAL = 1000;

/**
 * Has a script told when it shall end: by Ctrl-C, by a signal, or since npm, which runs it, has gone.
 *
 * @param stop - may be called again for each further signal
 */
export function stopWhenAsked(stop: () => void): void {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

	// npm hands a SIGTERM on to the shell that it runs the script in, and the shell ends without a
	// word to this process.
	const shell = process.ppid;
	const watch = setInterval(() => {
		if (process.ppid === shell) return;
		clearInterval(watch);
		stop();
	}, PARENT_INTERVAL);
	watch.unref();
}
