/** The paper's statements about Fig. 2 (Sec. IV A), each looked for in the computation. */

import { maximum } from '../simulate/search.js';
import type { SteadyObservables } from '../simulate/steady.js';
import { type Claim, claimAbout, numberAbout } from './claims.js';
import { boundary, localMaxima } from './search.js';
import { atRatio, figure2Parameters, type TemperatureScan } from './temperatureScan.js';

/** β2/β1 of an engine in the middle of its range. */
const ENGINE = 0.3;
/** Of the largest flow, what may be neglected. */
const NEGLIGIBLE = 1e-6;
/** How far a population may be from a thermal one and be called near it. */
const NEAR_THERMAL = 1e-3;

/** What is said of the devices of the range as a whole, looked at in one of its engines. */
function generalClaims(): Claim[] {
  const { work, heat, qubits } = atRatio(ENGINE);
  const { beta1, B1, B2 } = figure2Parameters;
  const thermal = (beta: number, field: number) => 1 / (Math.exp(2 * beta * field) + 1);
  const excited1 = qubits.populations[2] + qubits.populations[3];
  const excited2 = qubits.populations[1] + qubits.populations[3];
  const off = Math.max(
    Math.abs(excited1 - thermal(beta1, B1)),
    Math.abs(excited2 - thermal(ENGINE * beta1, B2)),
  );
  const largest = Math.max(...Object.values(heat).map(Math.abs), Math.abs(work.WQ));
  const share = Math.abs(work.Wr) / largest;
  return [
    claimAbout('2', {
      claim: 'the power of the load, W^r, is negligible',
      found: share,
      meaning: `|W^r| over the largest flow at β2/β1 = ${ENGINE}`,
      tolerance: `below ${NEGLIGIBLE.toExponential()}`,
      holds: share < NEGLIGIBLE,
    }),
    claimAbout('2', {
      claim: 'each qubit is near the thermal state of its bath',
      found: off,
      meaning: `largest difference of an excited population at β2/β1 = ${ENGINE}`,
      tolerance: `below ${NEAR_THERMAL.toExponential()}`,
      holds: off < NEAR_THERMAL,
    }),
  ];
}

export function figure2Claims(scan: TemperatureScan): Claim[] {
  const { points } = scan;
  const { from, to } = { from: points[0].ratio, to: points[points.length - 1].ratio };
  const engineEnd = boundary((r) => atRatio(r).work.WQ < 0, from, to);
  const heatReversal = boundary((r) => atRatio(r).heat.Q1 < 0, from, to);
  const efficiency = (r: number) => {
    const { heat, work } = atRatio(r);
    return -work.WQ / heat.Q2;
  };
  const engine = points.filter(({ ratio }) => ratio < engineEnd);
  const step = points[1].ratio - points[0].ratio;
  const around = (ratio: number): [number, number] => [
    Math.max(from, ratio - step),
    Math.min(to, ratio + step),
  ];
  const peaks = localMaxima(engine.map(({ ratio }) => efficiency(ratio)));
  const bestEfficiency =
    peaks.length === 0 ? Number.NaN : maximum(efficiency, ...around(engine[peaks[0]].ratio));
  const shortfall = (r: number) => efficiency(r) - atRatio(r).carnotEfficiency;
  const nearest = engine.reduce((best, p) =>
    shortfall(p.ratio) > shortfall(best.ratio) ? p : best,
  );
  const nearCarnot = maximum(shortfall, ...around(nearest.ratio));
  const refrigerator = points.filter(({ observables }) => observables.cop !== null);
  const best = (of: (p: (typeof points)[number]) => number) =>
    refrigerator.reduce((most, p) => (of(p) > of(most) ? p : most));
  const cop = ({ observables }: (typeof points)[number]) => observables.cop ?? 0;
  const bestCop = best(cop);
  const shareOfBound = ({ cop: found, refrigeratorBound }: SteadyObservables) =>
    (found ?? 0) / (refrigeratorBound ?? Number.POSITIVE_INFINITY);
  const bestShare = maximum(
    (r) => shareOfBound(atRatio(r)),
    ...around(best(({ observables }) => shareOfBound(observables)).ratio),
  );
  // Where Q1 changes its sign the COP, Q1 over the work, is 0 whatever the work is.
  const { heat, work } = atRatio(heatReversal);
  const copAtBorder = Math.abs(heat.Q1 / work.WQ);
  const half = cop(bestCop) / 2;
  return [
    numberAbout('2', 'engine for β2/β1 < 0.43', 0.43, engineEnd, 'W^Q changes sign at this β2/β1'),
    numberAbout(
      '2',
      'accelerator up to 0.54, refrigerator above',
      0.54,
      heatReversal,
      'Q1 and Q2 change sign at this β2/β1',
    ),
    numberAbout(
      '2',
      'η has its maximum around 0.31',
      0.31,
      bestEfficiency,
      'β2/β1 of the local maximum of η',
    ),
    numberAbout(
      '2',
      'η gets close to η_C at 0.37',
      0.37,
      nearCarnot,
      'β2/β1 where η_C − η is smallest',
    ),
    numberAbout(
      '2',
      'the COP reaches its maximum at 0.54',
      0.54,
      bestCop.ratio,
      'β2/β1 of the largest COP on the grid of the refrigerator range',
    ),
    numberAbout(
      '2',
      "the same of the COP over Carnot's bound",
      0.54,
      bestShare,
      'β2/β1 of the largest COP/COP_R',
    ),
    claimAbout('2', {
      claim: 'the COP is largest at the border to the accelerator (both at 0.54)',
      found: copAtBorder,
      meaning: `COP at the border, where Q1 is 0; its largest value is ${cop(bestCop).toFixed(4)}`,
      tolerance: 'at least half of that',
      holds: copAtBorder >= half,
    }),
    ...generalClaims(),
  ];
}
