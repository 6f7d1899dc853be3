/**
 * What an expression of a machine file stands for, and how such values combine: functions of the parameters and of
 * the ladder's level, operators, and the ladder's angle. Sizes are known, and bounded, before a product is formed.
 */
import {
  plus as addedNumbers,
  type Complex,
  times as timesNumber,
} from '../../operators/operator.js';
import {
  call,
  constant,
  type Expression,
  isLevelFree,
  isZero,
  ONE,
  productOf,
  quotient,
  squareRoot,
  sumOf,
  ZERO,
} from '../expression.js';
import type { FunctionName } from '../functions.js';
import {
  type ComplexExpression,
  conjugateComplex,
  ladderOperator,
  type OperatorForm,
  plusComplex,
  product,
  real,
  scale,
  sum,
  timesComplex,
} from '../operatorForm.js';

export type Value =
  /** The same on every state of the subsystems. */
  | { readonly kind: 'function'; readonly f: ComplexExpression }
  | { readonly kind: 'operator'; readonly form: OperatorForm }
  /** φ times a number, and something added. */
  | { readonly kind: 'angle'; readonly turns: Complex; readonly rest: ComplexExpression };

/** Something that has no meaning. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

/** Terms that a product of operators may have before they are joined, and monomials that one of functions may. */
const MOST_TERMS = 20_000;
const MOST_MONOMIALS = 2000;
/** The largest |k| of e^{ikφ}, and the largest power. */
const MOST_SHIFT = 32;
const MOST_POWER = 32;

export const functionValue = (f: ComplexExpression): Value => ({ kind: 'function', f });
const complexConstant = ({ re, im }: Complex): ComplexExpression => ({
  re: re === 0 ? ZERO : constant(re),
  im: im === 0 ? ZERO : constant(im),
});
export const numberValue = (re: number, im = 0): Value =>
  functionValue(complexConstant({ re, im }));
export const operatorValue = (form: OperatorForm): Value => ({ kind: 'operator', form });
export const IMAGINARY: ComplexExpression = { re: ZERO, im: ONE };

const isLevelFreeComplex = ({ re, im }: ComplexExpression): boolean =>
  isLevelFree(re) && isLevelFree(im);

const monomialsOf = ({ re, im }: ComplexExpression): number =>
  re.monomials.length + im.monomials.length;

/** A number that stands there as such; null for anything else. */
function numberOf(value: Value): Complex | null {
  if (value.kind !== 'function') return null;
  const part = ({ monomials: [m, ...others] }: Expression): number | null => {
    if (m === undefined) return 0;
    return others.length === 0 && m.factors.length === 0 ? m.coefficient : null;
  };
  const [re, im] = [part(value.f.re), part(value.f.im)];
  return re === null || im === null ? null : { re, im };
}

/** The operator that a value stands for. */
export function asOperator(states: number, value: Value): OperatorForm {
  if (value.kind === 'operator') return value.form;
  if (value.kind === 'angle') throw new ValueError(ANGLE);
  const { re, im } = value.f;
  if (isZero(re) && isZero(im)) return [];
  return ladderOperator(states, 0, ONE).map((term) => ({ ...term, f: value.f }));
}

const ANGLE = "'phi' stands within exp(i*k*phi), cos(k*phi) or sin(k*phi)";

export function plus(states: number, a: Value, b: Value): Value {
  if (a.kind === 'function' && b.kind === 'function') {
    return functionValue(plusComplex(a.f, b.f));
  }
  if (a.kind === 'angle' || b.kind === 'angle') {
    const [x, y] = [a, b].map(asAngle);
    const turns = addedNumbers(x.turns, y.turns);
    return { kind: 'angle', turns, rest: plusComplex(x.rest, y.rest) };
  }
  return operatorValue(sum(asOperator(states, a), asOperator(states, b)));
}

function asAngle(value: Value): Value & { readonly kind: 'angle' } {
  if (value.kind === 'angle') return value;
  if (value.kind === 'operator' || !isLevelFreeComplex(value.f)) throw new ValueError(ANGLE);
  return { kind: 'angle', turns: { re: 0, im: 0 }, rest: value.f };
}

