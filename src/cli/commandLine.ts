/** The command line as a process. Results go to stdout, diagnostics to stderr. */
import { STORE_FAILED } from './command.js';
import { endingOf } from './ending.js';
import { flushed, watchStreams } from './streams.js';

/** Says on stderr why a command could not do its work. @returns the exit status */
function ended(error: unknown): number {
  const { status, line } = endingOf(error);
  if (line !== null) process.stderr.write(`${line}\n`);
  return status;
}

async function answer(): Promise<number> {
  try {
    // Loaded here, so that what goes wrong with that is told like anything else.
    const { run } = await import('./program.js');
    return await run(process.argv);
  } catch (error) {
    return ended(error);
  }
}

async function main(): Promise<never> {
  const status = await answer();
  // Dawn keeps the event loop alive, so the end is explicit; streams are flushed first.
  const unwritten = await flushed();
  if (unwritten !== null) process.stderr.write(`error: ${unwritten}\n`);
  process.exit(unwritten === null ? status : STORE_FAILED);
}

watchStreams();
// What is thrown beside the command itself: by a thread, or by an event.
process.on('uncaughtException', (error) => process.exit(ended(error)));
void main();
