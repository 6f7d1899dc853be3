/** `qmill rectify`: how well a device rectifies heat and angular momentum, and the best of its kind. */
import { type DeviceInput, type DeviceParameters, ParameterError } from '../model/parameters.js';
import { checkAlpha, type SearchBox, searchBox } from '../simulate/rectificationSearch.js';
import {
  angular,
  bothDirections,
  type DirectionPair,
  heat,
  withCutoffSettled,
} from '../simulate/rectify.js';
import type { AngularDefinition } from '../thermo/rectification.js';
import { describeValidity } from '../thermo/validity.js';
import { checkBackend } from './backend.js';
import { type AddCommand, INTERRUPTED, statusOf } from './command.js';
import { deviceHead } from './heads.js';
import { addMachineOptions, refuseFlags } from './machineOptions.js';
import { addParameterOptions, readOptions } from './options.js';
import { readRanges } from './ranges.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { type SearchOutcome, watchedSearch } from './watchedSearch.js';
import { numberIn, parametersInWords } from './words.js';

/** Fig. 4's device, with the middle one of its hot baths. */
const rectifyDefaults: DeviceInput = { model: 'global', g: 0.5, beta2: 0.02 };

const DEFAULT_OVER = 'chi';
const DEFAULT_ALPHAS = '0,0.5,1';
const definitions: readonly string[] = ['signed', 'magnitude'];

/** `chi,B1=1:20` as a box. @throws {ParameterError} */
export const readBox = (text: string, parameters: DeviceParameters): SearchBox =>
  searchBox(readRanges([text]), parameters);

function readAlphas(text: string): number[] {
  const alphas = text.split(',').map(numberIn);
  alphas.forEach(checkAlpha);
  return alphas;
}

/** The object that `qmill rectify --json` prints. @param settled the parameters with their cutoff */
const rectifyReport = (
  parameters: DeviceParameters,
  settled: DeviceParameters,
  pair: DirectionPair,
  definition: AngularDefinition,
  over: SearchBox,
  { search, complete }: SearchOutcome,
  seconds: number,
) => ({
  ...deviceHead(parameters),
  cutoff: search.cutoff,
  backend: { name: 'cpu', adapter: null, precision: 'f64' },
  solver: { space: 'sector', method: 'direct', seconds, evaluations: search.evaluations },
  definition,
  forward: pair.forward,
  swapped: pair.swapped,
  heat: heat(pair, settled),
  angular: {
    ...angular(pair, definition),
    signed: angular(pair, 'signed'),
    magnitude: angular(pair, 'magnitude'),
  },
  over,
  best: search.best,
  pareto: search.pareto,
  /** False where it was interrupted: the best so far. */
  complete,
});

async function runRectify(flags: Record<string, unknown>): Promise<number> {
  if (flags.machine !== undefined) {
    return (await import('./machineRectify.js')).runMachineRectify(flags);
  }
  refuseFlags(flags, ['set', 'baths', 'swap'], 'given with machine');
  const { over = DEFAULT_OVER, alpha = DEFAULT_ALPHAS, definition: chosen = 'signed' } = flags;
  const options = readOptions(flags, rectifyDefaults);
  const { parameters, truncation } = options;
  const box = readBox(String(over), parameters);
  const alphas = readAlphas(String(alpha));
  if (!definitions.includes(String(chosen))) {
    throw new ParameterError('definition', chosen, `one of ${definitions.join(', ')}`);
  }
  const definition = chosen as AngularDefinition;
  await checkBackend(options.solver);
  const written = await ResultFile.open('rectify', flags);

  const begin = performance.now();
  const settled = withCutoffSettled(parameters, truncation);
  const pair = bothDirections(settled, truncation);
  const outcome = await watchedSearch({ parameters, truncation, box, alphas, definition });
  if (outcome === null) {
    process.stderr.write('interrupted before a device was evaluated\n');
    return INTERRUPTED;
  }
  const { search, complete } = outcome;
  const seconds = (performance.now() - begin) / 1e3;
  const report = rectifyReport(parameters, settled, pair, definition, box, outcome, seconds);
  await written.print(report, () => describe(report));
  const unconverged = [pair.forward, pair.swapped].filter(({ converged }) => !converged);
  const status = statusOf({
    converged: unconverged.length === 0,
    problems: unconverged.flatMap(({ problems }) => problems),
  });
  if (!complete) {
    process.stderr.write(`interrupted after ${search.evaluations} devices: the best of them\n`);
    return INTERRUPTED;
  }
  return status;
}

