/** Observables of a steady state with their derivatives by every parameter, of the paper's machine and of described ones. */
import type { Estimate } from '../lindblad/estimate.js';
import type { Way } from '../lindblad/flowForms.js';
import { localEquation } from '../lindblad/masterEquation.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { machineModel } from '../machine/description/models.js';
import { constant, level, negative, parameter, productOf } from '../machine/expression.js';
import { mill } from '../machine/mill.js';
import type { Values } from '../machine/tape.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import { type DeviceParameters, ParameterError, type Truncation } from '../model/parameters.js';
import { POTENTIAL_PARAMETERS } from '../model/potentialParameters.js';
import type { Window } from '../operators/window.js';
import { type Differential, productOfPowers, scaled } from '../sensitivity/differential.js';
import {
  derivativeBy,
  edgesOf,
  isLeftOut,
  MachineSensitivity,
  type SensitivityRequest,
  times,
} from '../sensitivity/machineSensitivity.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import { withoutSector } from './machineInputs.js';
import { MachineSystem } from './machineSystem.js';
import { isWithoutSector, requireNoPotential, valuesOf } from './millSector.js';
import { steadyState } from './steady.js';

/** What is asked of a steady state, and how it is read. */
export type Readers = Readonly<Record<string, () => Differential>>;

/** The derivative of an observable by one parameter. */
export interface Derivative extends Estimate {
  /** By how much the observable changes of itself where the parameter does: (θ/O) dO/dθ; null where O is 0. */
  readonly elasticity: number | null;
}

export interface Sensitivities {
  readonly window: Window;
  /** Ω of the spectral densities, which the derivatives hold; null where there is none. */
  readonly cutoff: number | null;
  readonly observables: Readonly<
    Record<
      string,
      Estimate & {
        /** By parameter; null where its terms are left out because it is 0. */
        readonly by: Readonly<Record<string, Derivative | null>>;
      }
    >
  >;
  /** The quantum Fisher information about each parameter; null where its terms are left out because it is 0. */
  readonly fisherInformation: Readonly<Record<string, Estimate | null>>;
  /** ‖𝓛ρ‖ and the same of the magnitudes of its terms. */
  readonly residual: number;
  readonly scale: number;
  /** Populations of the lowest and the highest level. */
  readonly edges: readonly [number, number];
}

/** An observable; null where it has no derivatives and is not asked for by its name. */
function read(name: string, reader: () => Differential, isChosen: boolean): Differential | null {
  try {
    return reader();
  } catch (error) {
    if (!(error instanceof NoDerivativeError)) throw error;
    if (!isChosen) return null;
    throw new ParameterError('of', name, `an observable with derivatives: ${error.message}`);
  }
}

/** Of the chosen observables, or of all. @throws {ParameterError} for one that is not there */
function sensitivities(
  request: SensitivityRequest,
  machine: MachineSensitivity,
  readers: Readers,
  chosen: readonly string[] | null,
  parameters: readonly string[],
  cutoff: number | null,
): Sensitivities {
  const names = chosen ?? Object.keys(readers);
  const observables = names.flatMap((name) => {
    if (!Object.hasOwn(readers, name)) {
      throw new ParameterError('of', name, `one of ${Object.keys(readers).join(', ')}`);
    }
    const differential = read(name, readers[name], chosen !== null);
    if (differential === null) return [];
    const { value } = differential.value;
    const by = parameters.map((key): [string, Derivative | null] => {
      const slope = derivativeBy(differential, key, request);
      if (slope === null) return [key, null];
      const elasticity = value === 0 ? null : (request.values[key] * slope.value) / value;
      return [key, { ...slope, elasticity }];
    });
    return [[name, { ...differential.value, by: Object.fromEntries(by) }] as const];
  });
  return {
    window: request.window,
    cutoff,
    observables: Object.fromEntries(observables),
    fisherInformation: Object.fromEntries(
      parameters.map((name) => [
        name,
        isLeftOut(name, request) ? null : machine.fisherInformation(name),
      ]),
    ),
    residual: machine.state.residual,
    scale: machine.state.scale,
    edges: edgesOf(machine.state),
  };
}

/** The parameters of the paper's machine that its steady states without potential may be differentiated by. */
export const millParameters = ({ model: _, cutoff: __, ...numbers }: DeviceParameters): string[] =>
  Object.keys(numbers).filter(
    (name) => !(POTENTIAL_PARAMETERS as readonly string[]).includes(name),
  );

