/** The rate of a bath between eigenstates, by the energy that it brings into the machine, with its derivatives. */
import type { Expression } from '../machine/expression.js';
import { FREQUENCY } from '../machine/machine.js';
import { Tape, type Values } from '../machine/tape.js';
import { type Slope, TapeSlopes } from '../machine/tapeSlopes.js';

export interface GainRate {
  readonly value: number;
  /** By parameter, of which `FREQUENCY` is the energy itself. */
  readonly by: ReadonlyMap<string, Slope>;
}

/** @param rate of the energy `FREQUENCY` */
export function gainRates(rate: Expression, values: Values): (gain: number) => GainRate {
  const tape = new Tape();
  const at = tape.scalar(rate);
  const numbers = tape.numbers(0, 1, false);
  return (gain) => {
    numbers.fill({ ...values, [FREQUENCY]: gain });
    const value = numbers.scalar(at);
    const slopes = new TapeSlopes(tape, numbers, 0, 1);
    slopes.addScalar(at, 1);
    const found = slopes.byParameter();
    // Of a rate below the smallest number there is the derivatives are, too.
    const isGone = (slope: Slope) => value === 0 && Number.isNaN(slope.value);
    return { value, by: new Map([...found].filter(([, slope]) => !isGone(slope))) };
  };
}
