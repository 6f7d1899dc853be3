/**
 * The one form every backend computes with: a linear map as a list of couplings, each of which adds a
 * stretch of one class, element by element times ket and bra tables, to a stretch of another.
 */
import {
  type Complex,
  conjugate,
  conjugateTable,
  ONE,
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
    for (const rule of rules) {
      const name = image(rule, from);
      if (name === null) continue;
      const targetClass = space.find(name.ket, name.bra, name.delta);
      if (targetClass < 0) continue;
      const to = classes[targetClass];
      const ketShift = rule.ket === null ? 0 : rule.ket.shift;
      // Levels of the source's ket that are in the source and land in the target.
      const begin = Math.max(from.first, to.first - ketShift);
      const end = Math.min(from.first + from.length, to.first + to.length - ketShift);
      if (end <= begin) continue;
      couplings.push({
        sourceClass,
        targetClass,
        source: from.offset + begin - from.first,
        target: to.offset + begin + ketShift - to.first,
        count: end - begin,
        coefficient: times(rule.ket?.coefficient ?? ONE, rule.bra?.coefficient ?? ONE),
        ket: rule.ket?.table ?? null,
        ketStart: begin,
        bra: rule.bra?.table ?? null,
        braStart: begin - from.delta,
      });
    }
  }
  return { space, couplings };
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

/**
 * The numbers coefficient · ket[ketStart + p] · bra[braStart + p] of a coupling, p = 0 … count − 1.
 * @param re, im receive them; at least `count` long each
 * @returns whether any imaginary part may be non-zero; `im` is left untouched where none is.
 */
export function coefficientsOf(coupling: Coupling, re: Float64Array, im: Float64Array): boolean {
  const { coefficient, ket, ketStart, bra, braStart, count } = coupling;
  const { re: x, im: y } = coefficient;
  for (let p = 0; p < count; p++) re[p] = x;
  if (ket !== null) for (let p = 0; p < count; p++) re[p] *= ket.re[ketStart + p];
  if (bra !== null) for (let p = 0; p < count; p++) re[p] *= bra.re[braStart + p];
  const ketIm = ket === null ? null : ket.im;
  const braIm = bra === null ? null : bra.im;
  if (y === 0 && ketIm === null && braIm === null) return false;
  for (let p = 0; p < count; p++) {
    const a = ket === null ? 1 : ket.re[ketStart + p];
    const b = ketIm === null ? 0 : ketIm[ketStart + p];
    const c = bra === null ? 1 : bra.re[braStart + p];
    const d = braIm === null ? 0 : braIm[braStart + p];
    const u = a * c - b * d;
    const v = a * d + b * c;
    re[p] = x * u - y * v;
    im[p] = x * v + y * u;
  }
  return true;
}
