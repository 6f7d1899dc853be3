/** The adjoint map of a generator: every coupling reversed, its coefficients conjugated. */
import type { Generator } from '../../src/generator/generator.js';
import { conjugate, conjugateTable } from '../../src/operators/operator.js';

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
