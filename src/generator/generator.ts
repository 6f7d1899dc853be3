/**
 * The one form every backend computes with: a linear map as a list of couplings, each of which adds a
 * stretch of one class, element by element times ket and bra tables, to a stretch of another.
 */
import { type Complex, conjugate, conjugateTable, ONE, type Table } from '../model/operator.js';
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

/** Where a coupling stands: what depends on the shape of the rules and not on their numbers. */
export interface Place {
  /** The rules it comes from, which differ in their coefficients alone; the first gives the tables. */
  readonly rules: readonly number[];
  readonly sourceClass: number;
  readonly targetClass: number;
  readonly source: number;
  readonly target: number;
  readonly count: number;
  readonly ketStart: number;
  readonly braStart: number;
}

/** Where the rules act on a space. What a rule sends out of the space is dropped. */
export function placesOf(space: Space, rules: readonly Rule[]): Place[] {
  const places: Place[] = [];
  const { classes } = space;
  for (let sourceClass = 0; sourceClass < classes.length; sourceClass++) {
    const from = classes[sourceClass];
    const firstOfClass = places.length;
    rules.forEach((rule, at) => {
      const name = image(rule, from);
      if (name === null) return;
      const targetClass = space.find(name.ket, name.bra, name.delta);
      if (targetClass < 0) return;
      const to = classes[targetClass];
      const ketShift = rule.ket === null ? 0 : rule.ket.shift;
      // Levels of the source's ket that are in the source and land in the target.
      const begin = Math.max(from.first, to.first - ketShift);
      const end = Math.min(from.first + from.length, to.first + to.length - ketShift);
      if (end <= begin) return;
      merge(places, firstOfClass, rules, {
        rules: [at],
        sourceClass,
        targetClass,
        source: from.offset + begin - from.first,
        target: to.offset + begin + ketShift - to.first,
        count: end - begin,
        ketStart: begin,
        braStart: begin - from.delta,
      });
    });
  }
  return places;
}

/**
 * Appends a place, or joins it to an earlier one that differs in its coefficient alone: what acts on the
 * ket and what acts on the bra of a population are two such.
 */
function merge(places: Place[], first: number, rules: readonly Rule[], place: Place): void {
  const rule = rules[place.rules[0]];
  for (let i = first; i < places.length; i++) {
    const p = places[i];
    if (p.source !== place.source || p.target !== place.target) continue;
    if (p.count !== place.count || !shareTable(place, rules[p.rules[0]], rule)) continue;
    places[i] = { ...p, rules: [...p.rules, ...place.rules] };
    return;
  }
  places.push(place);
}

/** Whether two rules have the same factor at a place: no table, or the same one with the same start. */
function shareTable({ ketStart, braStart }: Place, a: Rule, b: Rule): boolean {
  const ketA = a.ket === null ? null : a.ket.table;
  const braA = a.bra === null ? null : a.bra.table;
  const ketB = b.ket === null ? null : b.ket.table;
  const braB = b.bra === null ? null : b.bra.table;
  if ((ketA !== null && braA !== null) || (ketB !== null && braB !== null)) return false;
  if ((ketA ?? braA) !== (ketB ?? braB)) return false;
  return (ketA === null) === (ketB === null) || ketStart === braStart;
}

/** Whether rules of the same shape as those that the places were found for join at them as those do. */
export function joinAlike(places: readonly Place[], rules: readonly Rule[]): boolean {
  for (const place of places) {
    for (let i = 1; i < place.rules.length; i++) {
      if (!shareTable(place, rules[place.rules[0]], rules[place.rules[i]])) return false;
    }
  }
  return true;
}

/** A coupling that is written anew for each place. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };
export type CouplingDraft = Writable<Omit<Coupling, 'coefficient'>> & {
  coefficient: Writable<Complex>;
};

export const couplingDraft = (): CouplingDraft => ({
  sourceClass: 0,
  targetClass: 0,
  source: 0,
  target: 0,
  count: 0,
  coefficient: { re: Number.NaN, im: Number.NaN },
  ket: null,
  ketStart: 0,
  bra: null,
  braStart: 0,
});

/** Writes the coupling of rules at a place. */
export function drawCoupling(draft: CouplingDraft, place: Place, rules: readonly Rule[]): void {
  const { ket, bra } = rules[place.rules[0]];
  draft.sourceClass = place.sourceClass;
  draft.targetClass = place.targetClass;
  draft.source = place.source;
  draft.target = place.target;
  draft.count = place.count;
  draft.ket = ket === null ? null : ket.table;
  draft.ketStart = place.ketStart;
  draft.bra = bra === null ? null : bra.table;
  draft.braStart = place.braStart;
  let re = 0;
  let im = 0;
  for (let i = 0; i < place.rules.length; i++) {
    const rule = rules[place.rules[i]];
    const a = rule.ket === null ? ONE : rule.ket.coefficient;
    const b = rule.bra === null ? ONE : rule.bra.coefficient;
    re += a.re * b.re - a.im * b.im;
    im += a.re * b.im + a.im * b.re;
  }
  draft.coefficient.re = re;
  draft.coefficient.im = im;
}

/** The couplings of rules at their places, in the same order. */
export function couplingsAt(places: readonly Place[], rules: readonly Rule[]): Coupling[] {
  return places.map((place) => {
    const draft = couplingDraft();
    drawCoupling(draft, place, rules);
    return draft;
  });
}

export const isZero = ({ re, im }: Complex): boolean => re === 0 && im === 0;

export const negative = (coupling: Coupling): Coupling => ({
  ...coupling,
  coefficient: { re: -coupling.coefficient.re, im: -coupling.coefficient.im },
});

/** The rules' action on a space. What a rule sends out of the space is dropped. */
export function generatorOf(space: Space, rules: readonly Rule[]): Generator {
  const couplings = couplingsAt(placesOf(space, rules), rules);
  return { space, couplings: couplings.filter((c) => !isZero(c.coefficient)) };
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

export function kindOf({ coefficient, ket, bra }: Coupling): Kind {
  const realTables = (ket === null || ket.im === null) && (bra === null || bra.im === null);
  if (realTables && coefficient.im === 0) return 'real';
  return realTables && coefficient.re === 0 ? 'imaginary' : 'complex';
}

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
  coefficients.kind = kindOf(coupling);
  if (coefficients.kind === 'real') {
    realFactors(coupling, coefficient.re, re, 0);
  } else if (coefficients.kind === 'imaginary') {
    realFactors(coupling, coefficient.im, im, 0);
  } else {
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

/** Puts factor · ket[ketStart + p] · bra[braStart + p], 0 ≤ p < count, of real tables into out[at + p]. */
export function realFactors(
  { ket, ketStart, bra, braStart, count }: Coupling,
  factor: number,
  out: Float64Array,
  at: number,
): void {
  if (ket === null && bra === null) {
    for (let p = 0; p < count; p++) out[at + p] = factor;
  } else if (ket !== null && bra !== null) {
    const a = ket.re;
    const b = bra.re;
    for (let p = 0; p < count; p++) out[at + p] = factor * a[ketStart + p] * b[braStart + p];
  } else {
    const table = ket === null ? bra : ket;
    const start = ket === null ? braStart : ketStart;
    const a = table === null ? out : table.re;
    for (let p = 0; p < count; p++) out[at + p] = factor * a[start + p];
  }
}
