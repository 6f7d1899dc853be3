/** What `qmill fluctuations` prints at frequencies, counting fields and waiting times. */
import type { Dynamics, NoiseAt } from '../fluctuations/dynamics.js';
import type { Estimate } from '../lindblad/estimate.js';
import { type TextColumn, textTable } from './textTable.js';

/** What a bath's current is called, by itself and where two are named together, and its heat. */
export interface Names {
  readonly current: string;
  readonly short: string;
  readonly heat: string;
}

type NamesOf = (bath: string) => Names;

/** A number is known where its error is so small beside the largest of its kind. */
const KNOWN = 1e-6;

const record = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
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

/** The fields of the JSON for what was asked for, and none for what was not. */
export function dynamicsReport({ noise, largeDeviations, waiting }: Dynamics, names: NamesOf) {
  return {
    ...(noise === null ? {} : { noiseSpectrum: noise.map((one) => noiseReport(one, names)) }),
    ...(largeDeviations === null
      ? {}
      : {
          largeDeviations: record(
            [...largeDeviations].map(([bath, found]) => [names(bath).current, [...found]]),
          ),
        }),
    ...(waiting === null ? {} : { waitingTimes: waiting }),
  };
}

/** What is not known as well as it is printed, in words. */
export function dynamicsProblems({ noise, largeDeviations, waiting }: Dynamics): string[] {
  const unknown = (what: string, found: readonly Estimate[]): string[] => {
    const largest = found.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
    const error = found.reduce((most, one) => Math.max(most, one.error), 0);
    return error <= KNOWN * largest ? [] : [`${what} known to ± ${error.toExponential(1)} alone`];
  };
  const [first] = noise ?? [];
  return [
    ...[...(first?.quanta.keys() ?? [])].flatMap((bath) =>
      unknown(
        `the noise spectrum of ${bath} is`,
        (noise ?? []).map(({ quanta }) => quanta.get(bath) as Estimate),
      ),
    ),
    ...[...(largeDeviations ?? [])].flatMap(([bath, found]) =>
      // At the field 0 alone there is nothing to be known.
      found.every(({ chi }) => chi === 0)
        ? []
        : unknown(
            `the large deviations of ${bath} are`,
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

const column = (symbol: string, values: readonly number[], unit = '1'): TextColumn => ({
  symbol,
  unit,
  values,
});

/** The same for people. */
export function describeDynamics(
  { noise, largeDeviations, waiting }: Dynamics,
  names: NamesOf,
): string[] {
  const lines: string[] = [];
  const [first] = noise ?? [];
  if (noise !== null && first !== undefined) {
    const columns = [...first.quanta.keys()].map((bath) =>
      column(
        `S ${names(bath).current}`,
        noise.map(({ quanta }) => quanta.get(bath)?.value ?? Number.NaN),
        '1/time',
      ),
    );
    const omega = column(
      'ω',
      noise.map((one) => one.omega),
      '1/time',
    );
    lines.push('', ...textTable(omega, [{ title: 'Noise of the currents', columns }]));
  }
  for (const [bath, found] of largeDeviations ?? []) {
    const of = (pick: (one: (typeof found)[number]) => number) => found.map(pick);
    const columns = [
      column(
        'θ(χ)',
        of(({ scgf }) => scgf),
        '1/time',
      ),
      column(
        'current θ’(χ)',
        of(({ current }) => current),
        '1/time',
      ),
      column(
        'rate I',
        of(({ rate }) => rate),
        '1/time',
      ),
      column(
        'error',
        of(({ error }) => error),
        '1/time',
      ),
    ];
    const title = `Large deviations of ${names(bath).current}`;
    lines.push(
      '',
      ...textTable(
        column(
          'χ',
          of(({ chi }) => chi),
        ),
        [{ title, columns }],
      ),
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
  const of = (pick: (one: (typeof distribution)[number]) => number) => distribution.map(pick);
  const columns = [
    column(
      'density',
      of(({ density }) => density),
      '1/time',
    ),
    column(
      'error',
      of(({ error }) => error),
      '1/time',
    ),
  ];
  const tau = column(
    'τ',
    of((one) => one.tau),
    'time',
  );
  return [...lines, '', ...textTable(tau, [{ title: 'Probability by time', columns }])];
}
