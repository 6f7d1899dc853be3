/** `qmill collide`: the device as a sequence of exact collisions, and the state they lead to. */

import type { z } from 'zod';
import { HOST_NAMES, recordOf } from '../backend/registry.js';
import { type Oscillators, oscillators } from '../model/collision.js';
import { initialState } from '../model/initial.js';
import { ParameterError, readFields } from '../model/parameters.js';
import { CollisionRun } from '../simulate/collide.js';
import { startWindow } from '../simulate/evolve.js';
import { collisionsSchema } from '../simulate/runSchemas.js';
import { type StroboscopicState, stroboscopicState } from '../simulate/stroboscopic.js';
import { heldWindow } from '../simulate/windowSearch.js';
import { rotorPopulations } from '../state/densityMatrix.js';
import { readCheckpoint, removeCheckpoint, writeCheckpoint } from '../storage/checkpoint.js';
import { collisionValidity, describeValidity } from '../thermo/validity.js';
import { version } from '../version.js';
import { checkSolverOptions } from './backend.js';
import { collideCheckpoint } from './collideCheckpoint.js';
import { type AddCommand, interruptedAt, statusOfCut } from './command.js';
import { deviceHead, initialHead } from './heads.js';
import { initialInput } from './initial.js';
import { checkCollisions } from './limits.js';
import { LongRun } from './longRun.js';
import { addMachineOptions, refuseFlags } from './machineOptions.js';
import { observedTable } from './observedTable.js';
import { addParameterOptions, type RunOptions, readOptions } from './options.js';
import { progressBar } from './progress.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { parametersInWords } from './words.js';

interface Options extends Omit<RunOptions, 'own'> {
  readonly own: z.output<typeof collisionsSchema>;
  /** The keys of the initial state that were given. */
  readonly given: Readonly<Record<string, unknown>>;
}

const bath = ({ quanta, cut }: Oscillators[number]) => ({ nmax: quanta, weightCut: cut });

/** The progress of building maps: a bar for each window. */
function buildingBar() {
  let bar = progressBar('%', 100);
  let doing = '';
  return (share: number, { lmin, lmax }: { lmin: number; lmax: number }) => {
    const what = `% of the map on [${lmin}, ${lmax}]`;
    if (what !== doing) {
      bar = progressBar(what, 100);
      doing = what;
    }
    bar.count(Math.round(100 * share));
    if (share >= 1) bar.stop();
  };
}

interface Outcome {
  readonly run: CollisionRun;
  readonly state: StroboscopicState | null;
  readonly seconds: number;
}

/** Runs collisions with progress, checkpoints and Ctrl-C. */
async function runWatched(
  { parameters, truncation, own, given }: Options,
  steady: boolean,
  file: string | undefined,
): Promise<Outcome> {
  const { collisions, every, tau, nmax, weightTolerance } = own;
  const options = { tau, nmax, weightTolerance };
  const initial = initialState(parameters, given);
  const request = { parameters, truncation, options, initial, count: collisions, every };
  checkCollisions({
    parameters,
    window: startWindow(request),
    truncation,
    baths: oscillators(parameters, options),
    tau,
    records: Math.ceil(collisions / every),
  });
  const identity = { version, command: 'collide', ...request };
  const kind = collideCheckpoint(collisions);
  const from = file === undefined ? undefined : await readCheckpoint(file, kind, identity);
  const begin = performance.now();
  const building = buildingBar();
  const run = new CollisionRun(request, building, from);
  const longRun = await LongRun.start(async () => {
    if (file !== undefined) await writeCheckpoint(file, kind, identity, run.checkpoint());
  });
  const bar = progressBar('collisions', collisions);
  while (!run.complete && !longRun.stopped) {
    run.advance();
    bar.count(run.step);
    await longRun.between();
  }
  bar.stop();
  await longRun.end();
  if (run.complete && file !== undefined) await removeCheckpoint(file);
  const state = steady && run.complete ? stroboscopicState(run.maps, truncation, building) : null;
  return { run, state, seconds: (performance.now() - begin) / 1000 };
}

/** The object that `qmill collide --json` prints. */
function collideReport(
  { parameters, truncation, own, given }: Options,
  { run, state, seconds }: Outcome,
) {
  const { baths, device } = run.maps;
  return {
    ...deviceHead(parameters),
    tau: own.tau,
    initial: initialHead(given),
    nmax: Math.max(...baths.map(({ quanta }) => quanta)),
    baths: baths.map(bath),
    truncation: heldWindow(device.system.window, run, truncation.edgeTolerance),
    validity: collisionValidity(parameters),
    backend: { name: 'cpu', adapter: null, precision: 'f64' },
    solver: { space: 'sector', method: 'exact collisions', seconds },
    complete: run.complete,
    collisions: run.records,
    ...(state === null ? {} : { steady: steadyPart(state, truncation.edgeTolerance) }),
  };
}

