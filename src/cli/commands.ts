/** Every command by name, in the order of the help text; its code is loaded only where it is called. */
import { Command } from 'commander';
import type { AddCommand, Running } from './command.js';

interface Listed {
  readonly description: string;
  /** Loads the command's file: its options, help and action. */
  readonly load: () => Promise<AddCommand>;
}

const commands: Readonly<Record<string, Listed>> = {
  steady: {
    description: 'steady state: heat, work, power, ergotropy, operation',
    load: async () => (await import('./steady.js')).addSteady,
  },
  fluctuations: {
    description: 'noise of the steady state: currents, covariances, cumulants, entropy production',
    load: async () => (await import('./fluctuations.js')).addFluctuations,
  },
  sensitivity: {
    description: 'derivatives of the steady state by every parameter, elasticities, errors',
    load: async () => (await import('./sensitivity.js')).addSensitivity,
  },
  modes: {
    description: 'the slowest modes: decay rates, frequencies, what they are, where they coalesce',
    load: async () => (await import('./modes.js')).addModes,
  },
  correlate: {
    description: 'two-time correlations of any two operators, and their spectra',
    load: async () => (await import('./correlate.js')).addCorrelate,
  },
  evolve: {
    description: 'evolution in time: heat, work, power, populations at the times asked for',
    load: async () => (await import('./evolve.js')).addEvolve,
  },
  collide: {
    description: 'exact collisions with thermal oscillators: heat and work of each',
    load: async () => (await import('./collide.js')).addCollide,
  },
  trajectories: {
    description: 'a device in time by quantum trajectories: means and their standard errors',
    load: async () => (await import('./trajectories.js')).addTrajectories,
  },
  machines: {
    description: 'the gallery of machines for --machine, and their files',
    load: async () => (await import('./machines.js')).addMachines,
  },
  levels: {
    description: 'the energies of a machine, without its baths',
    load: async () => (await import('./levels.js')).addLevels,
  },
  sweep: {
    description: 'steady states over a grid of parameters; the same command resumes it',
    load: async () => (await import('./sweep.js')).addSweep,
  },
  slurm: {
    description: 'submits a sweep as a Slurm job array, one shard a task',
    load: async () => (await import('./slurm.js')).addSlurm,
  },
  export: {
    description: "a sweep's results as netCDF-4 or CSV",
    load: async () => (await import('./export.js')).addExport,
  },
  plot: {
    description:
      'results of a sweep or a run as a figure: lines, operations over two axes, populations',
    load: async () => (await import('./plot.js')).addPlot,
  },
  rectify: {
    description: 'rectification of heat and angular momentum, and the devices that rectify best',
    load: async () => (await import('./rectify.js')).addRectify,
  },
  optimise: {
    description: 'the best device for any objective, under constraints, with its certificate',
    load: async () => (await import('./optimise.js')).addOptimise,
  },
  figure: {
    description: "the paper's figures as SVG, PNG and CSV, and the table of its claims",
    load: async () => (await import('./figure.js')).addFigure,
  },
  bench: {
    description: 'performance studies: time, accuracy and share of the machine, against peers',
    load: async () => (await import('./bench.js')).addBench,
  },
  adapters: {
    description:
      'GPU adapters that WebGPU finds, their limits, and whether float64 answers are possible',
    load: async () => (await import('./adapters.js')).addAdapters,
  },
  schema: {
    description: 'what commands print with --json, as JSON Schemas',
    load: async () => (await import('./schema.js')).addSchema,
  },
  completion: {
    description: 'completion of commands and options in bash, zsh and fish',
    load: async () => (await import('./completion.js')).addCompletion,
  },
  serve: {
    description: 'the browser app, served to this machine only',
    load: async () => (await import('./serve.js')).addServe,
  },
};

/** The command that a command line calls, or asks help about. */
export function commandCalled(args: readonly string[]): string | undefined {
  const words = args.filter((word) => !word.startsWith('-'));
  return words[0] === 'help' ? words[1] : words[0];
}

/** Adds every command to the program, and to the one that is called its options and its action. */
export async function addCommands(
  program: Command,
  running: Running,
  called: string | undefined,
): Promise<void> {
  for (const [name, { description, load }] of Object.entries(commands)) {
    const command = program.command(name).description(description);
    if (name !== called) continue;
    (await load())(command, running, commandsWithOptions);
    const { addPapersMachine, refuseMachine, takesMachine } = await import('./machineOptions.js');
    if (takesMachine(name)) addPapersMachine(command);
    else refuseMachine(command);
  }
}

/** Every command with its options, none of which runs. */
export async function commandsWithOptions(): Promise<Command> {
  const program = new Command('qmill');
  for (const [name, { description, load }] of Object.entries(commands)) {
    const command = program.command(name).description(description);
    (await load())(command, () => async () => {}, commandsWithOptions);
  }
  return program;
}
