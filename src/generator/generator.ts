/**
 * The one form every backend computes with: a linear map as a list of couplings, each of which adds a
 * stretch of one class, element by element times ket and bra tables, to a stretch of another.
 */
import type { Complex, Table, Transition } from '../operators/operator.js';
import type { Space } from './classes.js';
import { coefficientOf, type Rule, rulesByPair } from './rules.js';

/** y[target + p] += coefficient · ket[ketStart + p] · bra[braStart + p] · x[source + p], 0 ≤ p < count. */
export interface Coupling extends Factors {
  /** Positions of the two classes in the space. */
  readonly sourceClass: number;
  readonly targetClass: number;
  /** Indices into vectors of the space, in complex numbers. */
  readonly source: number;
  readonly target: number;
  readonly coefficient: Complex;
}

/** Factors by rotor level; null stands for 1. */
export interface Factors {
  readonly count: number;
  readonly ket: Table | null;
  readonly ketStart: number;
  readonly bra: Table | null;
  readonly braStart: number;
}

/** Numbers of a coupling, wherever it leads. */
export type Product = Factors & Pick<Coupling, 'coefficient'>;

export interface Generator {
  readonly space: Space;
  readonly couplings: readonly Coupling[];
}

/** Where one rule acts on one class of a space. */
type Placed = (
  rule: number,
  sourceClass: number,
  targetClass: number,
  source: number,
  target: number,
  count: number,
  ketStart: number,
  braStart: number,
) => void;

/** Visits where the rules lead from a space to a target, class by class. What a rule sends elsewhere is dropped. */
export function eachImage(
  space: Space,
  rules: readonly Rule[],
  target: Space,
  visit: Placed,
): void {
  const { classes, states } = space;
  const acting = rulesByPair(states, rules);
  for (let sourceClass = 0; sourceClass < classes.length; sourceClass++) {
    const from = classes[sourceClass];
    for (const at of acting[from.ket * states + from.bra]) {
      const { ket, bra, delta } = rules[at];
      if (delta !== null && delta !== from.delta) continue;
      const ketShift = ket === null ? 0 : ket.shift;
      const targetClass = target.find(
        ket === null ? from.ket : ket.to,
        bra === null ? from.bra : bra.to,
        from.delta + ketShift - (bra === null ? 0 : bra.shift),
      );
      if (targetClass < 0) continue;
      const to = target.classes[targetClass];
      // Levels of the source's ket that are in the source and land in the target.
      const begin = Math.max(from.first, to.first - ketShift);
      const end = Math.min(from.first + from.length, to.first + to.length - ketShift);
      if (end <= begin) continue;
      const first = from.offset + begin - from.first;
      const arrival = to.offset + begin + ketShift - to.first;
      const braStart = begin - from.delta;
      visit(at, sourceClass, targetClass, first, arrival, end - begin, begin, braStart);
    }
  }
}

export const tableOf = (transition: Transition | null): Table | null =>
  transition === null ? null : transition.table;

/** Whether tables of a ket and a bra are the factor that a rule has at the same place. */
function sameFactor(
  sameStart: boolean,
  ketA: Table | null,
  braA: Table | null,
  { ket, bra }: Rule,
): boolean {
  const ketB = tableOf(ket);
  const braB = tableOf(bra);
  if ((ketA !== null && braA !== null) || (ketB !== null && braB !== null)) return false;
  if ((ketA ?? braA) !== (ketB ?? braB)) return false;
  return (ketA === null) === (ketB === null) || sameStart;
}

/** A coupling whose places and coefficient may still change. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };
export type CouplingDraft = Writable<Omit<Coupling, 'coefficient'>> & {
  coefficient: Writable<Complex>;
};

const isZero = ({ re, im }: Complex): boolean => re === 0 && im === 0;

export const negative = (coupling: Coupling): Coupling => ({
  ...coupling,
  coefficient: { re: -coupling.coefficient.re, im: -coupling.coefficient.im },
});

/**
 * The couplings of rules on a space, each an object of its own: those that differ in their coefficient alone are
 * one, and those of 0 none. What a rule sends out of the space is dropped.
 * @param into where they lead, if not to the same space
 */
