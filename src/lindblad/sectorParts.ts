/** What is known of a machine in the sector of its populations for every window and all its numbers. */
import { productOf } from '../machine/expression.js';
import type { Machine } from '../machine/machine.js';
import { ladderOperator } from '../machine/operatorForm.js';
import type { Range } from '../machine/range.js';
import { type Place, Tape } from '../machine/tape.js';
import { chargeOperators } from './chargeOperators.js';
import { DerivedFlows } from './derivedFlows.js';
import type { PairPlaces } from './eigenbasis.js';
import type { ElementClass } from './equation.js';
import type { FlowPlan } from './flowPlan.js';
import { type EquationOf, localEquation } from './masterEquation.js';
import { type SectorPlan, sectorPlanOf } from './sectorPlan.js';
import {
  type Departures,
  departuresByBath,
  departuresOf,
  quantitiesOf,
  quantityOf,
} from './sectorQuantities.js';

/** Why there is no sector to solve in. */
export class NoSectorError extends Error {
  override readonly name = 'NoSectorError';
}

/** A Bohr frequency at which a thermal bath acts, and that bath's inverse temperature, by their places. */
interface Frequency {
  readonly place: Place;
  readonly beta: number;
  readonly range: Range;
}

/** Data, but for the tape and the flows. */
export interface SectorParts {
  readonly plan: SectorPlan;
  readonly tape: Tape;
  readonly flows: FlowPlan;
  readonly pairs: readonly PairPlaces[];
  readonly frequencies: readonly Frequency[];
  /** Baths of which the master equation makes the jumps. */
  readonly thermal: readonly string[];
  /** The rates at which each thermal bath takes each eigenstate elsewhere; none where there are no eigenstates. */
  readonly departures: readonly Departures[];
  /** The same between bare states, bath by bath; none between eigenstates. */
  readonly departuresByBath: readonly (readonly Departures[])[];
  /** βω of each thermal bath, where it acts between bare states. */
  readonly exponents: readonly Place[];
  /** The classes of the sector between bare states. */
  readonly bareClasses: readonly ElementClass[];
}

/**
 * The parts of a machine, from its terms.
 * @param tape gathers its numbers
 * @throws {NoSectorError} where no charge of the ladder is conserved; {EigenbasisError} where the global equation has no
 * eigenbasis in closed form
 */
export function derivedParts(
  machine: Machine,
  equationOf: EquationOf,
  tape = new Tape(),
): SectorParts & { readonly flows: DerivedFlows } {
  const { equation, basis, frequencies } = equationOf(machine);
  const eigen = basis === null ? null : equation;
  const bare = eigen === null ? equation : localEquation(machine).equation;
  const plan = sectorPlanOf(equation, tape);
  if (plan === null) {
    throw new NoSectorError(`no charge of the ladder is conserved by ${machine.name}`);
  }
  const thermal = machine.baths.filter(({ kind }) => kind === 'thermal').map(({ name }) => name);
  const quantities = quantitiesOf(machine, basis);
  const charges = chargeOperators(bare).map((q, k) => ({
    key: `charge ${k}`,
    bare: q,
    eigen: q,
    isCharge: true,
  }));
  const flows = new DerivedFlows(tape, {
    bare,
    eigen,
    thermal: new Set(thermal),
    quantities: { ...quantities, ...Object.fromEntries(charges.map((q) => [q.key, q])) },
    balances: [...charges, ...machine.energies.map(({ name }) => quantities[name])],
    ofLevel: (f) => quantityOf(f.key, ladderOperator(plan.states, 0, f), basis),
  });
  const pairs =
    basis?.pairs.map((pair) => ({
      ...{ u: pair.u, v: pair.v, apart: pair.apart },
      cosine: tape.place(basis.cosine(pair)),
      sine: tape.place(basis.sine(pair)),
    })) ?? [];
  const { states, classes } = plan;
  const departures = eigen === null ? [] : departuresOf(tape, states, eigen, thermal);
  const byBath = eigen === null ? departuresByBath(tape, states, bare, thermal) : [];
  const exponents = machine.baths.flatMap((bath) =>
    eigen === null && bath.kind === 'thermal' && bath.coupling.length > 0
      ? [tape.place(productOf(bath.beta, bath.frequency))]
      : [],
  );
  const isThere = (u: number, v: number) => classes.some(({ ket, bra }) => ket === u && bra === v);
  return {
    ...{ plan, tape, flows, pairs, thermal, departures, exponents },
    departuresByBath: byBath,
    bareClasses: [
      ...classes,
      ...pairs.flatMap(({ u, v, apart }) =>
        isThere(u, v)
          ? []
          : [
              { ket: u, bra: v, apart: -apart },
              { ket: v, bra: u, apart },
            ],
      ),
    ],
    frequencies: frequencies.map(({ term, quantum, beta }) => ({
      place: tape.place(quantum),
      beta: tape.scalar(beta),
      range: term.range,
    })),
  };
}
