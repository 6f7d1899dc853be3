/** The commands of `qmill` together. */
import { Command } from 'commander';
import { version } from '../version.js';
import type { Running } from './command.js';
import { addCommands, commandCalled } from './commands.js';
import { oneLine } from './terminal.js';
import { topicAsked, topicList, topics } from './topics/topics.js';

/** @throws {ParameterError} where help is asked about what there is not */
async function checkHelp(asked: string, { commands }: Command): Promise<void> {
  const known = [...commands.map((command) => command.name()), 'help', ...Object.keys(topics)];
  if (known.includes(asked)) return;
  const { suggestion } = await import('../machine/description/error.js');
  const { ParameterError } = await import('../model/parameters.js');
  throw new ParameterError('help', asked, `about a command or a topic${suggestion(asked, known)}`);
}

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
  const called = commandCalled(argv.slice(2));
  await addCommands(program, running, called);
  if (argv[2] === 'help' && called !== undefined) await checkHelp(called, program);
  await program.parseAsync(argv);
  return status;
}
