/** `qmill steady`: one device's steady state and everything that follows from it. */
import { type SteadyObservables, steadyObservables, steadyState } from '../simulate/steady.js';
import { checkBackend } from './backend.js';
import { type AddCommand, NOT_CONVERGED } from './command.js';
import { addParameterOptions, type RunOptions, readOptions } from './options.js';

/** The object that `qmill steady --json` prints. */
export function steadyReport(options: RunOptions) {
  const { parameters, truncation } = options;
  const begin = performance.now();
  const state = steadyState(parameters, truncation);
  const { residual, traceError, hermiticityError, ...observables } = steadyObservables(
    state,
    truncation,
  );
  const seconds = (performance.now() - begin) / 1000;
  const { model, cutoff: _, ...rest } = parameters;
  const { cutoff, ...others } = observables;
  return {
    model,
    parameters: rest,
    ...(cutoff === null ? {} : { cutoff }),
    backend: { name: 'cpu', adapter: null, precision: 'f64' },
    solver: {
      space: 'sector',
      method: 'direct',
      iterations: 0,
      residual,
      traceError,
      hermiticityError,
      seconds,
    },
    ...others,
  };
}

export async function runSteady(flags: Record<string, unknown>): Promise<number> {
  const options = readOptions(flags);
  await checkBackend(options.solver);
  const report = steadyReport(options);
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : describe(report),
  );
  const { truncation } = report;
  if (truncation.converged) return 0;
  process.stderr.write(
    `not converged: populations at the edges of [${truncation.lmin}, ${truncation.lmax}] are ` +
      `${truncation.edgeLow.toExponential(1)} and ${truncation.edgeHigh.toExponential(1)}, ` +
      `above the tolerance ${options.truncation.edgeTolerance}\n`,
  );
  return NOT_CONVERGED;
}

type Report = ReturnType<typeof steadyReport> & SteadyObservablesOfReport;
type SteadyObservablesOfReport = Omit<
  SteadyObservables,
  'residual' | 'traceError' | 'hermiticityError' | 'cutoff'
>;

const show = (value: number | null): string =>
  value === null ? '–' : value === 0 ? '0' : value.toPrecision(12);

function describe(r: Report): string {
  const t = r.truncation;
  const lines: [string, string][] = [
    ['model', 'cutoff' in r ? `${r.model}, Ω = ${show(r.cutoff ?? null)}` : r.model],
    [
      'parameters',
      Object.entries(r.parameters)
        .map(([k, v]) => `${k}=${v}`)
        .join(' '),
    ],
    [
      'window',
      `[${t.lmin}, ${t.lmax}], edges ${t.edgeLow.toExponential(1)} ${t.edgeHigh.toExponential(1)}`,
    ],
    [
      'solved',
      `${r.backend.name} ${r.backend.precision}, ${r.solver.space}, ${r.solver.method}, residual ${r.solver.residual.toExponential(1)}, ${(1e3 * r.solver.seconds).toFixed(1)} ms`,
    ],
    ['', ''],
    ['operation', r.operation],
    ['heat  Q1', show(r.heat.Q1)],
    ['      Q2', show(r.heat.Q2)],
    ['      Qr', show(r.heat.Qr)],
    ['work  W^Q', r.model === 'local' ? show(r.work.WQ) : '0 (no such work in the global model)'],
    ['      W^r', show(r.work.Wr)],
    [
      'first law',
      `${show(r.firstLaw)} (U̇ − heat − work; ${show(r.firstLawWithoutWr)} without W^r)`,
    ],
    ['efficiency', `${show(r.efficiency)} (Carnot ${show(r.carnotEfficiency)})`],
    ['COP', `${show(r.cop)} (Carnot ${show(r.carnotCop)})`],
    ['⟨L_z⟩', show(r.rotor.Lz)],
    ['⟨L_z²⟩', show(r.rotor.Lz2)],
    ['power  kinetic', show(r.power.kinetic)],
    ['       intrinsic', show(r.power.intrinsic)],
    ['       back-action', show(r.power.backAction)],
    ['       net', show(r.power.net)],
    ['ergotropy total', show(r.ergotropy.total)],
    ['          qubits', show(r.ergotropy.qubits)],
    ['          rotor', show(r.ergotropy.rotor)],
    ['qubit populations', `${r.qubits.populations.map(show).join('  ')}  (00 01 10 11)`],
  ];
  return `${lines.map(([name, value]) => `${name.padEnd(20)}${value}`.trimEnd()).join('\n')}\n`;
}

export const addSteady: AddCommand = (program, running) => {
  addParameterOptions(
    program
      .command('steady')
      .description('steady state: heat, work, power, ergotropy, operation')
      .option('--json', 'print one JSON object'),
  )
    .addHelpText(
      'after',
      `
Examples:
  qmill steady                                   Fig. 2's device at beta2/beta1 = 0.3
  qmill steady --beta2 0.08 --json               the same as a refrigerator, for programs
  qmill steady --config device.yaml --chi 0.5    parameters from a file, one of them changed
  qmill steady --lmin -20 --lmax 40              a given window of rotor levels`,
    )
    .action(running(runSteady));
};
