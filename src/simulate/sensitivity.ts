/** Observables of a steady state with their derivatives by every parameter, of the paper's machine and of described ones. */
import { cpuBackend } from '../backend/cpu/backend.js';
import type { Estimate } from '../lindblad/estimate.js';
import { coupledBaths, localEquation } from '../lindblad/masterEquation.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { machineModel } from '../machine/description/models.js';
import { constant, level, negative, parameter, productOf } from '../machine/expression.js';
import { mill } from '../machine/mill.js';
import type { Values } from '../machine/tape.js';
import { BATHS, device as deviceOf } from '../model/device.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import { type DeviceParameters, ParameterError, type Truncation } from '../model/parameters.js';
import {
  hasPotential,
  isPotentialParameter,
  POTENTIAL_PARAMETERS,
} from '../model/potentialParameters.js';
import { rotorWindow, type Window } from '../operators/window.js';
import { type Differential, productOfPowers, scaled } from '../sensitivity/differential.js';
import {
  type Differentiable,
  derivativeBy,
  isLeftOut,
  MachineSensitivity,
  type SensitivityRequest,
} from '../sensitivity/machineSensitivity.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import { gapInSector } from './gapSlopes.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { LayeredSensitivity } from './layeredSensitivity.js';
import { MachineSystem } from './machineSystem.js';
import { isWithoutSector, valuesOf } from './millSector.js';
import type { SolvedInSector } from './sectorVerdict.js';
import { solveSteady } from './solveSteady.js';
import { steadyState } from './steady.js';

/** What is asked of a steady state, and how it is read. */
export type Readers = Readonly<Record<string, () => Differential | Promise<Differential>>>;

/** The derivative of an observable by one parameter. */
export interface Derivative extends Estimate {
  /** By how much the observable changes of itself where the parameter does: (θ/O) dO/dθ; null where O may be 0. */
  readonly elasticity: number | null;
}

export interface Sensitivities extends SolvedInSector {
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
  /**
   * The quantum Fisher information about each parameter; null where its terms are left out because it is 0, and of all
   * where no charge that counts levels is conserved and the state has too many levels for its eigenvectors.
   */
  readonly fisherInformation: Readonly<Record<string, Estimate | null>>;
}

/** What is told of a steady state beside its derivatives. */
interface SolvedMachine extends SolvedInSector {
  fisherInformation(parameter: string): Estimate | null | Promise<Estimate | null>;
  /** Observables that take a search of their own: there where they are asked for by name. */
  readonly costly?: readonly string[];
}

/** An observable; null where it has no derivatives and is not asked for by its name. */
async function read(
  name: string,
  reader: Readers[string],
  isChosen: boolean,
): Promise<Differential | null> {
  try {
    return await reader();
  } catch (error) {
    if (!(error instanceof NoDerivativeError)) throw error;
    if (!isChosen) return null;
    throw new ParameterError('of', name, `an observable with derivatives: ${error.message}`);
  }
}

/** Of the chosen observables, or of all. @throws {ParameterError} for one that is not there */
async function sensitivities(
  request: SensitivityRequest,
  machine: SolvedMachine,
  readers: Readers,
  chosen: readonly string[] | null,
  parameters: readonly string[],
  cutoff: number | null,
): Promise<Sensitivities> {
  const names =
    chosen ?? Object.keys(readers).filter((name) => machine.costly?.includes(name) !== true);
  const unknown = names.find((name) => !Object.hasOwn(readers, name));
  if (unknown !== undefined) {
    throw new ParameterError('of', unknown, `one of ${Object.keys(readers).join(', ')}`);
  }
  const observables: Record<string, Sensitivities['observables'][string]> = {};
  for (const name of names) {
    const differential = await read(name, readers[name], chosen !== null);
    if (differential === null) continue;
    const { value, error } = differential.value;
    // What may be 0 changes by no share of itself.
    const isKnown = Math.abs(value) > error;
    const by = parameters.map((key): [string, Derivative | null] => {
      const slope = derivativeBy(differential, key, request);
      if (slope === null) return [key, null];
      const elasticity = isKnown ? (request.values[key] * slope.value) / value : null;
      return [key, { ...slope, elasticity }];
    });
    observables[name] = { ...differential.value, by: Object.fromEntries(by) };
  }
  const information: Record<string, Estimate | null> = {};
  for (const name of parameters) {
    information[name] = isLeftOut(name, request) ? null : await machine.fisherInformation(name);
  }
  return {
    window: request.window,
    cutoff,
    observables,
    fisherInformation: information,
    ...(machine.space === undefined ? {} : { space: machine.space, method: machine.method }),
    residual: machine.residual,
    scale: machine.scale,
    edges: machine.edges,
  };
}

