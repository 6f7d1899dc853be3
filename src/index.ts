/**
 * quantum-mill as a library: two qubits, each at its own heat bath, that drive a quantum rotor. ħ = k_B = 1;
 * flows are energy per time, positive into the device.
 *
 * @packageDocumentation
 */

export type { Precision } from './backend/backend.js';
export {
  DeviceLostError,
  DeviceValidationError,
  NoAdapterError,
  OutOfDeviceMemoryError,
  PrecisionError,
} from './backend/webgpu/errors.js';
export type { CountedName, Dynamics, NoiseAt } from './fluctuations/dynamics.js';
export type { EntropyReading } from './fluctuations/entropyProduction.js';
export type {
  BathFluctuations,
  CountedHeat,
  CountedQuanta,
  Fluctuations,
  Relations,
} from './fluctuations/fluctuations.js';
export type { JointDeviation, LargeDeviation } from './fluctuations/largeDeviations.js';
export type { SpectralEstimate } from './fluctuations/noiseSpectrum.js';
export type { Current } from './fluctuations/relations.js';
export type { WaitingTimes } from './fluctuations/waitingTimes.js';
export type { Charge } from './generator/symmetry.js';
export {
  type AdapterDescription,
  adapters,
  type BackendName,
  type BackendOptions,
  type ComputedBy,
  type OpenBackend,
  openBackend,
} from './library/backends.js';
export {
  type CollideOptions,
  type CollisionsResult,
  collide,
} from './library/collide.js';
export { type CorrelateOptions, correlate } from './library/correlate.js';
export {
  type EvolutionResult,
  type EvolveOptions,
  evolve,
} from './library/evolve.js';
export { type FluctuationOptions, fluctuations } from './library/fluctuations.js';
export type {
  CollisionProgress,
  EvolutionProgress,
  Times,
  TrajectoryProgress,
} from './library/inTime.js';
export {
  type MachineChoice,
  type MachineInput,
  type MachineOptions,
  type MachineResult,
  machine,
  machineFromYaml,
  machineSteadyState,
  QuantumMachine,
} from './library/machine.js';
export { type ModesOptions, type ModesProgress, type ModesResult, modes } from './library/modes.js';
export type {
  MachineCollided,
  MachineCollideOptions,
  MachineCollisionsResult,
} from './library/ofMachines/collide.js';
export type {
  MachineAtTime,
  MachineEdges,
  MachineEvolutionResult,
  MachineEvolveOptions,
  MachineLadder,
} from './library/ofMachines/evolve.js';
export type {
  MachineDirection,
  MachineRectificationResult,
  MachineRectifyOptions,
} from './library/ofMachines/rectify.js';
export type {
  MachineTrajectoriesOptions,
  MachineTrajectoriesResult,
} from './library/ofMachines/trajectories.js';
export {
  type OptimiseOptions,
  type OptimiseProgress,
  type OptimiseResult,
  optimise,
} from './library/optimise.js';
export {
  type Described,
  type DescribedParameter,
  observables,
  parameters,
} from './library/records.js';
export {
  type RectificationProgress,
  type RectificationResult,
  type RectifyOptions,
  rectify,
} from './library/rectify.js';
export type {
  MachineProvenance,
  Provenance,
  Running,
  SteadyProgress,
  TruncationInput,
} from './library/running.js';
export { type SensitivityOptions, sensitivity } from './library/sensitivity.js';
export {
  type SteadyOptions,
  type SteadyResult,
  steadyState,
} from './library/steadyState.js';
export { sweep } from './library/sweep.js';
export type {
  AxisValues,
  MachineSweepPlan,
  SweepOptions,
  SweepPlan,
  SweepProgress,
  SweepResult,
  SweepVariable,
} from './library/sweepResult.js';
export {
  type TrajectoriesOptions,
  type TrajectoriesResult,
  trajectories,
} from './library/trajectories.js';
export { MachineError, type Place } from './machine/description/error.js';
export type { MachineDescription } from './machine/description/schema.js';
export {
  type DeviceInput,
  type DeviceParameters,
  deviceParameters,
  ParameterError,
  UnknownKeyError,
} from './model/parameters.js';
export type { Complex } from './operators/operator.js';
export type { Window } from './operators/window.js';
export { MissingPackageError, PackageLoadError } from './optionalPackage.js';
export type { CollisionRecord } from './simulate/collide.js';
export type { Correlations } from './simulate/correlate.js';
export type { EvolutionMethod } from './simulate/evolutionStage.js';
export type { LadderReading, Mean } from './simulate/machineState.js';
export type { MachineTrajectorySnapshot } from './simulate/machineTrajectories.js';
export type { Estimate } from './simulate/moments.js';
export type { ObservableName } from './simulate/observableRecords.js';
export type { Candidate, Ended } from './simulate/optimise.js';
export type { Certificate } from './simulate/optimumCertificate.js';
export type {
  Best,
  Quantity,
  RectificationSearch,
  Sample,
  Searched,
} from './simulate/rectificationSearch.js';
export type { Direction } from './simulate/rectify.js';
export type { Range } from './simulate/search.js';
export type { Gradients } from './simulate/searchedProblem.js';
export type { Derivative, Sensitivities } from './simulate/sensitivity.js';
export type { Snapshot } from './simulate/snapshot.js';
export type { FlowErrors, SmallestEigenvalue } from './simulate/steadyReading.js';
export type { SolverReport } from './simulate/systemSteady.js';
export type { TrajectorySnapshot } from './simulate/trajectories.js';
export type { Verdict } from './simulate/verdict.js';
export { NonUniqueSteadyStateError } from './solve/conservingElimination.js';
export { NoSteadyStateError, OutOfRangeError } from './solve/verdict.js';
export type { ChargeDifference } from './spectrum/chargeSectors.js';
export type { CorrelationAt, KnownComplex } from './spectrum/correlation.js';
export type { Mode, SectorModes } from './spectrum/modes.js';
export { WideSectorError } from './spectrum/weightedSector.js';
export { StoreError } from './storage/errors.js';
export type { Ergotropies } from './thermo/ergotropy.js';
export type { HeatFlows } from './thermo/heat.js';
export type { RotorPower } from './thermo/power.js';
export type { AngularDefinition, Rectification } from './thermo/rectification.js';
export type { Validity } from './thermo/validity.js';
export type { WorkFlows } from './thermo/work.js';
export { version } from './version.js';