const show = (value: number): string => value.toPrecision(8);

function describe(r: ReturnType<typeof rectifyReport>): string {
  const lines = [
    `model               ${r.model}${r.cutoff === null ? '' : `, Ω = ${show(r.cutoff)}`}`,
    `parameters          ${parametersInWords(r.parameters, 8)}`,
    `model holds?        ${describeValidity(r.forward.validity)}`,
    `  baths swapped     ${describeValidity(r.swapped.validity)}`,
    '',
    `heat                R = ${show(r.heat.R)}   J = ${show(r.heat.J)}`,
    `angular momentum    R = ${show(r.angular.signed.R)} (as printed), ${show(r.angular.magnitude.R)} (of magnitudes)   J = ${show(r.angular.signed.J)}`,
    '',
    `largest Γ_α over    ${Object.entries(r.over)
      .map(([name, range]) => `${name} in [${range.from}, ${range.to}]`)
      .join(', ')}   (angular: ${r.definition})`,
    ...r.best.map(
      (b) =>
        `  ${b.quantity.padEnd(8)} α = ${String(b.alpha).padEnd(5)} Γ = ${show(b.Gamma)}   R = ${show(b[b.quantity].R)}   J = ${show(b[b.quantity].J)}   at ${parametersInWords(b.parameters, 8)}`,
    ),
    ...(r.definition === 'signed'
      ? [
          '  Eq. (42) as printed grows without bound where ⟨L_z⟩ and its swapped value cancel;',
          '  --definition magnitude stays within [0, 1].',
        ]
      : []),
    '',
    `Pareto front        ${r.pareto.heat.length} devices (heat), ${r.pareto.angular.length} (angular) of ${r.solver.evaluations}, with --json`,
  ];
  if (!r.complete) lines.push('', 'INTERRUPTED: the best of the devices evaluated until then');
  return `${lines.join('\n')}\n`;
}

export const addRectify: AddCommand = (command, running) => {
  addParameterOptions(
    addOutOption(addMachineOptions(command))
      .option('--baths <list>', 'two baths of --machine (default: the first with temperatures)')
      .option('--swap <list>', 'two parameters of --machine, in the place of temperatures')
      .option(
        '--over <list>',
        `parameters to vary, each with a range if wanted: chi,B1=1:20 (default: ${DEFAULT_OVER})`,
      )
      .option('--alpha <list>', `weights α of R against J in Γ_α (default: ${DEFAULT_ALPHAS})`)
      .option(
        '--definition <name>',
        'R_angular as printed (signed, the default), or of the magnitudes of ⟨L_z⟩ (magnitude)',
      )
      .option('--json', 'print one JSON object'),
    rectifyDefaults,
    undefined,
    ['V', 'backend', 'space', 'dmax', 'method', 'precision'],
  )
    .addHelpText(
      'after',
      `
Examples:
  qmill rectify                                     Fig. 4's device, the best chi
  qmill rectify --beta2 0.05 --chi 0.3 --json       another device, for programs
  qmill rectify --over chi,B1=1:20 --alpha 0.25     the best chi and B1 together
  qmill rectify --definition magnitude              R_angular that stays within [0, 1]
  qmill rectify --machine two-qubit-rectifier       another machine, whose baths change places`,
    )
    .action(running(runRectify));
};