export function couplingsOn(
  space: Space,
  rules: readonly Rule[],
  into: Space = space,
): CouplingDraft[] {
  const couplings: CouplingDraft[] = [];
  let first = 0;
  let vanishing = false;
  eachImage(
    space,
    rules,
    into,
    (rule, sourceClass, targetClass, source, target, count, ketStart, braStart) => {
      const { length } = couplings;
      if (length > 0 && couplings[length - 1].sourceClass !== sourceClass) first = length;
      const { ket, bra } = rules[rule];
      const { re, im } = coefficientOf(rules[rule]);
      for (let i = first; i < length; i++) {
        const c = couplings[i];
        if (c.source !== source || c.target !== target || c.count !== count) continue;
        if (!sameFactor(ketStart === braStart, c.ket, c.bra, rules[rule])) continue;
        c.coefficient.re += re;
        c.coefficient.im += im;
        vanishing ||= isZero(c.coefficient);
        return;
      }
      vanishing ||= re === 0 && im === 0;
      couplings.push({
        sourceClass,
        targetClass,
        source,
        target,
        count,
        coefficient: { re, im },
        ket: tableOf(ket),
        ketStart,
        bra: tableOf(bra),
        braStart,
      });
    },
  );
  return vanishing ? couplings.filter((c) => !isZero(c.coefficient)) : couplings;
}

/**
 * The same with a coupling of its own for each rule: what rounding takes of a sum goes by its terms, and those of one
 * coupling may cancel, as what a jump leaves where it was does.
 */
export function generatorByRules(space: Space, rules: readonly Rule[]): Generator {
  const couplings: Coupling[] = [];
  eachImage(space, rules, space, (rule, sourceClass, targetClass, source, target, count, ...at) => {
    const { ket, bra } = rules[rule];
    couplings.push({
      ...{ sourceClass, targetClass, source, target, count },
      coefficient: coefficientOf(rules[rule]),
      ...{ ket: tableOf(ket), ketStart: at[0], bra: tableOf(bra), braStart: at[1] },
    });
  });
  return { space, couplings };
}

/** Moves couplings, where they are, to a space of the same classes in another order. */
export function moveCouplings(couplings: CouplingDraft[], from: Space, to: Space): void {
  const place = from.classes.map(({ ket, bra, delta }) => to.find(ket, bra, delta));
  const moved = from.classes.map(({ offset }, c) => to.classes[place[c]].offset - offset);
  for (const c of couplings) {
    c.source += moved[c.sourceClass];
    c.target += moved[c.targetClass];
    c.sourceClass = place[c.sourceClass];
    c.targetClass = place[c.targetClass];
  }
}

/** The rules' action on a space. What a rule sends out of the space is dropped. */
export const generatorOf = (space: Space, rules: readonly Rule[]): Generator => ({
  space,
  couplings: couplingsOn(space, rules),
});

/** Which parts of a coupling's coefficients are not zero throughout. */
export type Kind = 'real' | 'imaginary' | 'complex';

/** Room for the numbers of one coupling after another: an array of its own for each costs more than the arithmetic. */
export class Coefficients {
  kind: Kind = 'complex';
  /** Where `kind` excludes them, of no meaning. */
  readonly re: Float64Array;
  readonly im: Float64Array;

  /** @param most elements of a coupling: no more than the window has levels */
  constructor(most: number) {
    this.re = new Float64Array(most);
    this.im = new Float64Array(most);
  }
}

export function kindOf({ coefficient, ket, bra }: Product): Kind {
  const realTables = (ket === null || ket.im === null) && (bra === null || bra.im === null);
  if (realTables && coefficient.im === 0) return 'real';
  return realTables && coefficient.re === 0 ? 'imaginary' : 'complex';
}

/** The numbers coefficient · ket[ketStart + p] · bra[braStart + p] of a coupling, 0 ≤ p < count. */
export const coefficientsOf = (coupling: Product): Coefficients =>
  coefficientsIn(new Coefficients(coupling.count), coupling);

/** The same, in place of what the room held. */
export function coefficientsIn(coefficients: Coefficients, coupling: Product): Coefficients {
  const { coefficient, ket, ketStart, bra, braStart, count } = coupling;
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
  { ket, ketStart, bra, braStart, count }: Factors,
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
