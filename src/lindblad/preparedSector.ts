/**
 * The parts of a machine as data, made before: a steady state of it is found and read without anything being derived
 * from its terms. What has expressions in it is derived when it is asked for, and with it all of this again: to the same
 * numbers at the same places.
 */
import type { Machine } from '../machine/machine.js';
import { type MadeTape, Tape } from '../machine/tape.js';
import type { DerivedFlows } from './derivedFlows.js';
import type { EquationOf } from './masterEquation.js';
import { type FlowRecord, PreparedFlows, recordedFlows } from './preparedFlows.js';
import { derivedParts, type SectorParts } from './sectorParts.js';

export interface SectorRecord extends Omit<SectorParts, 'plan' | 'tape' | 'flows'> {
  readonly plan: Omit<SectorParts['plan'], 'offsets'> & { readonly offsets: readonly number[] };
  readonly tape: MadeTape;
  readonly flows: FlowRecord;
}

/** @param machine with the terms that are there; {derivedParts} says what is thrown */
export function preparedSector(machine: Machine, equationOf: EquationOf): SectorRecord {
  const { plan, tape, flows, ...parts } = derivedParts(machine, equationOf);
  const recorded = recordedFlows(flows);
  return {
    ...parts,
    plan: { ...plan, offsets: [...plan.offsets] },
    tape: tape.made,
    flows: recorded,
  };
}

/** The parts that were recorded. @param machine with the terms that are there, where more is asked for */
export function partsOf(
  { plan, tape: made, flows, ...parts }: SectorRecord,
  machine: () => Machine,
  equationOf: EquationOf,
): SectorParts {
  let derived: DerivedFlows | undefined;
  const tape = new Tape(made, () => {
    derived = derivedParts(machine(), equationOf, tape).flows;
    recordedFlows(derived);
  });
  const derivedFlows = () => {
    tape.recall();
    return derived as DerivedFlows;
  };
  return {
    ...parts,
    plan: { ...plan, offsets: Int32Array.from(plan.offsets) },
    tape,
    flows: new PreparedFlows(flows, derivedFlows),
  };
}
