/** The local model's zero-charge steady state in 80 decimal digits, from its rate equations. */
import { Decimal as Base } from 'decimal.js';
import type { Numbers } from '../support/dense.js';
import { exactDecimal } from '../support/exactDecimal.js';
import { solveDecimals } from './decimals.js';
import { type PreciseCounts, preciseCounting } from './preciseCounting.js';

const Decimal = Base.clone({ precision: 80 });
type D = InstanceType<typeof Decimal>;

const d = (x: number): D => exactDecimal(Decimal, x);

const occupation = (beta: number, field: number): D =>
  d(1).div(d(2).times(d(beta)).times(d(field)).exp().minus(1));
const couplings = ({ g, chi }: Numbers): [D, D] => [
  d(g)
    .times(d(1).minus(d(chi)))
    .pow(2),
  d(g)
    .times(d(1).plus(d(chi)))
    .pow(2),
];

/** Q̇_1, Q̇_2, Q̇_r of these populations, Eqs. (19) and (21). */
export function highPrecisionHeat(
  values: Numbers,
  lmin: number,
  populations: readonly (readonly D[])[],
): Record<'Q1' | 'Q2' | 'Qr', D> {
  const total = (s: number) => Decimal.sum(...populations[s]);
  const heat = (g: D, n: D, field: number, low: D, high: D) =>
    g
      .times(n.times(low).minus(n.plus(1).times(high)))
      .times(2)
      .times(d(field));
  const [g1, g2] = couplings(values);
  const [p00, p01, p10, p11] = [0, 1, 2, 3].map(total);
  const A = d(values.I).times(d(values.gamma)).div(d(values.betaR));
  const a = d(values.betaR).div(d(4).times(d(values.I)));
  const level = (i: number) => Decimal.sum(...populations.map((p) => p[i]));
  let Qr = d(0);
  for (let i = 0; i + 1 < populations[0].length; i++) {
    const l = lmin + i;
    const rise = A.times(d(1).minus(a.times(l)).pow(2)).times(level(i));
    const fall = A.times(
      d(1)
        .plus(a.times(l + 1))
        .pow(2),
    ).times(level(i + 1));
    Qr = Qr.plus(rise.minus(fall).times(2 * l + 1));
  }
  return {
    Q1: heat(g1, occupation(values.beta1, values.B1), values.B1, p00.plus(p01), p10.plus(p11)),
    Q2: heat(g2, occupation(values.beta2, values.B2), values.B2, p00.plus(p10), p01.plus(p11)),
    Qr: Qr.div(d(2).times(d(values.I))),
  };
}

/** What the load produces of entropy: Σ over its jumps of rate · population · ln(rate/rate of the reverse). */
function loadEntropy(
  { I, gamma, betaR }: Numbers,
  lmin: number,
  populations: readonly (readonly D[])[],
): D {
  const A = d(I).times(d(gamma)).div(d(betaR));
  const a = d(betaR).div(d(4).times(d(I)));
  let total = d(0);
  for (let i = 0; i + 1 < populations[0].length; i++) {
    const l = lmin + i;
    const rise = A.times(d(1).minus(a.times(l)).pow(2));
    const fall = A.times(
      d(1)
        .plus(a.times(l + 1))
        .pow(2),
    );
    const [low, high] = [i, i + 1].map((k) => Decimal.sum(...populations.map((p) => p[k])));
    const flow = rise.times(low).minus(fall.times(high));
    total = total.plus(flow.times(rise.div(fall).ln()));
  }
  return total;
}

/** Entropy production by Spohn: thermal baths by Clausius, the load by its own rates between levels. */
export function highPrecisionEntropy(
  values: Numbers,
  lmin: number,
  populations: readonly (readonly D[])[],
  { Q1, Q2 }: { readonly Q1: D; readonly Q2: D },
): D {
  return loadEntropy(values, lmin, populations)
    .minus(d(values.beta1).times(Q1))
    .minus(d(values.beta2).times(Q2));
}

/** The populations, and the first cumulants of the quanta of the load. */
export interface HighPrecisionLocal {
  readonly populations: D[][];
  counted(order?: number): PreciseCounts;
}

/**
 * Populations [s][l − lmin], s = 00, 01, 10, 11, and what the load counts.
 *
 * Unknowns of site l: the populations p_s(l), then Re and Im of c(l) = ⟨10, l+1|ρ|01, l⟩.
 */
