/** The commands of `qmill` together. */
import { Command } from 'commander';
import { version } from '../version.js';
import type { Running } from './command.js';
import { addCommands, commandCalled } from './commands.js';
import { oneLine } from './terminal.js';
import { topicAsked, topicList } from './topics/topics.js';

/**
 * Runs a command line.
 * @param argv as Node has it: the interpreter, the program, its arguments
 * @returns the exit status
 */
export async function run(argv: readonly string[]): Promise<number> {
  const topic = topicAsked(argv.slice(2));
  if (topic !== null) {
    process.stdout.write(await topic.load());
    return 0;
  }
  const program = new Command('qmill')
    .description('Steady states, evolutions and sweeps of hybrid quantum rotor devices')
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', topicList())
    .configureOutput({ outputError: (text, write) => write(`${oneLine(text)}\n`) });
  let status = 0;
  const running: Running =
    (action) =>
    async (...args) => {
      status = await action(...args);
    };
  await addCommands(program, running, commandCalled(argv.slice(2)));
  await program.parseAsync(argv);
  return status;
}