/** The observables of the paper's machine that have derivatives. */
export function millReaders(parameters: DeviceParameters, machine: MachineSensitivity): Readers {
  const isLocal = masterEquationOf(parameters).reach === 'own';
  const heatQuantity = isLocal ? 'free' : 'total';
  const differential = (way: () => Way) => {
    let known: Differential | undefined;
    return () => {
      known ??= machine.differential(way());
      return known;
    };
  };
  const Q1 = differential(() => machine.flow([heatQuantity], ['bath1']));
  const Q2 = differential(() => machine.flow([heatQuantity], ['bath2']));
  const WQ = differential(() => machine.flow(['interaction'], ['bath1', 'bath2']));
  const Wr = differential(() => machine.flow(['interaction'], ['load']));
  let fluctuating: ReturnType<MachineSensitivity['currentAndNoise']> | undefined;
  const counted = () => {
    fluctuating ??= machine.currentAndNoise('load');
    return fluctuating;
  };
  const entropy = () => machine.entropyProduction();
  const { beta1, beta2 } = parameters;
  // Of the two baths, whichever is hotter now.
  const [hot, cold] = beta1 < beta2 ? [Q1, Q2] : [Q2, Q1];
  return {
    'heat.Q1': Q1,
    'heat.Q2': Q2,
    'heat.Qr': differential(() => machine.flow(['kinetic'], ['load'])),
    ...(isLocal ? { 'work.WQ': WQ } : {}),
    'work.Wr': Wr,
    'power.intrinsic': differential(() => machine.flow(['kinetic'], ['hamiltonian'])),
    'rotor.Lz': differential(() => machine.mean('level')),
    'rotor.Lz2': differential(() =>
      times(machine.mean('kinetic'), productOf(constant(2), parameter('I'))),
    ),
    'energy.interaction': differential(() => machine.mean('interaction')),
    'currents.loadAngularMomentum': () => counted().current,
    'noise.loadAngularMomentum': () => counted().noise,
    'entropyProduction.sum': entropy,
    TUR_L: () => {
      const { current, noise } = counted();
      return productOfPowers([
        [noise, 1],
        [entropy(), 1],
        [current, -2],
      ]);
    },
    ...(isLocal && beta1 !== beta2
      ? {
          /** −Ẇ^(Q)/Q̇_hot and Q̇_cold/Ẇ^(Q), whatever the operation. */
          'ratio.efficiency': () =>
            scaled(
              productOfPowers([
                [WQ(), 1],
                [hot(), -1],
              ]),
              -1,
            ),
          'ratio.cop': () =>
            productOfPowers([
              [cold(), 1],
              [WQ(), -1],
            ]),
        }
      : {}),
  };
}

/** What the paper's machine is asked with. @throws {ParameterError} with a potential */
function millRequest(
  parameters: DeviceParameters,
  truncation: Truncation,
): SensitivityRequest & { readonly cutoff: number | null } {
  requireNoPotential(parameters, 'derivatives');
  const { device } = steadyState(parameters, truncation);
  const { of, reach } = masterEquationOf(parameters);
  return {
    machine: mill,
    of,
    // Between eigenstates a square root of it is left, which has no derivative at 0.
    kept: reach === 'own' ? ['kappa1', 'kappa2'] : [],
    values: valuesOf(parameters, device.cutoff),
    window: device.system.window,
    cutoff: device.cutoff,
  };
}

/**
 * @param chosen names of observables; null for all
 * @throws {ParameterError} with a potential, or for an observable that is not there; {NonUniqueSteadyStateError}
 */
export function millSensitivity(
  parameters: DeviceParameters,
  truncation: Truncation,
  chosen: readonly string[] | null = null,
): Sensitivities {
  const { cutoff, ...request } = millRequest(parameters, truncation);
  const machine = new MachineSensitivity(request);
  return sensitivities(
    request,
    machine,
    millReaders(parameters, machine),
    chosen,
    millParameters(parameters),
    cutoff,
  );
}

/** The observables of a described machine that have derivatives. */
export function describedReaders(
  { energies, baths, ladder }: DescribedMachine,
  machine: MachineSensitivity,
): Readers {
  const flow = (bath: DescribedMachine['baths'][number], isHeat: boolean): Way =>
    machine.flow(
      energies
        .filter((energy) => (energy.isHeat && bath.isHeat) === isHeat)
        .map(({ name }) => name),
      [bath.name],
    );
  const differential = (way: () => Way) => () => machine.differential(way());
  const hasTemperatures = baths.every(({ beta, isHeat }) => beta !== null || !isHeat);
  return {
    ...Object.fromEntries(
      baths.map((bath) => [`heat.${bath.name}`, differential(() => flow(bath, true))]),
    ),
    ...Object.fromEntries(
      baths.map((bath) => [`work.${bath.name}`, differential(() => flow(bath, false))]),
    ),
    ...Object.fromEntries(
      energies.map(({ name }) => [`energy.${name}`, differential(() => machine.mean(name))]),
    ),
    // An offset of its own may depend on parameters.
    ...(ladder.symbol === null || ladder.quantity.key !== level.key
      ? {}
      : { ladder: differential(() => machine.mean('level')) }),
    ...(hasTemperatures
      ? {
          entropyProduction: differential(() =>
            baths.flatMap((bath) =>
              bath.beta === null ? [] : times(flow(bath, true), negative(bath.beta)),
            ),
          ),
        }
      : {}),
  };
}

/**
 * @param chosen names of observables; null for all
 * @throws {ParameterError} for a machine that has no derivatives, or for an observable that is not there
 * @throws {MachineError | NonUniqueSteadyStateError}
 */
export function machineSensitivity(
  described: DescribedMachine,
  values: Values,
  window: Window,
  chosen: readonly string[] | null = null,
): Sensitivities {
  if (!machineModel(described.model).hasFormulas) {
    throw new ParameterError(
      'model',
      described.model,
      'local for derivatives of a described machine: its global jumps are known as numbers alone',
    );
  }
  // Where a formula has no number is told with its place in the file.
  new MachineSystem(described).on(window, values);
  const request = { machine: described.machine, of: localEquation, values, window };
  try {
    const machine = new MachineSensitivity(request);
    return sensitivities(
      request,
      machine,
      describedReaders(described, machine),
      chosen,
      described.parameters.map(({ name }) => name),
      null,
    );
  } catch (error) {
    if (isWithoutSector(error)) throw withoutSector(described, 'derivatives', error.message);
    throw error;
  }
}
