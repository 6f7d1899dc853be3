/** The master equations of described machines: what differs from one to another. */

export interface MachineModelRecord {
  /**
   * Whether the jumps of a coupling are formulas, known from the file alone; else they are between the eigenstates of
   * the whole machine, and known as numbers.
   */
  readonly hasFormulas: boolean;
  /** What of the Hamiltonian a coupling brings energy into: its diagonal, or all of it. */
  readonly energies: 'diagonal' | 'whole';
}

export const machineModels = {
  local: { hasFormulas: true, energies: 'diagonal' },
  global: { hasFormulas: false, energies: 'whole' },
} as const satisfies Record<string, MachineModelRecord>;

export type MachineModel = keyof typeof machineModels;
export const MODELS = Object.keys(machineModels) as [MachineModel, ...MachineModel[]];
/** That of a file that names none. */
export const USUAL_MODEL: MachineModel = 'local';

export const machineModel = (name: MachineModel): MachineModelRecord => machineModels[name];