function steadyPart(state: StroboscopicState, tolerance: number) {
  const { step: _, t: __, ...record } = state.record;
  return {
    ...record,
    populations: Array.from(rotorPopulations(state.rho)),
    residual: state.residual,
    traceError: state.traceError,
    truncation: heldWindow(state.maps.device.system.window, state, tolerance),
  };
}

type Report = ReturnType<typeof collideReport>;

async function runCollide(flags: Record<string, unknown>): Promise<number> {
  if (flags.machine !== undefined) {
    return (await import('./machineCollide.js')).runMachineCollide(flags);
  }
  refuseFlags(flags, ['set'], 'given with machine');
  const read = readOptions(flags, {}, collisionsSchema);
  const given = initialInput(read.own);
  const options = { ...read, own: readFields(collisionsSchema, { ...read.own, ...given }), given };
  checkSolverOptions(options.solver);
  const { backend } = options.solver;
  if (!recordOf(backend).isHost) {
    throw new ParameterError('backend', backend, `${HOST_NAMES} here: collisions run on the CPU`);
  }
  const file = flags.checkpoint === undefined ? undefined : String(flags.checkpoint);
  const written = await ResultFile.open('collide', flags);
  const outcome = await runWatched(options, flags.steady === true, file);
  const report = collideReport(options, outcome);
  await written.print(report, () => describe(report));
  if (report.complete) return warn(report, options);
  const { run } = outcome;
  return interruptedAt(` after ${run.step} of ${options.own.collisions} collisions`, file);
}

/** Says on stderr what was cut off; the exit status. */
function warn(report: Report, { truncation: { edgeTolerance }, own }: Options): number {
  report.baths.forEach(({ nmax, weightCut }, i) => {
    if (weightCut <= own.weightTolerance) return;
    process.stderr.write(
      `warning: nmax = ${nmax} cuts a thermal weight of ${weightCut.toExponential(1)} off bath ${i + 1}: ` +
        'the weights that are left are renormalised\n',
    );
  });
  const windows = [report.truncation, ...(report.steady ? [report.steady.truncation] : [])];
  const cut = windows.find(({ converged }) => !converged);
  if (cut === undefined) return 0;
  const why = report.parameters.gamma === 0 ? ' (without a load the rotor runs away)' : '';
  return statusOfCut('populations', cut, edgeTolerance, why);
}

/** Names of observables in a collision's record, which has no groups. */
const keyOf = (name: string): string => name.slice(name.indexOf('.') + 1);

function describe(r: Report): string {
  const t = r.truncation;
  const lines = [
    `parameters  ${parametersInWords(r.parameters)}`,
    `collisions  tau=${r.tau}, quanta up to ${r.baths.map(({ nmax }) => nmax).join(' and ')}, ` +
      `thermal weight cut ${r.baths.map(({ weightCut }) => weightCut.toExponential(1)).join(' and ')}`,
    `window      [${t.lmin}, ${t.lmax}], edges at most ${t.edgeLow.toExponential(1)} ${t.edgeHigh.toExponential(1)}`,
    `holds?      ${describeValidity(r.validity)}`,
    `computed    ${r.backend.name} ${r.backend.precision}, ${r.solver.space}, ${r.solver.method}, ${r.solver.seconds.toFixed(2)} s`,
    '',
    ...observedTable(r.collisions, 'step', false, keyOf),
  ];
  if (r.steady) {
    const { lmin, lmax } = r.steady.truncation;
    lines.push(
      '',
      `steady state of the collisions on [${lmin}, ${lmax}]: residual ${r.steady.residual.toExponential(1)}`,
      ...observedTable([{ ...r.steady, step: Number.POSITIVE_INFINITY }], 'step', false, keyOf),
    );
  }
  if (!r.complete) lines.push('', 'INTERRUPTED: not all collisions');
  return `${lines.join('\n')}\n`;
}

export const addCollide: AddCommand = (command, running) => {
  addParameterOptions(
    addOutOption(addMachineOptions(command))
      .option('--steady', 'also the state that a collision leaves as it is')
      .option(
        '--checkpoint <file>',
        'keeps where the run is; the same command goes on from there, and removes the file at its end',
      )
      .option('--json', 'print one JSON object'),
    {},
    collisionsSchema,
    ['model', 'V', 'cutoff', 'backend', 'space', 'dmax', 'method', 'precision'],
  )
    .addHelpText(
      'after',
      `
Heat, work and dU of a collision are per time: what it brings in, over tau. With a load, e^{tau L_r} follows
each collision.

Examples:
  qmill collide --tau 0.1 --collisions 20             the first collisions of Fig. 2's device
  qmill collide --nmax 10 --gamma 0 --json            Fock spaces cut at 10 quanta, no load
  qmill collide --qubit1 up --rotor 3                 from another initial state
  qmill collide --tau 0.02 --collisions 1 --steady    the state after very many, against qmill steady
  qmill collide --machine ladder-charging --collisions 50    another machine, and the units that its file describes`,
    )
    .action(running(runCollide));
};
