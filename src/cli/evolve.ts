/** `qmill evolve`: a device in time, from an initial state, with every observable. */

import type { Backend, Precision } from '../backend/backend.js';
import { NOISE, withChoice } from '../library/evolutionChoice.js';
import { hasPotential } from '../model/potentialParameters.js';
import { loadNetcdf } from '../netcdf.js';
import { rotorWindow } from '../operators/window.js';
import type { EvolutionChoice, EvolutionRequest } from '../simulate/evolutionStage.js';
import { FIRST_BAND, startWindow } from '../simulate/evolve.js';
import { type Asked, evolutionRoute, type Route } from '../simulate/route.js';
import { evolutionRequest } from '../simulate/runRequests.js';
import { evolutionSchema } from '../simulate/runSchemas.js';
import type { Snapshot } from '../simulate/snapshot.js';
import { checkWritable } from '../storage/files.js';
import { validityOf } from '../thermo/deviceValidity.js';
import { describeValidity } from '../thermo/validity.js';
import { version } from '../version.js';
import { type AddCommand, interruptedAt, statusOfEdges } from './command.js';
import { addDryRun, printRoute } from './dryRun.js';
import { withEngine } from './engine.js';
import { deviceHead, initialHead } from './heads.js';
import { initialInput } from './initial.js';
import { checkEvolution } from './limits.js';
import { addMachineOptions, refuseFlags } from './machineOptions.js';
import { observedTable } from './observedTable.js';
import { addParameterOptions, type RunOptions, readOptions } from './options.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { checkStatesSize, writeStates } from './statesFile.js';
import { type Outcome, runWatched } from './watchedEvolution.js';

function report(
  { parameters, truncation: { edgeTolerance } }: RunOptions,
  initial: Readonly<Record<string, unknown>>,
  { tolerances }: EvolutionRequest,
  { result, checkpoint, seconds }: Outcome,
  { name, adapter, precision }: Pick<Backend<unknown>, 'name' | 'adapter' | 'precision'>,
  backendReason: string,
) {
  const { lmin, lmax, snapshots, largestEdge } = checkpoint;
  const last = snapshots.at(-1);
  return {
    ...deviceHead(parameters, result?.device.cutoff ?? null),
    initial: initialHead(initial),
    truncation: {
      lmin,
      lmax,
      edgeLow: last?.edgeLow ?? null,
      edgeHigh: last?.edgeHigh ?? null,
      largestEdge,
      converged: largestEdge <= Math.max(edgeTolerance, NOISE[precision]),
    },
    validity: validityOf(parameters, rotorWindow(lmin, lmax)),
    backend: { name, adapter, precision },
    solver: {
      ...result?.method,
      backendReason,
      ...tolerances,
      ...(result === null ? {} : { steps: result.steps }),
      seconds,
    },
    /** False where it was interrupted: the snapshots up to there. */
    complete: result !== null,
    version,
    snapshots,
  };
}

async function runEvolve(flags: Record<string, unknown>): Promise<number> {
  if (flags.machine !== undefined) {
    return (await import('./machineEvolve.js')).runMachineEvolve(flags);
  }
  refuseFlags(flags, ['set'], 'given with machine');
  const { checkpoint: file, states: statesFile } = flags;
  const options = readOptions(flags, {}, evolutionSchema);
  const states = statesFile !== undefined;
  if (states) await loadNetcdf();
  const { parameters, truncation, solver, own } = options;
  const initial = initialInput(own);
  const request = evolutionRequest(parameters, truncation, { ...own, ...initial }, states);
  const { times, tolerances, angles } = request;
  const { lmin: low, lmax: high } = truncation;
  if (states && low !== undefined && high !== undefined) {
    checkStatesSize(String(statesFile), times.length, high - low + 1);
  }
  const route = evolutionRoute(parameters, truncation, solver);
  if (flags.dryRun === true) return printRoute(route, flags);
  checkRequest(request, route, solver.dmax);
  const asked = { parameters, truncation, initial, times, tolerances, angles, states, solver };
  const identity = { version, ...asked };
  // Known before the work is done.
  if (states) await checkWritable(String(statesFile));
  const written = await ResultFile.open('evolve', flags);
  const path = file === undefined ? undefined : String(file);
  const run = async (choice: EvolutionChoice, backend: Backend<unknown>) => {
    const outcome = await runWatched(request, choice, path, identity);
    if (states && outcome.result !== null) {
      const kept = outcome.result.states;
      checkStatesSize(String(statesFile), kept.length, kept[0].space.window.size);
      await writeStates(String(statesFile), times, kept, { ...parameters, initial });
    }
    return report(options, initial, request, outcome, backend, route.backendReason);
  };
  const printed = await withEngine(route, async (engine) => {
    const done = await withChoice(solver, route, engine, run);
    await written.computedBy(engine);
    return done;
  });
  await written.print(printed, () => describe(printed));
  if (!printed.complete) {
    return interruptedAt(`: ${printed.snapshots.length} of ${times.length} snapshots`, path);
  }
  warnOfNegative(printed.snapshots, solver.precision);
  const { largestEdge, converged } = printed.truncation;
  if (converged) return 0;
  return statusOfEdges(printed.truncation, largestEdge, truncation.edgeTolerance);
}

