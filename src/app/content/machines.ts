/** The machines that come with the package, by the names of their files: a test holds the list against the folder. */
export const MACHINES = [
  'absorption-refrigerator',
  'driven-mill',
  'effective-rotor',
  'exchange-qubits',
  'flywheel',
  'jaynes-cummings',
  'ladder-charging',
  'measured-piston',
  'pendulum',
  'piston',
  'quantum-mill',
  'ring-clock',
  'rotor-under-load',
  'single-level',
  'transmon',
  'two-qubit-rectifier',
] as const;

export type MachineName = (typeof MACHINES)[number];
