/** A machine as a description makes it. */
import type { Expression } from '../expression.js';
import type { EnergyPart, Machine } from '../machine.js';
import type { ComplexExpression, OperatorForm } from '../operatorForm.js';
import type { Place } from './error.js';
import type { Scope } from './evaluate.js';
import type { LadderForm } from './ladder.js';
import type { MachineModel } from './models.js';
import type { CompleteDescription } from './schema.js';
import type { Subsystems } from './subsystems.js';
import type { Path } from './text.js';

export interface DescribedParameter {
  readonly name: string;
  readonly default: number;
  readonly unit: string;
  /** Lowest and highest value; ±Infinity for no bound. */
  readonly range: readonly [number, number];
  readonly text: string;
}

/** A bath's jumps, and how its flow counts. */
export interface DescribedBath {
  readonly name: string;
  /** Its inverse temperature; null where it has none. */
  readonly beta: Expression | null;
  /** Where it is said by what it couples to, those of the local master equation. */
  readonly jumps: readonly OperatorForm[];
  /** What it couples to; null where it is said by its jumps. */
  readonly thermal: DescribedCoupling | null;
  /** Whether what it brings into an energy that counts as heat is heat; otherwise all of it is work. */
  readonly isHeat: boolean;
}

/** A bath by what it couples to. */
export interface DescribedCoupling {
  readonly coupling: OperatorForm;
  /** The rate of what brings the energy `omega` into the machine, as an expression in that parameter. */
  readonly rate: Expression;
}

/** Where evolutions begin: populations alone. */
export interface DescribedInitial {
  /** By subsystem the weight of each of its levels. */
  readonly weights: readonly (readonly Expression[])[];
  /** The ladder's level. */
  readonly level: number;
}

/** Collisions with units, each of which comes fresh. */
export interface DescribedCollisions {
  /** The duration of one. */
  readonly tau: Expression;
  /** Subsystems by their places, and their states: weights of levels, or amplitudes. */
  readonly units: readonly {
    readonly at: number;
    readonly isPure: boolean;
    readonly numbers: readonly ComplexExpression[];
  }[];
}

export interface DescribedMachine {
  readonly file: string;
  readonly name: string;
  readonly source: string;
  readonly text: string;
  readonly subsystems: Subsystems;
  readonly ladder: LadderForm;
  /** The master equation that makes jumps of what baths couple to. */
  readonly model: MachineModel;
  readonly parameters: readonly DescribedParameter[];
  readonly energies: readonly EnergyPart[];
  readonly baths: readonly DescribedBath[];
  readonly observables: readonly { readonly name: string; readonly operator: OperatorForm }[];
  readonly initial: DescribedInitial;
  /** Null where it has none. */
  readonly collisions: DescribedCollisions | null;
  /** Energies and baths as the rest of the program has them. */
  readonly machine: Machine;
  /** The file's own words, complete. */
  readonly description: CompleteDescription;
  /** What names in its formulas mean. */
  readonly scope: Scope;
  /** Where a part of the description stands in the file. */
  readonly placeOf: (path: Path) => Place;
}