/** @throws {ParameterError} where the evolution would not fit */
function checkRequest(request: EvolutionRequest, { space }: Route, dmax: Asked['dmax']): void {
  const { truncation, times, angles, initial } = request;
  const { rotor } = initial;
  const reach = dmax === 'auto' ? FIRST_BAND : dmax;
  checkEvolution({
    window: startWindow(request),
    truncation,
    times: times.length,
    angles,
    deltas: 'amplitudes' in rotor ? 2 * rotor.amplitudes.length - 1 : 1,
    space: space === 'sector' || space === 'full' ? space : { dmax: reach },
  });
}

/** Negative eigenvalues of a density matrix beyond what the precision explains. */
const NEGATIVE = { f32: -1e-6, f64: -1e-10 } as const;

function warnOfNegative(snapshots: readonly Snapshot[], precision: Precision): void {
  const worst = snapshots.reduce((a, b) => (b.smallestEigenvalue < a.smallestEigenvalue ? b : a));
  if (worst.smallestEigenvalue >= NEGATIVE[precision]) return;
  process.stderr.write(
    `warning: at t = ${worst.t} the density matrix has the eigenvalue ${worst.smallestEigenvalue.toExponential(1)}: ` +
      'lower --rtol or widen the band\n',
  );
}

function describe(r: ReturnType<typeof report>): string {
  const table = observedTable(r.snapshots, 't', hasPotential(r.parameters)).join('\n');
  const { solver, truncation } = r;
  const worst = (of: (s: (typeof r.snapshots)[number]) => number) =>
    r.snapshots.reduce((most, s) => Math.max(most, of(s)), 0).toExponential(1);
  return (
    `${table}\n\n` +
    (r.complete ? '' : `INTERRUPTED after ${r.snapshots.length} of the times\n`) +
    `window [${truncation.lmin}, ${truncation.lmax}], largest population at an edge ${truncation.largestEdge.toExponential(1)}\n` +
    `model holds? ${describeValidity(r.validity)}\n` +
    `trace error ${worst((s) => s.traceError)}, first law ${worst((s) => Math.abs(s.firstLaw))}, ` +
    `most negative eigenvalue ${worst((s) => -s.smallestEigenvalue)}\n` +
    `${r.backend.name} ${r.backend.precision}, ${solver.steps?.accepted ?? 0} steps in ${solver.seconds.toFixed(3)} s` +
    `${solver.method === undefined ? '' : `, ${solver.method} on the ${solver.space}: ${solver.reason}`}\n` +
    `backend ${solver.backendReason}\n`
  );
}

export const addEvolve: AddCommand = (command, running) => {
  addParameterOptions(
    addOutOption(addMachineOptions(addDryRun(command)).option('--json', 'print one JSON object'))
      .option(
        '--checkpoint <file>',
        'keep what is done in this file, and go on from it where it exists',
      )
      .option('--states <file>', 'write the density matrices as netCDF-4, for xarray and others'),
    {},
    evolutionSchema,
  )
    .addHelpText(
      'after',
      `
Examples:
  qmill evolve --times 1,10,100                            Fig. 2's device from rotor |0⟩, thermal qubits
  qmill evolve --times log:0.1:20000:200 --json            200 times, logarithmic
  qmill evolve --times 10 --qubit1 up --rotor 3            qubit 1 up, the rotor turning
  qmill evolve --times 1,2 --rotor '{thermal: 0.09}'       a thermal rotor
  qmill evolve --times lin:0:5:51 --angles 64 --rotor '{angle: 0, concentration: 4}'
  qmill evolve --times 1,2 --states states.nc              in Python: xarray.open_dataset("states.nc")
  qmill evolve --times 1,2 --V 1 --backend webgpu --precision f32
  qmill evolve --config run.yaml --checkpoint run.ckpt     may be stopped, and goes on
  qmill evolve --machine flywheel --times lin:0:20:41      another machine, which a file describes`,
    )
    .action(running(runEvolve));
};
