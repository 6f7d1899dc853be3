/**
 * The one form every backend computes with: a linear map as a list of couplings, each of which adds a
 * stretch of one class, element by element times ket and bra tables, to a stretch of another.
 */
import {
  type Complex,
  conjugate,
  conjugateTable,
  ONE,
  plus,
  type Table,
  times,
} from '../model/operator.js';
import type { Space } from './classes.js';
import { image, type Rule } from './rules.js';

/** y[target + p] += coefficient · ket[ketStart + p] · bra[braStart + p] · x[source + p], 0 ≤ p < count. */
export interface Coupling {
  /** Positions of the two classes in the space. */
  readonly sourceClass: number;
  readonly targetClass: number;
  /** Indices into vectors of the space, in complex numbers. */
  readonly source: number;
  readonly target: number;
  readonly count: number;
  readonly coefficient: Complex;
  /** Factors by rotor level; null stands for 1. */
  readonly ket: Table | null;
  readonly ketStart: number;
  readonly bra: Table | null;
  readonly braStart: number;
}

export interface Generator {
  readonly space: Space;
  readonly couplings: readonly Coupling[];
}

/** The rules' action on a space. What a rule sends out of the space is dropped. */
export function generatorOf(space: Space, rules: readonly Rule[]): Generator {
  const couplings: Coupling[] = [];
  const { classes } = space;
  for (let sourceClass = 0; sourceClass < classes.length; sourceClass++) {
    const from = classes[sourceClass];
    const firstOfClass = couplings.length;
    for (const rule of rules) {
      const name = image(rule, from);
      if (name === null) continue;
      const targetClass = space.find(name.ket, name.bra, name.delta);
      if (targetClass < 0) continue;
      const to = classes[targetClass];
      const { ket, bra } = rule;
      const ketShift = ket === null ? 0 : ket.shift;
      // Levels of the source's ket that are in the source and land in the target.
      const begin = Math.max(from.first, to.first - ketShift);
      const end = Math.min(from.first + from.length, to.first + to.length - ketShift);
      if (end <= begin) continue;
      const coupling = {
        sourceClass,
        targetClass,
        source: from.offset + begin - from.first,
        target: to.offset + begin + ketShift - to.first,
        count: end - begin,
        coefficient: times(ket?.coefficient ?? ONE, bra?.coefficient ?? ONE),
        ket: ket?.table ?? null,
        ketStart: begin,
        bra: bra?.table ?? null,
        braStart: begin - from.delta,
      };
      merge(couplings, firstOfClass, coupling);
    }
  }
  return { space, couplings: couplings.filter((c) => !isZero(c.coefficient)) };
}

const isZero = ({ re, im }: Complex): boolean => re === 0 && im === 0;

/** The table of a coupling that has at most one, and its start; undefined for one that has two. */
function onlyTable({ ket, ketStart, bra, braStart }: Coupling) {
  if (ket === null) return { table: bra, start: bra === null ? 0 : braStart };
  return bra === null ? { table: ket, start: ketStart } : undefined;
}

/** Spelt out, and not spread, so that all couplings keep one layout in memory: loops over them are hot. */
const withCoefficient = (c: Coupling, coefficient: Complex): Coupling => ({
  sourceClass: c.sourceClass,
  targetClass: c.targetClass,
  source: c.source,
  target: c.target,
  count: c.count,
  coefficient,
  ket: c.ket,
  ketStart: c.ketStart,
  bra: c.bra,
  braStart: c.braStart,
});

/**
 * Appends a coupling, or adds it to an earlier one that differs in its coefficient alone: what acts on
 * the ket and what acts on the bra of a population are two such.
 */
function merge(couplings: Coupling[], first: number, coupling: Coupling): void {
  const own = onlyTable(coupling);
  for (let i = first; own !== undefined && i < couplings.length; i++) {
    const c = couplings[i];
    if (c.source !== coupling.source || c.target !== coupling.target) continue;
    if (c.count !== coupling.count) continue;
    const other = onlyTable(c);
    if (other === undefined || other.table !== own.table || other.start !== own.start) continue;
    couplings[i] = withCoefficient(c, plus(c.coefficient, coupling.coefficient));
    return;
  }
  couplings.push(coupling);
}

/** The adjoint map: every coupling reversed, its coefficients conjugated. */
export function adjointGenerator({ space, couplings }: Generator): Generator {
  return {
    space,
    couplings: couplings.map((c) => ({
      ...c,
      sourceClass: c.targetClass,
      targetClass: c.sourceClass,
      source: c.target,
      target: c.source,
      coefficient: conjugate(c.coefficient),
      ket: c.ket && conjugateTable(c.ket),
      bra: c.bra && conjugateTable(c.bra),
    })),
  };
}

/** Which parts of a coupling's coefficients are not zero throughout. */
export type Kind = 'real' | 'imaginary' | 'complex';

/** What coefficientsOf found; overwritten by its next call, parts that `kind` excludes left as they were. */
export const coefficients = {
  kind: 'complex' as Kind,
  re: new Float64Array(64),
  im: new Float64Array(64),
};

/**
 * Puts the numbers coefficient · ket[ketStart + p] · bra[braStart + p] of a coupling, 0 ≤ p < count,
 * into `coefficients`. (One place for all of them: an allocation costs more than the arithmetic.)
 */
export function coefficientsOf(coupling: Coupling): typeof coefficients {
  const { coefficient, ket, ketStart, bra, braStart, count } = coupling;
  if (coefficients.re.length < count) {
    coefficients.re = new Float64Array(count);
    coefficients.im = new Float64Array(count);
  }
  const { re, im } = coefficients;
  const realTables = (ket === null || ket.im === null) && (bra === null || bra.im === null);
  if (realTables && coefficient.im === 0) {
    coefficients.kind = 'real';
    realFactors(coupling, coefficient.re, re);
  } else if (realTables && coefficient.re === 0) {
    coefficients.kind = 'imaginary';
    realFactors(coupling, coefficient.im, im);
  } else {
    coefficients.kind = 'complex';
    for (let p = 0; p < count; p++) {
      const a = ket === null ? 1 : ket.re[ketStart + p];
      const b = ket === null || ket.im === null ? 0 : ket.im[ketStart + p];
      const c = bra === null ? 1 : bra.re[braStart + p];
      const d = bra === null || bra.im === null ? 0 : bra.im[braStart + p];
      const u = a * c - b * d;
      const v = a * d + b * c;
      re[p] = coefficient.re * u - coefficient.im * v;
      im[p] = coefficient.re * v + coefficient.im * u;
    }
  }
  return coefficients;
}

function realFactors(
  { ket, ketStart, bra, braStart, count }: Coupling,
  factor: number,
  out: Float64Array,
): void {
  if (ket === null && bra === null) {
    for (let p = 0; p < count; p++) out[p] = factor;
  } else if (ket !== null && bra !== null) {
    for (let p = 0; p < count; p++) out[p] = factor * ket.re[ketStart + p] * bra.re[braStart + p];
  } else if (ket !== null) {
    for (let p = 0; p < count; p++) out[p] = factor * ket.re[ketStart + p];
  } else if (bra !== null) {
    for (let p = 0; p < count; p++) out[p] = factor * bra.re[braStart + p];
  }
}