/** Keeps a sum of numbers from being multiplied out: what cancels in it cancels first. */
function keptWhole({ re, im }: ComplexExpression): ComplexExpression {
  const whole = (x: Expression) => (x.monomials.length > 1 ? call('whole', x) : x);
  return { re: whole(re), im: whole(im) };
}

function timesFunctions(a: ComplexExpression, b: ComplexExpression): ComplexExpression {
  const [x, y] = isLevelFreeComplex(a) && isLevelFreeComplex(b) ? [a, b].map(keptWhole) : [a, b];
  if (monomialsOf(x) * monomialsOf(y) > MOST_MONOMIALS) {
    throw new ValueError(`a product of functions may have at most ${MOST_MONOMIALS} terms`);
  }
  return timesComplex(x, y);
}

/** A product of operators that is not too large to be formed. */
function boundedProduct(a: OperatorForm, b: OperatorForm): OperatorForm {
  const size = (form: OperatorForm) => form.reduce((n, { f }) => n + monomialsOf(f), 0);
  if (size(a) * size(b) > MOST_TERMS * 8) {
    throw new ValueError(`a product of operators may have at most ${MOST_TERMS} terms`);
  }
  const formed = product(a, b);
  if (formed.some(({ shift }) => Math.abs(shift) > MOST_SHIFT)) {
    throw new ValueError(`an operator may move the ladder by at most ${MOST_SHIFT} levels`);
  }
  return formed;
}

/** b acts first. */
export function times(states: number, a: Value, b: Value): Value {
  if (a.kind === 'function' && b.kind === 'function') {
    return functionValue(timesFunctions(a.f, b.f));
  }
  if (a.kind === 'angle' || b.kind === 'angle') {
    const [angle, other] = a.kind === 'angle' ? [a, b] : [b as Value & { kind: 'angle' }, a];
    const factor = numberOf(other);
    if (factor === null || angle.kind !== 'angle') throw new ValueError(ANGLE);
    const rest = timesFunctions(complexConstant(factor), angle.rest);
    return { kind: 'angle', turns: timesNumber(angle.turns, factor), rest };
  }
  const scalar = (value: Value): ComplexExpression | null =>
    value.kind === 'function' && isLevelFreeComplex(value.f) ? value.f : null;
  const [left, right] = [scalar(a), scalar(b)];
  if (left !== null && b.kind === 'operator') return operatorValue(scale(b.form, left));
  if (right !== null && a.kind === 'operator') return operatorValue(scale(a.form, right));
  return operatorValue(boundedProduct(asOperator(states, a), asOperator(states, b)));
}

export const negated = (states: number, a: Value): Value => times(states, numberValue(-1), a);

/** 1/a of a real expression. */
const inverseOf = (a: Expression): Expression =>
  isLevelFree(a) ? quotient(ONE, a) : call('inverse', a);

/** 1/a */
export function inverted(a: Value): Value {
  if (a.kind !== 'function') {
    throw new ValueError(
      a.kind === 'angle'
        ? ANGLE
        : 'nothing is divided by an operator: only by numbers and functions of the level',
    );
  }
  const { re, im } = keptWhole(a.f);
  if (isZero(re) && isZero(im)) throw new ValueError('a division by 0');
  if (isZero(im)) return functionValue(real(inverseOf(re)));
  const norm = sumOf(productOf(re, re), productOf(im, im));
  return functionValue(timesComplex(conjugateComplex({ re, im }), real(inverseOf(norm))));
}

/** aⁿ: a whole n ≥ 0 of anything, and also a negative or half one of functions. */
export function power(states: number, a: Value, exponent: Value): Value {
  const n = numberOf(exponent);
  if (n === null || n.im !== 0 || !Number.isInteger(2 * n.re) || Math.abs(n.re) > MOST_POWER) {
    throw new ValueError(`a power must be a whole number or a half, at most ${MOST_POWER}`);
  }
  if (n.re < 0) return power(states, inverted(a), numberValue(-n.re));
  if (!Number.isInteger(n.re)) return power(states, rootOf(a), numberValue(2 * n.re));
  if (n.re === 0) return numberValue(1);
  let result = a;
  for (let k = 1; k < n.re; k++) result = times(states, result, a);
  return result;
}

