/** `qmill optimise`: the best machine for an objective, in a box of parameters and under constraints. */
import { Breath } from '../breath.js';
import { loadKernels } from '../lindblad/kernels.js';
import { ObservedDescribed } from '../simulate/observedDescribed.js';
import { ObservedMill } from '../simulate/observedMill.js';
import {
  type Asked,
  DEFAULT_POINTS,
  DEFAULT_SEED,
  DEFAULT_STARTS,
  optimisationOf,
} from '../simulate/optimisation.js';
import { type Optimised, type OptimiseRequest, optimise } from '../simulate/optimise.js';
import { aboutOf, headOf } from './about.js';
import { type AddCommand, INTERRUPTED, NOT_CONVERGED, statusOf } from './command.js';
import { interruptible } from './interruptible.js';
import { addMachineOptions, collected } from './machineOptions.js';
import { describeOptimum, optimiseReport } from './optimiseReport.js';
import { addParameterOptions } from './options.js';
import { shareBar } from './progress.js';
import { readRanges } from './ranges.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { numberIn } from './words.js';

const countIn = (given: unknown): number | undefined =>
  given === undefined ? undefined : numberIn(String(given));

const textIn = (given: unknown): string | undefined =>
  given === undefined ? undefined : String(given);

/** Runs a search to its end, or to a first interrupt. */
async function watchedOptimum(request: OptimiseRequest): Promise<Optimised | null> {
  const progress = shareBar('the search');
  const breath = new Breath();
  try {
    await loadKernels();
    return await interruptible((isStopped) =>
      optimise(request, async (done, evaluations) => {
        if (await breath.taken()) progress.count(done, `${evaluations} devices`);
        return !isStopped();
      }),
    );
  } finally {
    progress.stop();
  }
}

async function runOptimise(flags: Record<string, unknown>): Promise<number> {
  const begin = performance.now();
  const { minimise, maximise, over, where, against, starts, seed, points } = flags;
  const about = await aboutOf(flags);
  const { options, machine } = about;
  const observed =
    machine === null
      ? new ObservedMill(options.parameters, options.truncation)
      : new ObservedDescribed(
          machine.described,
          machine.values,
          machine.window,
          machine.edgeTolerance,
        );
  const cutoff = observed instanceof ObservedMill ? observed.cutoff : null;
  const asked: Asked = {
    minimise: textIn(minimise),
    maximise: textIn(maximise),
    over: readRanges((over ?? []) as readonly string[]),
    where: where as readonly string[] | undefined,
    against: textIn(against),
    starts: countIn(starts),
    seed: countIn(seed),
    points: countIn(points),
  };
  const request = optimisationOf(observed, asked);
  const written = await ResultFile.open('optimise', flags);
  const found = await watchedOptimum(request);
  if (found === null) {
    const { refusal } = request.problem;
    const why = refusal === null ? '' : `; of one of them, ${refusal}`;
    process.stderr.write(`no device of the box has a value and fulfils the constraints${why}\n`);
    return NOT_CONVERGED;
  }
  const report = optimiseReport(headOf(about, cutoff), request, found, begin);
  await written.print(report, () => describeOptimum(report));
  if (found.complete) return statusOf(report.solver);
  process.stderr.write(`interrupted after ${found.evaluations} devices: the best of them\n`);
  return INTERRUPTED;
}

export const addOptimise: AddCommand = (command, running) => {
  addParameterOptions(
    addOutOption(command)
      .option('--json', 'print one JSON object')
      .option('--minimise <expression>', 'of observables and parameters, such as TUR.L')
      .option('--maximise <expression>', 'in its place')
      .option('--over <ranges>', 'what varies, as chi=-0.9:0.9,B1=1:20; several times', collected)
      .option('--where <constraint>', "as 'heat.Q1 > 0'; once for each", collected)
      .option('--against <expression>', 'a second objective of the same sense: their Pareto front')
      .option('--points <n>', `points of the front (default ${DEFAULT_POINTS})`)
      .option(
        '--starts <n>',
        `starts, the device as given and random ones (default ${DEFAULT_STARTS})`,
      )
      .option('--seed <n>', `of the random starts (default ${DEFAULT_SEED})`),
  );
  addMachineOptions(command)
    .addHelpText(
      'after',
      `
Every start goes to a local optimum by sequential quadratic programming, with derivatives by the adjoint where
observables have them, and else by differences. The best comes with its certificate: what is left of the gradient,
curvatures, bounds that hold it, digits, the value on a wider window, and how many starts ended there. A global optimum
is not certified. Positive ranges over a decade and more are searched by their logarithms.

Examples:
  qmill optimise --minimise TUR.L --over chi=-0.9:0.9,lambda=0.01:1
  qmill optimise --maximise ratio.efficiency --over beta2=0.005:0.05 --where 'work.WQ < -0.05' --where 'heat.Q2 > 0'
  qmill optimise --maximise=-work.WQ --against ratio.efficiency --over beta2=0.005:0.04 --starts 2 --points 5
  qmill optimise --machine exchange-qubits --minimise TUR.hot --over g=0.1:2 --json`,
    )
    .action(running(runOptimise));
};
