/** The paper's statements about Fig. 3 (Sec. IV A), each looked for in the computation. */
import { type Claim, claimAbout, numberAbout } from './claims.js';
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
    numberAbout(
      '3',
      'the ergotropy of the two qubits vanishes near B1/B2 = 0.4',
      0.4,
      vanishing,
      'β2/β1 above which it is zero',
    ),
    claimAbout('3', {
      claim: 'the ergotropies are largest where β2/β1 is small (below 0.1)',
      found: Math.max(...largest.map(({ ratio }) => ratio)),
      meaning: 'largest β2/β1 at which one of the three has its maximum',
      tolerance: `below ${SMALL_RATIO}`,
      holds: largest.every(({ ratio }) => ratio < SMALL_RATIO),
    }),
    claimAbout('3', {
      claim: 'each qubit by itself has no ergotropy',
      found: mostExcited,
      meaning: 'largest excited population of one qubit',
      tolerance: 'below 0.5',
      holds: mostExcited < 0.5,
    }),
  ];
}
