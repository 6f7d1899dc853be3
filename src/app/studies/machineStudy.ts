/** A machine that a file describes: what it is, and its steady state. */
import { cpuBackend } from '../../backend/cpu/backend.js';
import { describedMachine } from '../../machine/description/described.js';
import type { DescribedMachine } from '../../machine/description/describedMachine.js';
import { MachineError } from '../../machine/description/error.js';
import { pythonScript } from '../../machine/description/pythonScript.js';
import { EDGE_TOLERANCE } from '../../model/parameters.js';
import { defaultValues, machineWindow } from '../../simulate/machineInputs.js';
import { type MachineReading, machineSteady } from '../../simulate/machineSteady.js';
import { MachineSystem } from '../../simulate/machineSystem.js';
import { NoSteadyStateError } from '../../solve/verdict.js';
import { formulaMarkup, type Markup } from '../machines/markup.js';

export interface MachineRequest {
  /** The file's text. */
  readonly text: string;
}

/** What a file says, to be read by people. */
export interface MachineCard {
  readonly name: string;
  readonly source: string;
  readonly text: string;
  readonly hamiltonian: readonly { readonly name: string; readonly formula: Markup }[];
  readonly baths: readonly { readonly name: string; readonly jumps: readonly Markup[] }[];
  readonly parameters: readonly {
    readonly name: string;
    readonly symbol: Markup;
    readonly value: number;
    readonly unit: string;
    readonly text: string;
  }[];
  /** The same steady state with QuTiP. */
  readonly python: string;
}

export type MachineNumbers = Pick<
  MachineReading,
  'populations' | 'ladder' | 'energies' | 'flows' | 'observables' | 'problems'
> & {
  readonly lmin: number;
  readonly lmax: number;
  readonly method: string;
  readonly reason: string;
  readonly relativeResidual: number;
  readonly seconds: number;
};

/** A card without numbers has no steady state; without a card the file is wrong. `why` says so. */
export type MachineStudyResult =
  | { readonly card: MachineCard; readonly numbers: MachineNumbers; readonly why: null }
  | { readonly card: MachineCard | null; readonly numbers: null; readonly why: string };

/** As messages call the text. */
export const FILE = 'machine.yaml';

function cardOf(described: DescribedMachine): MachineCard {
  const { description, parameters } = described;
  return {
    name: described.name,
    source: described.source,
    text: described.text,
    hamiltonian: Object.entries(description.hamiltonian).map(([name, part]) => ({
      name,
      formula: formulaMarkup(typeof part === 'object' ? part.energy : part),
    })),
    baths: Object.entries(description.baths).map(([name, { jumps = [], coupling }]) => ({
      name,
      // A bath is said by its jumps, or by what it couples to.
      jumps: (coupling === undefined ? jumps : [coupling]).map(formulaMarkup),
    })),
    parameters: parameters.map(({ name, default: value, unit, text }) => ({
      name,
      symbol: formulaMarkup(name),
      value,
      unit,
      text,
    })),
    python: pythonScript(described, defaultValues(described), machineWindow(described)),
  };
}

export async function machineStudy({ text }: MachineRequest): Promise<MachineStudyResult> {
  const begin = performance.now();
  let card: MachineCard | null = null;
  try {
    const described = describedMachine(FILE, text);
    card = cardOf(described);
    const { ladder } = described;
    const reading = await machineSteady(
      new MachineSystem(described),
      defaultValues(described),
      machineWindow(described),
      { space: 'auto', method: 'auto' },
      EDGE_TOLERANCE.given,
      cpuBackend(),
    );
    const { populations, energies, flows, observables, problems, solution } = reading;
    return {
      card,
      numbers: {
        populations,
        ladder: reading.ladder,
        energies,
        flows,
        observables,
        problems,
        lmin: ladder.lmin,
        lmax: ladder.lmax,
        method: `${solution.solver.space}, ${solution.solver.method}`,
        reason: solution.reason,
        relativeResidual: reading.relativeResidual,
        seconds: (performance.now() - begin) / 1e3,
      },
      why: null,
    };
  } catch (error) {
    if (!(error instanceof MachineError || error instanceof NoSteadyStateError)) throw error;
    return { card, numbers: null, why: error.message };
  }
}