export function highPrecisionLocal(
  values: Numbers & { readonly kappa1?: number; readonly kappa2?: number },
  lmin: number,
  lmax: number,
): HighPrecisionLocal {
  const size = lmax - lmin + 1;
  const n = 6 * size;
  const zero = d(0);
  const m: D[][] = Array.from({ length: n }, () => Array.from({ length: n + 1 }, () => zero));
  const at = (l: number, unknown: number) => 6 * (l - lmin) + unknown;
  const add = (row: number, column: number, value: D) => {
    m[row][column] = m[row][column].plus(value);
  };
  const flow = (from: number, to: number, rate: D) => {
    add(to, from, rate);
    add(from, from, rate.neg());
  };
  const [up, down] = [0, 1].map(() => Array.from({ length: n }, () => Array<D>(n).fill(zero)));

  const n1 = occupation(values.beta1, values.B1);
  const n2 = occupation(values.beta2, values.B2);
  const [g1, g2] = couplings(values);
  const A = d(values.I).times(d(values.gamma)).div(d(values.betaR));
  const a = d(values.betaR).div(d(4).times(d(values.I)));
  const raising = (l: number) => d(1).minus(a.times(l));
  const lowering = (l: number) => d(1).plus(a.times(l));
  const out = (l: number) =>
    A.times((l < lmax ? raising(l).pow(2) : zero).plus(l > lmin ? lowering(l).pow(2) : zero));
  const lambda = d(values.lambda);
  const dephasing = d(values.kappa1 ?? 0)
    .plus(d(values.kappa2 ?? 0))
    .times(2);

  for (let l = lmin; l <= lmax; l++) {
    for (const low of [0, 1]) {
      flow(at(l, low), at(l, low + 2), g1.times(n1));
      flow(at(l, low + 2), at(l, low), g1.times(n1.plus(1)));
    }
    for (const low of [0, 2]) {
      flow(at(l, low), at(l, low + 1), g2.times(n2));
      flow(at(l, low + 1), at(l, low), g2.times(n2.plus(1)));
    }
    for (let s = 0; s < 4; s++) {
      if (l < lmax) {
        up[at(l + 1, s)][at(l, s)] = A.times(raising(l).pow(2));
        flow(at(l, s), at(l + 1, s), up[at(l + 1, s)][at(l, s)]);
      }
      if (l > lmin) {
        down[at(l - 1, s)][at(l, s)] = A.times(lowering(l).pow(2));
        flow(at(l, s), at(l - 1, s), down[at(l - 1, s)][at(l, s)]);
      }
    }
    const [re, im] = [at(l, 4), at(l, 5)];
    if (l === lmax) {
      add(re, re, d(1));
      add(im, im, d(1));
      continue;
    }
    add(at(l + 1, 2), im, lambda.times(-2));
    add(at(l, 1), im, lambda.times(2));
    add(im, at(l, 1), lambda.neg());
    add(im, at(l + 1, 2), lambda);
    const frequency = d(2)
      .times(d(values.B1).minus(d(values.B2)))
      .plus(d(2 * l + 1).div(d(2).times(d(values.I))));
    add(re, im, frequency);
    add(im, re, frequency.neg());
    const decay = g1
      .times(n1.times(2).plus(1))
      .plus(g2.times(n2.times(2).plus(1)))
      .plus(out(l))
      .plus(out(l + 1))
      .div(-2)
      .minus(dephasing);
    add(re, re, decay);
    add(im, im, decay);
    if (l + 1 < lmax) {
      const rate = A.times(raising(l)).times(raising(l + 1));
      add(at(l + 1, 4), re, rate);
      add(at(l + 1, 5), im, rate);
      up[at(l + 1, 4)][re] = rate;
      up[at(l + 1, 5)][im] = rate;
    }
    if (l > lmin) {
      const rate = A.times(lowering(l)).times(lowering(l + 1));
      add(at(l - 1, 4), re, rate);
      add(at(l - 1, 5), im, rate);
      down[at(l - 1, 4)][re] = rate;
      down[at(l - 1, 5)][im] = rate;
    }
  }

  const generator = m.map((row) => [...row]);
  const isPopulation = generator.map((_, k) => k % 6 < 4);
  // The sum of all populations' equations is 0 = 0; the normalisation takes the place of one.
  m[0] = [...isPopulation.map((is) => (is ? d(1) : zero)), d(1)];
  const x = solveDecimals(m);
  return {
    populations: [0, 1, 2, 3].map((s) => Array.from({ length: size }, (_, i) => x[6 * i + s])),
    counted: (order) => preciseCounting(x, { generator, isPopulation, up, down }, order),
  };
}

/** Its populations alone. */
export const highPrecisionPopulations = (values: Numbers, lmin: number, lmax: number): D[][] =>
  highPrecisionLocal(values, lmin, lmax).populations;
