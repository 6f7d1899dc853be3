/** `qmill steady`: one device's steady state and everything that follows from it. */

import { totalmem } from 'node:os';
import { type SolvedSteady, solveRequested } from '../library/solvedSteady.js';
import { ParameterError, readFields, type Truncation } from '../model/parameters.js';
import { loadNetcdf } from '../netcdf.js';
import { isInformation, loadCodeFor, withAsked } from '../simulate/loadObservables.js';
import {
  ASKED_NAMES,
  OBSERVABLE_NAMES,
  type ObservableName,
} from '../simulate/observableRecords.js';
import { type SteadyRoute, steadyRoute } from '../simulate/route.js';
import { steadySchema } from '../simulate/runSchemas.js';
import { AFFORDABLE_ORDER } from '../state/affordableOrder.js';
import { denseOrder } from '../state/spectrum.js';
import { checkWritable } from '../storage/files.js';
import { observableNames } from '../sweep/observables.js';
import { type AddCommand, INTERRUPTED, statusOf } from './command.js';
import { addDryRun, printRoute } from './dryRun.js';
import { withEngine } from './engine.js';
import { checkSteady } from './limits.js';
import { addMachineOptions, refuseFlags, SET_WITHOUT_MACHINE } from './machineOptions.js';
import { addParameterOptions, type RunOptions, readOptions } from './options.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { tellSpectrum } from './spectrumTime.js';
import { checkStatesSize, writeStates } from './statesFile.js';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './steadyCheckpoint.js';
import { describeSteady, steadyReport, unsolvedReport, wasStopped } from './steadyReport.js';
import { toldSolution, watched } from './watch.js';

/** The order of the largest spectrum that --spectrum computes: an hour or two, and gigabytes. */
const LARGEST_ORDER = 12_000;

/** Where Ctrl-C leaves the state, unless told otherwise. */
const CHECKPOINT = 'qmill-steady.checkpoint';

/** The window that a solution goes on in: the checkpoint's. */
function resumedTruncation(truncation: Truncation, resumed: Checkpoint | null): Truncation {
  if (resumed === null) return truncation;
  const { lmin, lmax } = resumed.rho.space.window;
  if (truncation.lmin !== undefined && (truncation.lmin !== lmin || truncation.lmax !== lmax)) {
    throw new ParameterError(
      'lmin',
      truncation.lmin,
      `${lmin} with lmax = ${lmax}, as in the checkpoint`,
    );
  }
  return { ...truncation, lmin, lmax };
}

async function solve(
  { parameters, truncation: given, solver }: RunOptions,
  route: SteadyRoute,
  resumed: Checkpoint | null,
  written: ResultFile,
): Promise<SolvedSteady> {
  const request = { parameters, truncation: resumedTruncation(given, resumed), solver };
  if (route.by === 'elimination') checkSteady(given);
  return withEngine(route, async (engine) => {
    const solved = await watched(resumed?.iterations ?? 0, (watching) =>
      solveRequested(request, route, engine, {
        ...watching,
        memory: totalmem(),
        ...(resumed === null ? {} : { start: resumed.rho }),
      }),
    );
    await written.computedBy(engine);
    return solved;
  });
}

/** The state with what is asked for beside it and takes solutions of its own. */
const stateWith = ({ state }: SolvedSteady, also: readonly ObservableName[]) =>
  toldSolution((hooks) => withAsked(state, also, hooks));

/** What is asked for beside what every state is printed with. @throws {UnknownKeyError | ParameterError} */
function readAlso(given: unknown): ObservableName[] {
  if (given === undefined) return [];
  const names = observableNames(String(given).split(','));
  const printed = names.find((name) => (OBSERVABLE_NAMES as readonly string[]).includes(name));
  if (printed === undefined) return names;
  throw new ParameterError('also', printed, `of ${ASKED_NAMES.join(', ')}: it is printed anyway`);
}