const SHAPES = 'must be a real number or a real function of the level';

/** The real expression that a value stands for. @throws {ValueError} */
function realFunction(value: Value): Expression {
  if (value.kind === 'angle') throw new ValueError(ANGLE);
  if (value.kind === 'operator') throw new ValueError(`${SHAPES}, not an operator`);
  if (!isZero(value.f.im)) throw new ValueError(SHAPES);
  return value.f.re;
}

/** The real number that a value stands for. @throws {ValueError} */
export function realNumber(value: Value): Expression {
  const f = realFunction(value);
  if (!isLevelFree(f)) throw new ValueError('must be a real number, the same at every level');
  return f;
}

/** The number that a value stands for. @throws {ValueError} */
export function complexNumber(value: Value): ComplexExpression {
  if (value.kind === 'angle') throw new ValueError(ANGLE);
  if (value.kind === 'function' && isLevelFreeComplex(value.f)) return value.f;
  throw new ValueError('must be a number, the same at every level');
}

export function rootOf(value: Value): Value {
  const of = realFunction(value);
  return functionValue(real(isLevelFree(of) ? squareRoot(of) : call('squareRoot', of)));
}

const callOf = (name: FunctionName, x: Expression): Expression => {
  const known = x.monomials.length === 0;
  if (known && name === 'sine') return ZERO;
  return known && (name === 'cosine' || name === 'exponential') ? ONE : call(name, x);
};

/** e^{x} of a complex function. */
function exponentialOf({ re, im }: ComplexExpression): ComplexExpression {
  const turn = { re: callOf('cosine', im), im: callOf('sine', im) };
  return timesComplex(real(callOf('exponential', re)), turn);
}

/** e^{i·shift·φ} times a function. */
const turned = (states: number, shift: number, f: ComplexExpression): Value =>
  operatorValue(ladderOperator(states, shift, ONE).map((term) => ({ ...term, f })));

const wholeTurns = (turns: number): number => {
  if (!Number.isInteger(turns) || Math.abs(turns) > MOST_SHIFT) {
    throw new ValueError(`must be a whole multiple of phi, at most ${MOST_SHIFT}`);
  }
  return turns;
};

/** e^{x}: of i·k·φ a step by k levels. */
export function exponential(states: number, value: Value): Value {
  if (value.kind === 'operator')
    throw new ValueError('exp takes numbers, functions of the level and i*k*phi, not operators');
  if (value.kind === 'function') return functionValue(exponentialOf(value.f));
  if (value.turns.re !== 0)
    throw new ValueError('exp takes i*k*phi: phi without i is not known to it');
  return turned(states, wholeTurns(value.turns.im), exponentialOf(value.rest));
}

/** cos x or sin x; of φ and its whole multiples, too. */
export function circular(states: number, which: 'cosine' | 'sine', value: Value): Value {
  if (value.kind !== 'angle') {
    return functionValue(real(callOf(which, realFunction(value))));
  }
  if (value.turns.im !== 0 || !isZero(value.rest.im)) throw new ValueError('must be a real angle');
  const shift = wholeTurns(value.turns.re);
  const minus = numberValue(-1);
  // (e^{ix} ± e^{−ix})/2, over i for the sine.
  const side = (sign: 1 | -1) =>
    turned(
      states,
      sign * shift,
      exponentialOf({ re: ZERO, im: productOf(constant(sign), value.rest.re) }),
    );
  const back = which === 'cosine' ? side(-1) : times(states, minus, side(-1));
  const factor = which === 'cosine' ? numberValue(0.5) : numberValue(0, -0.5);
  return times(states, factor, plus(states, side(1), back));
}

/** 1/(e^x − 1), the mean number of quanta of a mode at x = βω. */
export const boseOf = (x: Expression): Expression =>
  call('inverse', call('exponentialMinusOne', x));

/** 1/(e^x + 1) */
export const fermiOf = (x: Expression): Expression =>
  call('inverse', sumOf(call('exponential', x), ONE));
