/** Which numbers of a tape depend on parameters: the others have no derivatives. */
import { perObject } from '../perObject.js';
import type { Tape } from './tape.js';
import type { ScalarStep, TableStep } from './tapeSteps.js';

/** By the place of a number without a level, and by that of a table. */
export interface Varying {
  readonly scalars: readonly boolean[];
  readonly tables: readonly boolean[];
}

const known = perObject((_: Tape): { scalars: boolean[]; tables: boolean[] } => ({
  scalars: [],
  tables: [],
}));

/** Of the numbers that the tape has now; found once for each. */
export function varyingIn(tape: Tape): Varying {
  const found = known(tape);
  const { scalars, tables } = found;
  const { steps } = tape;
  // What a step is made of stands before it.
  for (let at = scalars.length; at < steps.scalars.length; at++) {
    scalars.push(scalarVaries(steps.scalars[at], scalars));
  }
  for (let at = tables.length; at < steps.tables.length; at++) {
    tables.push(tableVaries(steps.tables[at], found));
  }
  return found;
}

function scalarVaries(step: ScalarStep, scalars: readonly boolean[]): boolean {
  if (step.kind === 'parameter') return true;
  if (step.kind === 'call') return step.of.some((at) => scalars[at]);
  return step.terms.some(({ factors }) => factors.some(({ at }) => scalars[at]));
}

function tableVaries(step: TableStep, { scalars, tables }: Varying): boolean {
  if (step.kind === 'given') return false;
  if (step.kind === 'polynomial') return step.coefficients.some((at) => scalars[at]);
  if (step.kind === 'call') {
    return step.of.some(({ kind, at }) => (kind === 'table' ? tables[at] : scalars[at]));
  }
  return step.terms.some(({ factors }) => factors.some(({ at }) => tables[at]));
}
