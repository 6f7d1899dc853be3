/** What runs report beside the observables of steady states: one record each, for tables and schemas. */
import {
  describedObservable,
  type ObservableName,
  observableRecord,
} from '../simulate/observableRecords.js';

export interface RunRecord {
  readonly symbol: string;
  readonly unit: string;
  readonly description: string;
}

export const runRecords = {
  t: { symbol: 't', unit: '1/energy', description: 'time' },
  step: { symbol: 'step', unit: '1', description: 'collisions so far' },
  dU: { symbol: 'U̇', unit: 'energy/time', description: 'change of the energy of the device' },
  entropyProduction: { symbol: 'Σ̇', unit: '1/time', description: 'of the collision alone' },
  n1: { symbol: 'n₁', unit: '1', description: 'population of the upper level of qubit 1' },
  n2: { symbol: 'n₂', unit: '1', description: 'population of the upper level of qubit 2' },
  coherence: { symbol: 'Re c', unit: '1', description: 'real part of ⟨σ1⁺σ2⁻e^{iφ}⟩' },
  coherence_imag: { symbol: 'Im c', unit: '1', description: 'its imaginary part' },
  'exchanged.Q1': { symbol: 'Q₁', unit: 'energy', description: 'heat from bath 1 until then' },
  'exchanged.Q2': { symbol: 'Q₂', unit: 'energy', description: 'heat from bath 2 until then' },
  'exchanged.Qr': { symbol: 'Qᵣ', unit: 'energy', description: 'heat from the load until then' },
  'jumps.bath1': { symbol: 'N₁', unit: '1', description: 'jumps by bath 1 until then' },
  'jumps.bath2': { symbol: 'N₂', unit: '1', description: 'jumps by bath 2 until then' },
  'jumps.load': { symbol: 'Nᵣ', unit: '1', description: 'jumps by the load until then' },
} as const satisfies Readonly<Record<string, RunRecord>>;

export type RunName = keyof typeof runRecords;
export const RUN_NAMES = Object.keys(runRecords) as readonly RunName[];

/** An observable's record in the same form. */
export function recordOf(name: ObservableName): RunRecord {
  const { symbol, name: title, unit } = observableRecord(name);
  return { symbol: symbol === '' ? title : symbol, unit, description: describedObservable(name) };
}
