/** The ladders that a machine can have: their levels, and the operators that expressions know them by. */
import {
  call,
  constant,
  difference,
  type Expression,
  level,
  productOf,
  sumOf,
} from '../expression.js';
import { adjoint, ladderOperator, type OperatorForm, real, scale, sum } from '../operatorForm.js';
import { functionValue, operatorValue, type Value } from './value.js';

export type LadderKind = 'rotor' | 'charge' | 'oscillator' | 'spin' | 'ring' | 'finite' | 'none';

/** Which levels beyond the ends of a window are cut off. */
export interface OpenEnds {
  readonly below: boolean;
  readonly above: boolean;
}

export interface LadderForm {
  readonly kind: LadderKind;
  /** What its level is called; null where there is but one level. */
  readonly symbol: string | null;
  /** The quantity that the symbol stands for, by the index of the level. */
  readonly quantity: Expression;
  readonly lmin: number;
  readonly lmax: number;
  /** Whether there are levels below and above the window that are cut off. */
  readonly open: OpenEnds;
  /** Names of its operators in expressions. */
  readonly names: ReadonlyMap<string, Value>;
}

const ANGLE: Value = { kind: 'angle', turns: { re: 1, im: 0 }, rest: real(constant(0)) };

/** Levels lmin … lmax of a rotor or of charges: integers less an offset. */
export function turningLadder(
  kind: 'rotor' | 'charge',
  [lmin, lmax]: readonly [number, number],
  offset: Expression | null,
): LadderForm {
  const symbol = kind === 'rotor' ? 'L' : 'n';
  const quantity = offset === null ? level : difference(level, offset);
  const names = new Map<string, Value>([
    [symbol, functionValue(real(quantity))],
    ['phi', ANGLE],
  ]);
  return { kind, symbol, quantity, lmin, lmax, open: { below: true, above: true }, names };
}

/** Levels 0 … lmax, of which none but those of an oscillator go on. */
const fromZero = (
  kind: LadderKind,
  symbol: string | null,
  lmax: number,
  names: readonly (readonly [string, Value])[],
  quantity: Expression = level,
): LadderForm => ({
  ...{ kind, symbol, quantity, lmin: 0, lmax },
  open: { below: false, above: kind === 'oscillator' },
  names: new Map(names),
});

/** The lowest levels of an oscillator. */
export function oscillatorLadder(states: number, levels: number): LadderForm {
  const a = ladderOperator(states, -1, call('squareRoot', level));
  return fromZero('oscillator', 'n', levels - 1, [
    ['n', functionValue(real(level))],
    ['a', operatorValue(a)],
    ['ad', operatorValue(adjoint(a))],
  ]);
}

/** A spin J, whole or half: level l has m = l − J. */
export function spinLadder(states: number, spin: number): LadderForm {
  const quantity = difference(level, constant(spin));
  // (J − m)(J + m + 1)
  const square = productOf(difference(constant(2 * spin), level), sumOf(level, constant(1)));
  const raising = ladderOperator(states, 1, call('squareRoot', square));
  const lowering = adjoint(raising);
  const i = { re: constant(0), im: constant(1) };
  const y: OperatorForm = scale(sum(lowering, scale(raising, -1)), i);
  const names: readonly (readonly [string, Value])[] = [
    ['Jz', functionValue(real(quantity))],
    ['Jp', operatorValue(raising)],
    ['Jm', operatorValue(lowering)],
    ['Jx', operatorValue(scale(sum(raising, lowering), 0.5))],
    ['Jy', operatorValue(scale(y, 0.5))],
  ];
  return fromZero('spin', 'Jz', 2 * spin, names, quantity);
}

/** Sites 0 … N − 1 in a ring: from the last one a step leads to the first. */
export const ringLadder = (states: number, sites: number): LadderForm =>
  fromZero('ring', 'site', sites - 1, [
    ['site', functionValue(real(level))],
    ['hop', operatorValue(sum(ladderOperator(states, 1), ladderOperator(states, 1 - sites)))],
  ]);

/** Levels 0 … N − 1 and no more. */
export const finiteLadder = (states: number, levels: number): LadderForm =>
  fromZero('finite', 'n', levels - 1, [
    ['n', functionValue(real(level))],
    ['up', operatorValue(ladderOperator(states, 1))],
    ['down', operatorValue(ladderOperator(states, -1))],
  ]);

export const NO_LADDER = fromZero('none', null, 0, []);

/** The ladders that have an operator of a name. */
export const laddersWith = (name: string): LadderKind[] =>
  [
    ...(['rotor', 'charge'] as const).map((kind) => turningLadder(kind, [0, 1], null)),
    ...[oscillatorLadder(1, 2), spinLadder(1, 0.5), ringLadder(1, 2), finiteLadder(1, 2)],
  ].flatMap(({ kind, names }) => (names.has(name) ? [kind] : []));
