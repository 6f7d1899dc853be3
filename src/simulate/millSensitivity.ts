/** Derivatives of what is observed of the paper’s machine. */
import { cpuBackend } from '../backend/cpu/backend.js';
import { coupledBaths } from '../lindblad/masterEquation.js';
import { constant, parameter, productOf } from '../machine/expression.js';
import { mill } from '../machine/mill.js';
import { BATHS, device as deviceOf } from '../model/device.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import {
  hasPotential,
  isPotentialParameter,
  POTENTIAL_PARAMETERS,
} from '../model/potentialParameters.js';
import { rotorWindow, type Window } from '../operators/window.js';
import { type Differential, productOfPowers, scaled } from '../sensitivity/differential.js';
import {
  type Differentiable,
  MachineSensitivity,
  type SensitivityRequest,
} from '../sensitivity/machineSensitivity.js';
import { gapInSector } from './gapSlopes.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import type { LayeredSensitivity } from './layeredSensitivity.js';
import { valuesOf } from './millSector.js';
import { inLayers, type Readers, type Sensitivities, sensitivities } from './sensitivity.js';
import { solveSteady } from './solveSteady.js';
import { steadyState } from './steady.js';

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

/** The same with its eigenstates as numbers, where jumps are between these. */
export const asNumbers = (
  parameters: DeviceParameters,
  request: SensitivityRequest,
): SensitivityRequest =>
  masterEquationOf(parameters).inPotential === null
    ? request
    : { ...request, coupled: coupledBaths };

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
  const gap = () => gapInSector(machine, device.system, asNumbers(parameters, request));
  const readers = millReaders(parameters, machine, gap);
  return sensitivities(request, machine, readers, chosen, names, device.cutoff);
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
