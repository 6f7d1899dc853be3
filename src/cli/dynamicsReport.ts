/** What `qmill fluctuations` prints at frequencies, counting fields and waiting times. */
import type { CountedName, Dynamics, NoiseAt } from '../fluctuations/dynamics.js';
import type { LargeDeviation } from '../fluctuations/largeDeviations.js';
import type { Estimate } from '../lindblad/estimate.js';
import { columnsOf, textTable } from './textTable.js';

/** What a bath's current is called, by itself and where two are named together, and its heat. */
export interface Names {
  readonly current: string;
  readonly short: string;
  readonly heat: string;
}

type NamesOf = (bath: string) => Names;

/** A number is known where its error is so small beside the largest of its kind. */
const KNOWN = 1e-6;

export const record = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
  Object.fromEntries(entries);

const mapped = <T>(
  from: ReadonlyMap<string, Estimate>,
  name: (bath: string) => string,
  pick: (estimate: Estimate) => T,
) => record([...from].map(([bath, estimate]) => [name(bath), pick(estimate)]));

function noiseReport({ omega, quanta, heat, covariances }: NoiseAt, names: NamesOf) {
  const current = (bath: string) => names(bath).current;
  const heatOf = (bath: string) => names(bath).heat;
  const both = ([a, b]: readonly [string, string]) => `${names(a).short}_${names(b).short}`;
  return {
    omega,
    noise: mapped(quanta, current, ({ value }) => value),
    covariances: record(
      covariances.map(({ baths, covariance: { re, im } }) => [both(baths), { re, im }]),
    ),
    heatNoise: mapped(heat, heatOf, ({ value }) => value),
    errors: {
      noise: mapped(quanta, current, ({ error }) => error),
      covariances: record(
        covariances.map(({ baths, covariance: { error } }) => [both(baths), error]),
      ),
      heatNoise: mapped(heat, heatOf, ({ error }) => error),
    },
  };
}

/** What something is called that is counted with another. */
function counterName({ kind, bath }: CountedName, names: NamesOf): string {
  const { short, heat } = names(bath);
  if (kind === 'quanta') return short;
  return heat === short ? `heat:${heat}` : heat;
}

/** The fields of the JSON for what was asked for, and none for what was not. */
export function dynamicsReport(
  { noise, largeDeviations, heatDeviations, jointDeviations, waiting }: Dynamics,
  names: NamesOf,
) {
  const asked = {
    noiseSpectrum: noise?.map((one) => noiseReport(one, names)),
    largeDeviations:
      largeDeviations &&
      record([...largeDeviations].map(([bath, found]) => [names(bath).current, [...found]])),
    heatLargeDeviations:
      heatDeviations.size > 0 &&
      record([...heatDeviations].map(([bath, found]) => [names(bath).heat, [...found]])),
    jointLargeDeviations:
      jointDeviations.length > 0 &&
      record(
        jointDeviations.map(({ of: [a, b], found }) => [
          `${counterName(a, names)}_${counterName(b, names)}`,
          found.map((one) => ({ ...one, chi: [...one.chi], current: [...one.current] })),
        ]),
      ),
    waitingTimes: waiting,
  };
  return record(Object.entries(asked).filter(([, numbers]) => numbers));
}

/** What is not known as well as it is printed, in words. */
export function dynamicsProblems({
  noise,
  largeDeviations,
  heatDeviations,
  jointDeviations,
  waiting,
}: Dynamics): string[] {
  const unknown = (what: string, found: readonly Estimate[]): string[] => {
    const largest = found.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
    const error = found.reduce((most, one) => Math.max(most, one.error), 0);
    return error <= KNOWN * largest ? [] : [`${what} known to ± ${error.toExponential(1)} alone`];
  };
  const [first] = noise ?? [];
  const deviations = [
    ...[...(largeDeviations ?? [])].map(([name, found]) => ({ name, found })),
    ...[...heatDeviations].map(([bath, found]) => ({ name: `heat of ${bath}`, found })),
    ...jointDeviations.map(({ of: [a, b], found }) => ({
      name: `${a.bath} and ${b.bath}`,
      found: found.map(({ chi, ...one }) => ({ ...one, chi: Math.hypot(...chi) })),
    })),
  ];
  return [
    ...[...(first?.quanta.keys() ?? [])].flatMap((bath) =>
      unknown(
        `the noise spectrum of ${bath} is`,
        (noise ?? []).map(({ quanta }) => quanta.get(bath) as Estimate),
      ),
    ),
    ...deviations.flatMap(({ name, found }) =>
      // At the field 0 alone there is nothing to be known.
      found.every(({ chi }) => chi === 0)
        ? []
        : unknown(
            `the large deviations of ${name} are`,
            found.map(({ scgf: value, error }) => ({ value, error })),
          ),
    ),
    ...(waiting === null || waiting.distribution.length === 0
      ? []
      : unknown(
          'the waiting times are',
          waiting.distribution.map(({ density: value, error }) => ({ value, error })),
        )),
  ];
}

function deviationLines(name: string, unit: string, found: readonly LargeDeviation[]): string[] {
  const column = columnsOf(found);
  const columns = [
    column('θ(χ)', ({ scgf }) => scgf, '1/time'),
    column('current θ’(χ)', ({ current }) => current, unit === '1' ? '1/time' : `${unit}/time`),
    column('rate I', ({ rate }) => rate, '1/time'),
    column('error', ({ error }) => error, '1/time'),
  ];
  const along = column('χ', ({ chi }) => chi, unit === '1' ? '1' : `1/${unit}`);
  return ['', ...textTable(along, [{ title: `Large deviations of ${name}`, columns }])];
}

/** The same for people. */
export function describeDynamics(
  { noise, largeDeviations, heatDeviations, jointDeviations, waiting }: Dynamics,
  names: NamesOf,
): string[] {
  const lines: string[] = [];
  const [first] = noise ?? [];
  if (noise !== null && first !== undefined) {
    const column = columnsOf(noise);
    const columns = [...first.quanta.keys()].map((bath) =>
      column(
        `S ${names(bath).current}`,
        ({ quanta }) => quanta.get(bath)?.value ?? Number.NaN,
        '1/time',
      ),
    );
    const along = column('ω', ({ omega }) => omega, '1/time');
    lines.push('', ...textTable(along, [{ title: 'Noise of the currents', columns }]));
  }
  for (const [bath, found] of largeDeviations ?? []) {
    lines.push(...deviationLines(names(bath).current, '1', found));
  }
  for (const [bath, found] of heatDeviations) {
    lines.push(...deviationLines(`the heat ${names(bath).heat}`, 'energy', found));
  }
  for (const { of, found } of jointDeviations) {
    const [a, b] = of.map((one) => counterName(one, names));
    lines.push(
      '',
      `large deviations of ${a} and ${b} together: ${found.length} pairs of fields, in JSON`,
    );
  }
  if (waiting === null) return lines;
  const { jumps, rate, mean, variance, distribution } = waiting;
  lines.push('', `waiting times of ${jumps.join(', ')}`);
  if (rate === 0) return [...lines, '  none of these jumps happens'];
  lines.push(
    `  rate ${rate.toPrecision(12)}, mean ${mean?.toPrecision(12)} = 1/rate, variance ${variance?.toPrecision(12)}`,
  );
  if (distribution.length === 0) return lines;
  const column = columnsOf(distribution);
  const columns = [
    column('density', ({ density }) => density, '1/time'),
    column('error', ({ error }) => error, '1/time'),
  ];
  const along = column('τ', ({ tau }) => tau, 'time');
  return [...lines, '', ...textTable(along, [{ title: 'Probability by time', columns }])];
}
