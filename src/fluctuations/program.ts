/** What is asked of a machine's fluctuations, as formulas: compiled once for all its windows and devices. */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { conservedCharges } from '../lindblad/charges.js';
import { movesOf } from '../lindblad/equation.js';
import { type EquationOf, localEquation } from '../lindblad/masterEquation.js';
import type { SectorProgram } from '../lindblad/sectorProgram.js';
import { type CompiledSector, compiledSector } from '../lindblad/sectorSolution.js';
import { activeMachine, type Machine } from '../machine/machine.js';
import { sum } from '../machine/operatorForm.js';
import type { Values } from '../machine/tape.js';
import { getOrInsert } from '../maps.js';
import {
  changesCharges,
  diagonalOf,
  gainCounter,
  type Quantum,
  quantaCounter,
  quantumOf,
} from './counters.js';
import { BathEntropy } from './entropyProduction.js';
import { type CounterForm, JumpProgram } from './jumpElements.js';

/** A machine with its numbers, as its fluctuations need it. */
export interface FluctuatingMachine {
  readonly machine: Machine;
  /** The master equation. */
  readonly of: EquationOf;
  readonly values: Values;
}

export interface BathProgram {
  readonly name: string;
  readonly quantum: Quantum | null;
  readonly hasHeat: boolean;
  readonly jumps: JumpProgram;
  readonly entropy: BathEntropy;
  /** Whether its entropy production is read off the state between bare states, where alone its jumps are plain. */
  readonly isBare: boolean;
}

/** What is counted of which bath. */
export interface CounterPlace {
  readonly kind: 'quanta' | 'heat';
  readonly bath: string;
  /** The place of the bath, and of what is counted among the counters of its jumps. */
  readonly at: number;
  readonly which: number;
}

/** What is counted of a bath, quanta first. */
const countersOf = ({ name, quantum, hasHeat }: BathProgram, at: number): CounterPlace[] => {
  const kinds = [
    ...(quantum === null ? [] : (['quanta'] as const)),
    ...(hasHeat ? (['heat'] as const) : []),
  ];
  return kinds.map((kind, which) => ({ kind, bath: name, at, which }));
};

/** Formulas of a compiled machine's jumps, the same for all windows and devices. */
export class FluctuationProgram {
  readonly baths: readonly BathProgram[];
  readonly counters: readonly CounterPlace[];
  /** Baths whose quanta are counted, and the places of their counters. */
  readonly counted: readonly string[];
  readonly quanta: readonly number[];
  /** The quanta of a steady state come in multiples of this, bath by bath; null where more can vary. */
  readonly multiples: readonly number[] | null;

  /** @param bareProgram that of the same machine with the local equation */
  constructor(
    compiled: CompiledSector,
    bareProgram: SectorProgram,
    machine: Machine,
    of: EquationOf,
  ) {
    const { program } = compiled;
    const { equation: local } = localEquation(machine);
    const { equation, basis } = of(machine);
    const { states } = machine;
    const charges = conservedCharges(movesOf(local));
    const heat = basis?.hamiltonian() ?? freeEnergy(machine);
    const energies = diagonalOf(heat, states);
    this.baths = equation.dissipators
      .map((dissipator, at) => ({ dissipator, bare: local.dissipators[at] }))
      .filter(({ dissipator }) => dissipator.jumps.length > 0)
      .map(({ dissipator, bare }) => {
        const quantum = quantumOf(charges, states, bare.jumps);
        const counters: CounterForm[] = [
          ...(quantum === null ? [] : [quantaCounter(charges, states, quantum)]),
          ...(energies === null ? [] : [gainCounter(energies)]),
        ];
        const isBare = basis !== null && !compiled.thermal.includes(dissipator.name);
        return {
          name: dissipator.name,
          isBare,
          quantum,
          hasHeat: energies !== null,
          jumps: new JumpProgram(program, dissipator.jumps, counters),
          entropy: isBare
            ? new BathEntropy(bareProgram, bare)
            : new BathEntropy(program, dissipator),
        };
      });
    this.counters = this.baths.flatMap(countersOf);
    this.quanta = [...this.counters.keys()].filter((at) => this.counters[at].kind === 'quanta');
    this.counted = this.quanta.map((at) => this.counters[at].bath);
    // What a bath brings of a charge that is not counted is missing from the balance.
    const isComplete = this.baths.every(
      ({ name, quantum }) =>
        quantum !== null ||
        !changesCharges(
          charges,
          states,
          local.dissipators.find((bath) => bath.name === name)?.jumps ?? [],
        ),
    );
    this.multiples = isComplete ? multiplesOf(this.baths, charges.length) : null;
  }
}

const freeEnergy = (machine: Machine) =>
  sum(...machine.energies.filter(({ isHeat }) => isHeat).map(({ operator }) => operator));

/**
 * What charges allow in a steady state: Σ over baths of quanta · charges is 0, so that all of them vary in proportion
 * where one combination alone is left.
 */
function multiplesOf(baths: readonly BathProgram[], charges: number): readonly number[] | null {
  const counted = baths.filter(({ quantum }) => quantum !== null);
  if (counted.length === 0) return null;
  const matrix = Matrix.zeros(Math.max(charges, counted.length), counted.length);
  counted.forEach(({ quantum }, b) => {
    quantum?.charges.forEach((x, k) => {
      matrix.set(k, b, x);
    });
  });
  const { rank, rightSingularVectors: vectors, diagonal } = new SingularValueDecomposition(matrix);
  if (rank === counted.length) return counted.map(() => 0);
  if (rank < counted.length - 1) return null;
  const at = diagonal.indexOf(Math.min(...diagonal));
  const column = vectors.getColumn(at);
  const largest = column.reduce((m, x) => (Math.abs(x) > Math.abs(m) ? x : m), 0);
  // Charges are counted in whole numbers: what is small beside the largest is rounding.
  return column.map((x) => (Math.abs(x / largest) < 1e-12 ? 0 : x / largest));
}

/** The machine with the local equation, between bare states. */
export const bareOf = ({ machine, values }: FluctuatingMachine): CompiledSector =>
  compiledSector(machine, localEquation, values);

const programs = new WeakMap<CompiledSector, FluctuationProgram>();

export function programOf(
  compiled: CompiledSector,
  request: FluctuatingMachine,
): FluctuationProgram {
  return getOrInsert(programs, compiled, () => {
    const active = activeMachine(request.machine, request.values);
    return new FluctuationProgram(compiled, bareOf(request).program, active, request.of);
  });
}
