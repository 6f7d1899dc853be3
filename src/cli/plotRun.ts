/** A run's numbers as curves: along time, steps, modes or levels; or populations over the levels of the rotor. */
import {
  CURVES,
  inPanels,
  type SweepAxis,
  type SweepLinesData,
  titleWith,
} from '../figures/sweepLines.plot.js';
import { plainNumber, symbolOf } from '../figures/theme.js';
import { groupBy } from '../maps.js';
import { nearest, ParameterError, UnknownKeyError } from '../model/parameters.js';
import { NAMED_OBSERVABLES, variableName } from '../simulate/observableRecords.js';
import type { Run, RunVariable } from './runFile.js';
import { RUN_NAMES, runRecords } from './runRecords.js';

/** Dimensions whose places are numbers of other names, and how print writes these. */
const PLACES: Readonly<Record<string, { readonly symbol: string; readonly variable: RegExp }>> = {
  frequency: { symbol: 'ω', variable: /^noiseSpectrum_omega$/ },
  field: { symbol: 'χ', variable: /argeDeviations_\w+_chi$/ },
  time: { symbol: 'τ', variable: /^waitingTimes_distribution_tau$/ },
};

/** Dimensions along which a run goes on, and those of one state. */
const ALONG_RUN = ['t', 'step', 'tau', 'omega', 'mode', 'level', ...Object.keys(PLACES)];
const OF_STATE = ['l', 'angle'];
/** Times so far apart are drawn on a logarithmic axis. */
const DECADES = 100;

/** What is drawn where nothing is asked for. */
const STANDARD =
  /^(heat_\w+|noiseSpectrum_noise_\w+|\w+argeDeviations_\w+_scgf|waitingTimes_distribution_density|work_WQ|rotor_Lz|ladder_mean|Q[12r]|WQ|Lz|rate|energy|(covariance|spectrum)_(re|im)|levels_energy|\w+_populations|rotor_angle)$/;

const runSymbols: Readonly<Record<string, string>> = {
  ...Object.fromEntries(RUN_NAMES.map((name) => [name.replace('.', '_'), runRecords[name].symbol])),
  l: 'ℓ',
  tau: 'τ',
  omega: 'ω',
  correlation_re: 'Re ⟨A(τ)B⟩',
  correlation_im: 'Im ⟨A(τ)B⟩',
  covariance_re: 'Re ⟨δA(τ)δB⟩',
  covariance_im: 'Im ⟨δA(τ)δB⟩',
  spectrum_re: 'Re S(ω)',
  spectrum_im: 'Im S(ω)',
  angle: 'φ',
  rotor_populations: '⟨ℓ|ρᵣ|ℓ⟩',
  rotor_angle: 'P(φ)',
  rate: 'rate',
  waitingTimes_distribution_density: 'w(τ)',
};

/** What fluctuates has the names of its currents, as the tables have them. */
const ofCurrents = (name: string): string =>
  name
    .replace(/^noiseSpectrum_(?:noise|heatNoise)_(\w+)$/, 'S $1')
    .replace(/^(?:heatL|l)argeDeviations_(\w+)_scgf$/, 'θ $1');

/** As print has it; of collisions, whose flows have no group in their names, too. */
function symbol(name: string): string {
  const inGroup = NAMED_OBSERVABLES.find((known) => known.endsWith(`.${name}`));
  return (
    runSymbols[name] ?? symbolOf(inGroup === undefined ? ofCurrents(name) : variableName(inGroup))
  );
}

/** A number of a run, with its errors where it is a mean over trajectories. */
interface Drawn {
  readonly name: string;
  readonly variable: RunVariable;
  readonly error: RunVariable | undefined;
}

function drawnOf({ variables }: Run): Drawn[] {
  const named = (name: string) => variables.find((variable) => variable.name === name);
  return variables.flatMap((variable): Drawn[] => {
    const { name } = variable;
    const isPlace = Object.values(PLACES).some((place) => place.variable.test(name));
    if (isPlace || /_(error|standardError)$|_errors_/.test(name)) return [];
    if (variable.dimensions.includes(name)) return [];
    const mean = /^(.*)_mean$/.exec(name)?.[1];
    const error = mean === undefined ? undefined : named(`${mean}_error`);
    return [{ name: error === undefined ? name : (mean as string), variable, error }];
  });
}