async function runSteady(flags: Record<string, unknown>): Promise<number> {
  if (flags.machine !== undefined) {
    return (await import('./machineSteady.js')).runMachineSteady(flags);
  }
  refuseFlags(flags, ['set'], SET_WITHOUT_MACHINE);
  refuseFlags(flags, ['as'], 'given with machine');
  const { states, spectrum, checkpoint, resume } = flags;
  const also = readAlso(flags.also);
  await loadCodeFor(also);
  const options = readOptions(flags, {}, steadySchema);
  const { angles } = readFields(steadySchema, options.own);
  const { parameters, truncation } = options;
  const route = steadyRoute(parameters, truncation, options.solver, resume !== undefined);
  if (flags.dryRun === true) return printRoute(route, flags);
  const file = checkpoint === undefined ? CHECKPOINT : String(checkpoint);
  const statesFile = states === undefined ? null : String(states);
  if (statesFile !== null) {
    await loadNetcdf();
    await checkWritable(statesFile);
  }
  const written = await ResultFile.open('steady', flags);
  const begin = performance.now();
  const resumed = resume === undefined ? null : await readCheckpoint(String(resume), parameters);
  let solved = await written.orUnsolved(
    (error) => unsolvedReport(parameters, route, error, begin),
    () => solve(options, route, resumed, written),
  );
  const stopped = wasStopped(solved.solver, solved.backend);
  const iterations = solved.solver.iterations + (resumed?.iterations ?? 0);
  if (stopped) await writeCheckpoint(file, parameters, solved.state.rho, iterations);
  else solved = { ...solved, state: await stateWith(solved, also) };
  const order = spectrum === true ? LARGEST_ORDER : undefined;
  if (also.some(isInformation) && !stopped) tellSpectrum(solved.state.rho, order);
  const report = steadyReport(parameters, truncation, solved, begin, { order, angles, also });
  // Before the first iteration there is but the state that it starts from.
  const isPrinted = !stopped || iterations > 0;
  if (isPrinted) await written.print(report, () => describeSteady(report, also));
  if (isPrinted && statesFile !== null) {
    const { rho } = solved.state;
    checkStatesSize(statesFile, 1, rho.space.window.size);
    await writeStates(statesFile, null, [rho], parameters);
  }
  if (stopped) {
    process.stderr.write(
      `stopped after ${iterations} iterations at ‖Lρ‖ = ${solved.state.residual.toExponential(1)}; ` +
        `the same command with --resume ${file} goes on from there\n`,
    );
    return INTERRUPTED;
  }
  explainErgotropies(report, solved, order);
  return exitStatus(report);
}

/** Says on stderr why ergotropies are left out. */
function explainErgotropies(
  { ergotropy, rotor }: ReturnType<typeof steadyReport>,
  { state }: SolvedSteady,
  order = AFFORDABLE_ORDER,
): void {
  // An infinite moment has its own explanation among the problems.
  if (!Number.isNaN(ergotropy.total) || rotor.Lz2 === null) return;
  const needed = denseOrder(state.rho);
  const why =
    needed <= order
      ? 'they are no numbers within the range of floating point'
      : order === LARGEST_ORDER
        ? `their spectra are of the order ${needed}, and take days`
        : 'their spectra take minutes at this size; --spectrum computes them';
  process.stderr.write(`ergotropies of the device or rotor are left out: ${why}\n`);
}

/** Says on stderr what did not converge. */
function exitStatus({ truncation, solver }: ReturnType<typeof steadyReport>): number {
  if (!solver.converged && solver.problems.length === 0) {
    process.stderr.write(
      `not converged: ‖Lρ‖ = ${solver.residual.toExponential(1)} after ${solver.iterations} iterations\n`,
    );
  }
  return statusOf({
    converged: solver.converged && truncation.converged,
    problems: [...solver.problems, ...truncation.problems],
  });
}

export const addSteady: AddCommand = (command, running) => {
  addParameterOptions(
    addOutOption(command)
      .option('--json', 'print one JSON object')
      .option('--spectrum', 'ergotropies and smallest eigenvalue whatever the size of the window')
      .option(
        '--also <names>',
        'fluctuations, gap and information: names or groups such as noise,TUR.N2,gap,entropy',
      )
      .option('--checkpoint <file>', 'where Ctrl-C leaves the state', CHECKPOINT)
      .option('--resume <file>', 'go on from a checkpoint of the same device')
      .option('--states <file>', 'write the density matrix as netCDF-4, for xarray and others'),
    {},
    steadySchema,
  );
  addMachineOptions(addDryRun(command))
    .option('--as <form>', 'qutip: print a Python script that computes --machine with QuTiP')
    .addHelpText(
      'after',
      `
Examples:
  qmill steady                                   Fig. 2's device at beta2/beta1 = 0.3
  qmill steady --beta2 0.08 --json               the same as a refrigerator, for programs
  qmill steady --config device.yaml --chi 0.5    parameters from a file, one of them changed
  qmill steady --also noise,TUR --json           noise and uncertainty relations, too
  qmill steady --lmin -20 --lmax 40              a given window of rotor levels
  qmill steady --V 1 --json                      with a potential V cos φ: a band of ρ, chosen
  qmill steady --V 4 --space full --method gmres every element of ρ
  qmill steady --V 1 --backend webgpu            solved on the GPU, refined to float64
  qmill steady --V 1 --dry-run                   only what would be solved where, how, and why
  qmill steady --machine piston --set g=2        another machine, which a file describes`,
    )
    .action(running(runSteady));
};
