/** The machines that come with the package, by the names of their files: a test holds the list against the folder. */
export const MACHINES = [
  'exchange-qubits',
  'flywheel',
  'pendulum',
  'piston',
  'quantum-mill',
  'rotor-under-load',
  'single-level',
] as const;

export type MachineName = (typeof MACHINES)[number];