/** The parameters that steady states of the paper's machine may be differentiated by: a potential's, where it has one. */
export function millParameters(parameters: DeviceParameters): string[] {
  const { model: _, cutoff: __, ...numbers } = parameters;
  return Object.keys(numbers).filter(
    (name) => hasPotential(parameters) || !isPotentialParameter(name),
  );
}

/**
 * The observables of the paper's machine that have derivatives.
 * @param gap that of the generator
 */
export function millReaders<Part>(
  parameters: DeviceParameters,
  machine: Differentiable<Part>,
  gap: Readers[string],
): Readers {
  const isLocal = masterEquationOf(parameters).reach === 'own';
  const heatQuantity = isLocal ? 'free' : 'total';
  const differential = (way: () => readonly Part[]) => {
    let known: Differential | Promise<Differential> | undefined;
    return () => {
      known ??= machine.differential(way());
      return known;
    };
  };
  const Q1 = differential(() => machine.flow([heatQuantity], ['bath1']));
  const Q2 = differential(() => machine.flow([heatQuantity], ['bath2']));
  const WQ = differential(() => machine.flow(['interaction'], ['bath1', 'bath2']));
  const Wr = differential(() => machine.flow(['interaction'], ['load']));
  let fluctuating: ReturnType<Differentiable<Part>['currentAndNoise']> | undefined;
  const counted = () => {
    fluctuating ??= machine.currentAndNoise('load');
    return fluctuating;
  };
  let produced: ReturnType<Differentiable<Part>['entropyProduction']> | undefined;
  const entropy = () => {
    produced ??= machine.entropyProduction();
    return produced;
  };
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
      machine.times(machine.mean('kinetic'), productOf(constant(2), parameter('I'))),
    ),
    'energy.interaction': differential(() => machine.mean('interaction')),
    ...(hasPotential(parameters)
      ? {
          // Between eigenstates of all of H what the other baths do to a part of it is heat.
          'work.V': differential(() => machine.flow(['potential'], isLocal ? BATHS : ['load'])),
          'energy.potential': differential(() => machine.mean('potential')),
        }
      : {}),
    'currents.loadAngularMomentum': async () => (await counted()).current,
    'noise.loadAngularMomentum': async () => (await counted()).noise,
    'entropyProduction.sum': entropy,
    gap,
    TUR_L: async () => {
      const { current, noise } = await counted();
      return productOfPowers([
        [noise, 1],
        [await entropy(), 1],
        [current, -2],
      ]);
    },
    ...(isLocal && beta1 !== beta2
      ? {
          /** −Ẇ^(Q)/Q̇_hot and Q̇_cold/Ẇ^(Q), whatever the operation. */
          'ratio.efficiency': async () =>
            scaled(
              productOfPowers([
                [await WQ(), 1],
                [await hot(), -1],
              ]),
              -1,
            ),
          'ratio.cop': async () =>
            productOfPowers([
              [await cold(), 1],
              [await WQ(), -1],
            ]),
        }
      : {}),
  };
}

/** The parameters whose terms are kept where they are 0, so that there are derivatives by them. */
export function keptOf(parameters: DeviceParameters): readonly string[] {
  // Between rotated states a square root of it is left, which has no derivative at 0.
  const isBare = masterEquationOf(parameters).reach === 'own' || hasPotential(parameters);
  const dephasing = isBare ? ['kappa1', 'kappa2'] : [];
  return hasPotential(parameters) ? [...POTENTIAL_PARAMETERS, ...dephasing] : dephasing;
}

/** What a device is asked with on a window. */
export const millRequest = (
  parameters: DeviceParameters,
  window: Window,
  cutoff: number | null,
): SensitivityRequest => ({
  machine: mill,
  of: masterEquationOf(parameters).of,
  coupled:
    hasPotential(parameters) && masterEquationOf(parameters).inPotential !== null
      ? coupledBaths
      : null,
  kept: keptOf(parameters),
  values: valuesOf(parameters, cutoff),
  window,
});

/**
 * @param chosen names of observables; null for all
 * @param hooks told of solutions in layers, which they may stop
 * @throws {ParameterError} for an observable that is not there
 * @throws {NonUniqueSteadyStateError}
 */
export async function millSensitivity(
  parameters: DeviceParameters,
  truncation: Truncation,
  chosen: readonly string[] | null = null,
  hooks: LayeredFluctuationHooks = {},
): Promise<Sensitivities> {
  const names = millParameters(parameters);
  if (hasPotential(parameters)) {
    const window = await windowInPotential(parameters, truncation, hooks);
    const { cutoff } = deviceOf(parameters, window);
    const request = millRequest(parameters, window, cutoff);
    const read = (machine: LayeredSensitivity) =>
      sensitivities(
        request,
        machine,
        millReaders(parameters, machine, () => machine.gap()),
        chosen,
        names,
        cutoff,
      );
    return inLayers(request, chosen, read, hooks);
  }
  const { device } = steadyState(parameters, truncation);
  const request = millRequest(parameters, device.system.window, device.cutoff);
  const machine = new MachineSensitivity(request);
  const gap = () => gapInSector(machine, device.system);
  const readers = millReaders(parameters, machine, gap);
  return sensitivities(request, machine, readers, chosen, names, device.cutoff);
}

