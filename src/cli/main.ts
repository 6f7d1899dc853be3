#!/usr/bin/env node
/** `qmill`: the command line. Results go to stdout, diagnostics to stderr. */
import * as loading from 'node:module';
import { STORE_FAILED } from './command.js';
import { endingOf } from './ending.js';
import { flushed, watchStreams } from './streams.js';

/** Says on stderr why a command could not do its work. @returns the exit status */
function ended(error: unknown): number {
  const { status, line } = endingOf(error);
  if (line !== null) process.stderr.write(`${line}\n`);
  return status;
}

watchStreams();
// From Node 22.1 on code is kept compiled between runs, in the folder for temporary files.
const { enableCompileCache } = loading as { readonly enableCompileCache?: () => void };
enableCompileCache?.();
// What is thrown beside the command itself: by a thread, or by an event.
process.on('uncaughtException', (error) => process.exit(ended(error)));

let status: number;
try {
  // Loaded here, so that what goes wrong with that is told like anything else.
  const { run } = await import('./program.js');
  status = await run(process.argv);
} catch (error) {
  status = ended(error);
}
// Dawn keeps the event loop alive, so the end is explicit; streams are flushed first.
const unwritten = await flushed();
if (unwritten !== null) process.stderr.write(`error: ${unwritten}\n`);
process.exit(unwritten === null ? status : STORE_FAILED);
