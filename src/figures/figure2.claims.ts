/** The paper's statements about Fig. 2 (Sec. IV A), each looked for in the computation. */

import { maximum } from '../simulate/search.js';
import { agreesToTwoDecimals, type Claim } from './claims.js';
import { boundary, localMaxima } from './search.js';
import { atRatio, type TemperatureScan } from './temperatureScan.js';

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
  const bestCop = refrigerator.reduce((best, p) =>
    (p.observables.cop ?? 0) > (best.observables.cop ?? 0) ? p : best,
  ).ratio;
  const row = (claim: string, paper: number, found: number, meaning: string): Claim => ({
    figure: '2',
    claim,
    paper,
    found,
    meaning,
    agrees: agreesToTwoDecimals(found, paper),
  });
  return [
    row('engine for β2/β1 < 0.43', 0.43, engineEnd, 'W^Q changes sign at this β2/β1'),
    row(
      'accelerator up to 0.54, refrigerator above',
      0.54,
      heatReversal,
      'Q1 and Q2 change sign at this β2/β1',
    ),
    row('η has its maximum around 0.31', 0.31, bestEfficiency, 'β2/β1 of the local maximum of η'),
    row('η gets close to η_C at 0.37', 0.37, nearCarnot, 'β2/β1 where η_C − η is smallest'),
    row(
      'the COP reaches its maximum at 0.54',
      0.54,
      bestCop,
      'β2/β1 of the largest COP on the grid of the refrigerator range',
    ),
  ];
}
