/** The paper's statements about Fig. 3 (Sec. IV A), each looked for in the computation. */
import { agreesToTwoDecimals, type Claim } from './claims.js';
import { boundary } from './search.js';
import { atRatio, type TemperatureScan } from './temperatureScan.js';

/** What is taken for a small β2/β1. */
const SMALL_RATIO = 0.1;

/** Below this an ergotropy counts as zero: rounding leaves about 1e-15. */
const ZERO_ERGOTROPY = 1e-12;

export function figure3Claims({ points }: TemperatureScan): Claim[] {
  const first = points[0];
  const last = points[points.length - 1];
  const vanishing = boundary(
    (r) => atRatio(r).ergotropy.qubits > ZERO_ERGOTROPY,
    first.ratio,
    last.ratio,
  );
  const largest = (['total', 'qubits', 'rotor'] as const).map((part) =>
    points.reduce((best, p) =>
      p.observables.ergotropy[part] > best.observables.ergotropy[part] ? p : best,
    ),
  );
  const mostExcited = Math.max(
    ...points.map(({ observables }) => {
      const [, p01, p10, p11] = observables.qubits.populations;
      return Math.max(p10 + p11, p01 + p11);
    }),
  );
  return [
    {
      figure: '3',
      claim: 'the ergotropy of the two qubits vanishes near B1/B2 = 0.4',
      paper: 0.4,
      found: vanishing,
      meaning: 'β2/β1 above which it is zero',
      agrees: agreesToTwoDecimals(vanishing, 0.4),
    },
    {
      figure: '3',
      claim: 'the ergotropies are largest where β2/β1 is small (below 0.1)',
      paper: null,
      found: Math.max(...largest.map(({ ratio }) => ratio)),
      meaning: 'largest β2/β1 at which one of the three has its maximum',
      agrees: largest.every(({ ratio }) => ratio < SMALL_RATIO),
    },
    {
      figure: '3',
      claim: 'each qubit by itself has no ergotropy',
      paper: null,
      found: mostExcited,
      meaning: 'largest excited population of one qubit (no ergotropy below 0.5)',
      agrees: mostExcited < 0.5,
    },
  ];
}
