/** The best rectifier among the devices of a box of parameters, and the trade-off of R against J. */
import { PARAMETER_NAMES } from '../model/parameterRecords.js';
import {
  type DeviceParameters,
  deviceParameters,
  ParameterError,
  type Truncation,
} from '../model/parameters.js';
import {
  type AngularDefinition,
  performance,
  type Rectification,
} from '../thermo/rectification.js';
import { angular, bothDirections, heat, withCutoffSettled } from './rectify.js';
import { defaultRange, maximising, paretoFront, type Range } from './search.js';

/** Heat, Eq. (41), or angular momentum, Eq. (44). */
export type Quantity = 'heat' | 'angular';

/** A parameter that a search may vary. */
export type Searched = Exclude<keyof DeviceParameters, 'model' | 'cutoff' | 'V'>;
export type SearchBox = Readonly<Partial<Record<Searched, Range>>>;

export interface Sample {
  /** The values of the searched parameters. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly heat: Rectification;
  readonly angular: Rectification;
}

export interface Best extends Sample {
  readonly alpha: number;
  readonly quantity: Quantity;
  readonly Gamma: number;
}

export interface RectificationSearch {
  /** Ω, the same throughout; null in the local model. */
  readonly cutoff: number | null;
  readonly best: readonly Best[];
  /** Of everything evaluated, what no other device beats in both R and J, by falling J. */
  readonly pareto: Readonly<Record<Quantity, readonly Sample[]>>;
  readonly evaluations: number;
}

/** What a search may vary. */
const SEARCHED = PARAMETER_NAMES.filter((name) => name !== 'V');

/**
 * A box of parameters with its ranges, by default those of `defaultRange`.
 * @throws {ParameterError} for names that are none, ranges that do not rise, and ends that are not allowed
 */
export function searchBox(
  ranges: Readonly<Record<string, Range | undefined>>,
  parameters: DeviceParameters,
): SearchBox {
  const box: Partial<Record<Searched, Range>> = {};
  for (const [name, range] of Object.entries(ranges)) {
    if (!SEARCHED.some((known) => known === name)) {
      throw new ParameterError('over', name, `a list of parameters among ${SEARCHED.join(', ')}`);
    }
    const searched = name as Searched;
    const { from, to } = range ?? defaultRange(searched, parameters);
    if (!(from < to)) {
      throw new ParameterError('over', `${name}=${from}:${to}`, `${name}=FROM:TO with FROM < TO`);
    }
    for (const end of [from, to]) deviceParameters({ ...parameters, [searched]: end });
    box[searched] = { from, to };
  }
  return box;
}

/** @throws {ParameterError} for α outside [0, 1] */
export function checkAlpha(alpha: number): void {
  if (!(alpha >= 0 && alpha <= 1)) {
    throw new ParameterError('alpha', alpha, 'a number with 0 ≤ alpha ≤ 1');
  }
}

/** What Γ_α is maximised for, and over which devices. */
export interface SearchRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly box: SearchBox;
  readonly alphas: readonly number[];
  readonly definition: AngularDefinition;
}

/**
 * Maximises Γ_α of heat and of angular momentum for each α, and yields every device that it evaluates.
 * @throws {ParameterError} for an α outside [0, 1], and as `bothDirections`
 */
export function* searchingRectification({
  parameters: given,
  truncation,
  box,
  alphas,
  definition,
}: SearchRequest): Generator<Sample, RectificationSearch> {
  alphas.forEach(checkAlpha);
  const settled = withCutoffSettled(given, truncation);
  const names = Object.keys(box) as Searched[];
  const ranges = names.map((name) => box[name] as Range);
  const samples: Sample[] = [];
  const known = new Map<string, Sample>();

  function* evaluate(values: readonly number[]): Generator<Sample, Sample> {
    const key = values.join(' ');
    const before = known.get(key);
    if (before !== undefined) return before;
    const varied = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    const parameters = deviceParameters({ ...settled, ...varied });
    const pair = bothDirections(parameters, truncation);
    const sample = {
      parameters: varied,
      heat: heat(pair, parameters),
      angular: angular(pair, definition),
    };
    known.set(key, sample);
    samples.push(sample);
    yield sample;
    return sample;
  }

  const best: Best[] = [];
  for (const quantity of ['heat', 'angular'] as const) {
    for (const alpha of alphas) {
      const search = maximising(ranges);
      let step = search.next();
      while (!step.done) {
        const { [quantity]: found } = yield* evaluate(step.value);
        step = search.next(performance(found, alpha));
      }
      const { at, value } = step.value;
      best.push({ ...(yield* evaluate(at)), alpha, quantity, Gamma: value });
    }
  }
  return { cutoff: cutoffOf(settled), best, ...gathered(samples) };
}

/**
 * The same to its end.
 * @param report called after each evaluation, with how many there have been, and with the latest
 */
export function searchRectification(
  parameters: DeviceParameters,
  truncation: Truncation,
  box: SearchBox,
  alphas: readonly number[],
  definition: AngularDefinition,
  report?: (evaluations: number, sample: Sample) => void,
): RectificationSearch {
  const search = searchingRectification({ parameters, truncation, box, alphas, definition });
  for (let evaluations = 1; ; evaluations++) {
    const step = search.next();
    if (step.done) return step.value;
    report?.(evaluations, step.value);
  }
}

const cutoffOf = ({ cutoff }: DeviceParameters): number | null =>
  typeof cutoff === 'number' ? cutoff : null;

function gathered(samples: readonly Sample[]) {
  const front = (quantity: Quantity) =>
    paretoFront(samples, (s) => [s[quantity].R, s[quantity].J] as const);
  return {
    pareto: { heat: front('heat'), angular: front('angular') },
    evaluations: samples.length,
  };
}

/** What a search has found that was ended early: the best of the devices that it had evaluated, one or more. */
export function searchedSoFar(
  given: DeviceParameters,
  truncation: Truncation,
  alphas: readonly number[],
  samples: readonly Sample[],
): RectificationSearch {
  const best = (['heat', 'angular'] as const).flatMap((quantity) =>
    alphas.map((alpha): Best => {
      const Gamma = (sample: Sample) => performance(sample[quantity], alpha);
      // A value that is NaN counts as the lowest.
      const first = samples.reduce((a, b) =>
        Gamma(b) > Gamma(a) || Number.isNaN(Gamma(a)) ? b : a,
      );
      return { ...first, alpha, quantity, Gamma: Gamma(first) };
    }),
  );
  return { cutoff: cutoffOf(withCutoffSettled(given, truncation)), best, ...gathered(samples) };
}
