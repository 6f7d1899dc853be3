#!/usr/bin/env node
/** `qmill`: the command line. Results go to stdout, diagnostics to stderr. */
import { Command, CommanderError } from 'commander';
import { version } from '../version.js';
import { BAD_INPUT, type Running } from './command.js';
import { addCommands, commandCalled } from './commands.js';
import { statusOf } from './failure.js';

const program = new Command('qmill')
  .description('Steady states, evolutions and sweeps of hybrid quantum rotor devices')
  .version(version)
  .exitOverride()
  .showSuggestionAfterError()
  .configureOutput({ outputError: (text, write) => write(`${text.trim().replace(/\n/g, ' ')}\n`) });

let status = 0;
const running: Running =
  (run) =>
  async (...args) => {
    status = await run(...args);
  };

async function main(): Promise<number> {
  try {
    await addCommands(program, running, commandCalled(process.argv.slice(2)));
    await program.parseAsync();
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
    const known = statusOf(error);
    if (known === null) throw error;
    process.stderr.write(`error: ${(error as Error).message}\n`);
    return known;
  }
}

// Dawn keeps the event loop alive, so the end is explicit; streams are flushed first.
const code = await main();
await new Promise((flushed) => process.stdout.write('', flushed));
process.exit(code);