/** @throws {ParameterError} where layers come to no answer; {NonUniqueSteadyStateError} */
async function inLayers(
  request: SensitivityRequest,
  chosen: readonly string[] | null,
  use: (machine: LayeredSensitivity) => Promise<Sensitivities>,
  hooks: LayeredFluctuationHooks,
): Promise<Sensitivities> {
  const needs = chosen?.includes('gap') === true ? 'frequency' : 'inverse';
  try {
    return await LayeredSensitivity.with(request, use, hooks, needs);
  } catch (error) {
    if (!(error instanceof NoDerivativeError)) throw error;
    const { lmax } = request.window;
    throw new ParameterError('lmax', lmax, `another for derivatives: ${error.message}`);
  }
}

/** The window that is asked for, or one that holds the state. */
async function windowInPotential(
  parameters: DeviceParameters,
  truncation: Truncation,
  hooks: LayeredFluctuationHooks,
): Promise<Window> {
  const { lmin, lmax } = truncation;
  if (lmin !== undefined && lmax !== undefined) return rotorWindow(lmin, lmax);
  const choice = { space: 'auto', method: 'auto' } as const;
  const { state } = await solveSteady(parameters, truncation, choice, cpuBackend(), hooks);
  return state.device.system.window;
}

/** The observables of a described machine that have derivatives. @param gap that of the generator */
export function describedReaders<Part>(
  { energies, baths, ladder }: DescribedMachine,
  machine: Differentiable<Part>,
  gap: Readers[string],
): Readers {
  const flow = (bath: DescribedMachine['baths'][number], isHeat: boolean) =>
    machine.flow(
      energies
        .filter((energy) => (energy.isHeat && bath.isHeat) === isHeat)
        .map(({ name }) => name),
      [bath.name],
    );
  const differential = (way: () => readonly Part[]) => () => machine.differential(way());
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
    gap,
    ...(hasTemperatures
      ? {
          entropyProduction: differential(() =>
            baths.flatMap((bath) =>
              bath.beta === null ? [] : machine.times(flow(bath, true), negative(bath.beta)),
            ),
          ),
        }
      : {}),
  };
}

/**
 * @param chosen names of observables; null for all
 * @param hooks told of solutions in layers, which they may stop
 * @throws {ParameterError} for a machine that has no derivatives, or for an observable that is not there
 * @throws {MachineError | NonUniqueSteadyStateError}
 */
export async function machineSensitivity(
  described: DescribedMachine,
  values: Values,
  window: Window,
  chosen: readonly string[] | null = null,
  hooks: LayeredFluctuationHooks = {},
): Promise<Sensitivities> {
  // Where a formula has no number is told with its place in the file.
  const { system } = new MachineSystem(described).on(window, values);
  const request = describedRequest(described, values, window);
  const parameters = described.parameters.map(({ name }) => name);
  const solved = <Part>(
    machine: SolvedMachine & Differentiable<Part>,
    gap: () => Differential | Promise<Differential>,
  ) => {
    const readers = describedReaders(described, machine, gap);
    return sensitivities(request, machine, readers, chosen, parameters, null);
  };
  const inSector = sectorOf(request);
  return inSector === null
    ? inLayers(request, chosen, (layered) => solved(layered, () => layered.gap()), hooks)
    : solved(inSector, () => gapInSector(inSector, system));
}

/** What a described machine is asked with on a window. */
export function describedRequest(
  { machine, model, baths }: DescribedMachine,
  values: Values,
  window: Window,
): SensitivityRequest {
  const coupled = () =>
    baths.flatMap(({ name, beta, thermal }) =>
      thermal === null || beta === null
        ? []
        : [{ ...{ name, beta }, couplings: [thermal.coupling], rate: thermal.rate }],
    );
  const { hasFormulas } = machineModel(model);
  return { machine, of: localEquation, coupled: hasFormulas ? null : coupled, values, window };
}

/** Null where no charge that counts levels is conserved, or jumps are numbers. */
export function sectorOf(request: SensitivityRequest): MachineSensitivity | null {
  if (request.coupled) return null;
  try {
    return new MachineSensitivity(request);
  } catch (error) {
    if (isWithoutSector(error)) return null;
    throw error;
  }
}