/** The axis that curves go along. */
function axisOf(run: Run, drawn: readonly Drawn[], asked: string | undefined) {
  const used = new Set(drawn.flatMap(({ variable }) => variable.dimensions));
  const known = [...ALONG_RUN, ...OF_STATE].filter((name) => used.has(name));
  const name = asked ?? known[0];
  if (name === undefined) {
    throw new ParameterError(
      'results',
      run.command,
      'of a command with more than one number to draw',
    );
  }
  if (!known.includes(name)) throw new UnknownKeyError(name, nearest(name, known));
  const place = PLACES[name];
  const coordinate = run.variables.find((one) =>
    place === undefined
      ? one.name === name && one.dimensions[0] === name
      : place.variable.test(one.name),
  );
  const count = coordinate?.values.length ?? 0;
  const values = Array.from({ length: count }, (_, i) => Number(coordinate?.values[i]));
  const isLogarithmic =
    (name === 't' || name === 'frequency') &&
    values[0] > 0 &&
    values[count - 1] >= DECADES * values[0];
  const axis: SweepAxis = {
    name: place?.symbol ?? symbol(name),
    unit: coordinate?.unit || '1',
    isLogarithmic,
  };
  return { name, values, axis };
}

function chosen(
  drawn: readonly Drawn[],
  along: string,
  shown: readonly string[] | undefined,
): readonly Drawn[] {
  const possible = drawn.filter(({ variable: { dimensions } }) => dimensions.at(-1) === along);
  if (shown === undefined) {
    const standard = possible.filter(({ name }) => STANDARD.test(name));
    return standard.length > 0 ? standard : possible.slice(0, 1);
  }
  const names = possible.map(({ name }) => name);
  return shown.map((asked) => {
    const plain = asked.replaceAll('.', '_');
    const found = possible.find(({ name }) => name === plain);
    if (found === undefined) throw new UnknownKeyError(asked, nearest(plain, names));
    return found;
  });
}

/** Curves of one variable: one, or some of those at its other dimension's places. */
function curvesOf(run: Run, { name, variable, error }: Drawn, values: readonly number[]) {
  const others = variable.values.length / values.length;
  const points = (k: number) =>
    values.map((x, i) => {
      const y = Number(variable.values[k * values.length + i]);
      const spread = error?.values[k * values.length + i];
      const isKnown = spread !== undefined && Number.isFinite(spread);
      return { x, y: Number.isFinite(y) ? y : null, ...(isKnown ? { error: spread } : {}) };
    });
  if (others === 1) return [{ name: symbol(name), points: points(0) }];
  const [dimension] = variable.dimensions;
  const coordinate = run.variables.find((one) => one.name === dimension);
  const count = Math.min(CURVES, others);
  const places = Array.from({ length: count }, (_, j) =>
    Math.round((j * (others - 1)) / Math.max(1, count - 1)),
  );
  return places.map((k) => ({
    name: `${symbol(dimension)} = ${plainNumber(Number(Number(coordinate?.values[k] ?? k).toPrecision(3)))}`,
    points: points(k),
  }));
}

/**
 * What a picture of a run shows.
 * @param x the dimension that curves go along; by default time, or what else the run goes along
 * @param shown names of what is drawn; by default flows and ⟨L_z⟩, or populations
 * @throws {ParameterError | UnknownKeyError}
 */
export function runLines(
  run: Run,
  {
    x: askedX,
    shown,
  }: { readonly x?: string | undefined; readonly shown?: readonly string[] | undefined },
): SweepLinesData {
  const drawn = drawnOf(run);
  const plain = shown?.map((name) => name.replaceAll('.', '_'));
  const among = plain === undefined ? drawn : drawn.filter(({ name }) => plain.includes(name));
  // What is asked for has its own axis: populations are over levels, whatever the run goes along.
  const own = among.find(({ variable }) => OF_STATE.includes(variable.dimensions.at(-1) ?? ''));
  const preferred = plain !== undefined ? own?.variable.dimensions.at(-1) : undefined;
  const {
    name: along,
    values,
    axis,
  } = axisOf(run, among.length > 0 ? among : drawn, askedX ?? preferred);
  const byUnit = groupBy(chosen(drawn, along, shown), ({ name, variable }) =>
    variable.dimensions.length > 1 ? name : variable.unit,
  );
  const parameters = Object.fromEntries(
    run.variables
      .filter(({ name, dimensions }) => name.startsWith('parameters_') && dimensions.length === 0)
      .map(({ name, values: of }) => [name.slice('parameters_'.length), of[0]]),
  );
  return {
    parameters,
    remarks: [`qmill ${run.command}`],
    x: axis,
    panels: [...byUnit.values()].flatMap((all) => {
      const unit = all[0].variable.unit || '1';
      const isMany = all[0].variable.dimensions.length > 1;
      const title = isMany ? { title: titleWith(symbol(all[0].name), unit) } : {};
      const curves = all.flatMap((one) => curvesOf(run, one, values));
      return inPanels(curves).map((some) => ({ unit, ...title, curves: some }));
    }),
  };
}
