/**
 * Hermitian matrices that go from one computation to the next: of one machine at other values of its parameters the
 * numbers differ, and where they are does not.
 */
import type { Basis } from '../operators/basis.js';
import { HermitianMatrix, patternOf } from './hermitianMatrix.js';
import type { Rule } from './rules.js';
import { reachableSpace } from './search.js';

interface Kept {
  readonly pattern: string;
  readonly matrix: HermitianMatrix;
}

/** Numbers that are kept for the next. */
const MOST_KEPT = 2 ** 21;

let spare: Kept | null = null;

/** A matrix of rules on the band that they reach, until it is given back. */
export interface LentMatrix {
  readonly matrix: HermitianMatrix;
  giveBack(): void;
}

function refilled(pattern: string, rules: readonly Rule[]): HermitianMatrix | null {
  if (spare?.pattern !== pattern) return null;
  const { matrix } = spare;
  spare = null;
  matrix.fill(rules);
  return matrix;
}

export function lentMatrix(basis: Basis, rules: readonly Rule[], maxDelta: number): LentMatrix {
  const { lmin, size } = basis.window;
  const pattern = `${basis.states} ${lmin} ${size} ${maxDelta}: ${patternOf(rules)}`;
  const matrix =
    refilled(pattern, rules) ?? new HermitianMatrix(reachableSpace(basis, rules, maxDelta), rules);
  return {
    matrix,
    giveBack: () => {
      if (matrix.values.length <= MOST_KEPT) spare = { pattern, matrix };
    },
  };
}
