/** `qmill completion`: what a shell asks to complete commands, options and files. */
import type { Command } from 'commander';
import { ParameterError } from '../model/parameters.js';
import type { AddCommand } from './command.js';

interface Completed {
  readonly name: string;
  readonly description: string;
  /** With their dashes; those that take no value come without one. */
  readonly options: readonly { readonly flag: string; readonly description: string }[];
}

const visible = (command: Command) =>
  command.options
    .filter(({ hidden, long }) => !hidden && long !== undefined)
    .map(({ long, description }) => ({ flag: String(long), description }));

/** Every command with its options. */
const completed = (program: Command): readonly Completed[] =>
  program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: [...visible(command), { flag: '--help', description: 'help about the command' }],
  }));

/** Text between single quotes of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function bash(commands: readonly Completed[]): string {
  const cases = commands.map(
    ({ name, options }) =>
      `    ${name}) words=${quoted(options.map(({ flag }) => flag).join(' '))} ;;`,
  );
  return `_qmill() {
  local word=\${COMP_WORDS[COMP_CWORD]} words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(commands.map(({ name }) => name).join(' '))} -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _qmill qmill
`;
}

/** Colons and brackets mean something in descriptions of zsh. */
const zshText = (text: string): string => text.replaceAll(/[[\]:]/g, '\\$&');

function zsh(commands: readonly Completed[]): string {
  const listed = commands.map(
    ({ name, description }) => `    ${quoted(`${name}:${zshText(description)}`)}`,
  );
  const cases = commands.map(
    ({ name, options }) =>
      `    ${name}) _arguments ${options
        .map(({ flag, description }) => quoted(`${flag}[${zshText(description)}]`))
        .join(' ')} '*:file:_files' ;;`,
  );
  return `#compdef qmill
_qmill() {
  local -a commands=(
${listed.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local name=$words[2]
  words=($words[2,-1]); (( CURRENT-- ))
  case $name in
${cases.join('\n')}
  esac
}
compdef _qmill qmill
`;
}

function fish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, description, options }) => [
    `complete -c qmill -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    ...options.map(
      ({ flag, description: what }) =>
        `complete -c qmill -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -l ${flag.slice(2)} -d ${quoted(what)}`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

const shells: Readonly<Record<string, (commands: readonly Completed[]) => string>> = {
  bash,
  zsh,
  fish,
};
const SHELLS = Object.keys(shells).join(', ');

async function runCompletion(shell: string, all: () => Promise<Command>): Promise<number> {
  if (!Object.hasOwn(shells, shell)) throw new ParameterError('shell', shell, `one of ${SHELLS}`);
  process.stdout.write(shells[shell](completed(await all())));
  return 0;
}

export const addCompletion: AddCommand = (command, running, all) => {
  command
    .argument('<shell>', `one of ${SHELLS}`)
    .addHelpText(
      'after',
      `
Examples:
  source <(qmill completion bash)                  in ~/.bashrc
  source <(qmill completion zsh)                   in ~/.zshrc, after compinit
  qmill completion fish | source                   in config.fish`,
    )
    .action(running((shell: string) => runCompletion(shell, all)));
};
