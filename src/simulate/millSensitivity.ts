/** Derivatives of what is observed of the paper’s machine. */
import { cpuBackend } from '../backend/cpu/backend.js';
import { coupledBaths } from '../lindblad/masterEquation.js';
import { constant, parameter, productOf } from '../machine/expression.js';
import { mill } from '../machine/mill.js';
import { BATHS, device } from '../model/device.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import {
  hasPotential,
  isPotentialParameter,
  POTENTIAL_PARAMETERS,
} from '../model/potentialParameters.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { rotorWindow, type Window } from '../operators/window.js';
import { productOfPowers, scaled } from '../sensitivity/differential.js';
import type { Differentiable, SensitivityRequest } from '../sensitivity/machineSensitivity.js';
import { fluctuatingReaders, once } from './fluctuatingReaders.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { valuesOf } from './millSector.js';
import { UNASKED } from './route.js';
import {
  type DifferentiatedMachine,
  type Readers,
  type Sensitivities,
  sensitivities,
} from './sensitivity.js';
import { solveSteady } from './solveSteady.js';
import { steadyState } from './steady.js';
import type { SteadyState } from './steadyState.js';

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
function millReaders<Part>(
  parameters: DeviceParameters,
  machine: Differentiable<Part>,
  gap: Readers[string],
): Readers {
  const isLocal = masterEquationOf(parameters).reach === 'own';
  const heatQuantity = isLocal ? 'free' : 'total';
  const differential = (way: () => readonly Part[]) => once(() => machine.differential(way()));
  const Q1 = differential(() => machine.flow([heatQuantity], ['bath1']));
  const Q2 = differential(() => machine.flow([heatQuantity], ['bath2']));
  const WQ = differential(() => machine.flow(['interaction'], ['bath1', 'bath2']));
  const Wr = differential(() => machine.flow(['interaction'], ['load']));
  const ofLoad = fluctuatingReaders(machine, { L: 'load' });
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
    'currents.loadAngularMomentum': ofLoad['currents.L'],
    'noise.loadAngularMomentum': ofLoad['noise.L'],
    'entropyProduction.sum': ofLoad['entropyProduction.sum'],
    gap,
    TUR_L: ofLoad['TUR.L'],
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
function keptOf(parameters: DeviceParameters): readonly string[] {
  // Between rotated states a square root of it is left, which has no derivative at 0.
  const isBare = masterEquationOf(parameters).reach === 'own' || hasPotential(parameters);
  const dephasing = isBare ? ['kappa1', 'kappa2'] : [];
  return hasPotential(parameters) ? [...POTENTIAL_PARAMETERS, ...dephasing] : dephasing;
}

/** What a device is asked with on a window. */
const millRequest = (
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
 * A device as it is differentiated.
 * @param system the same device as operators
 * @param cutoff Ω on the window
 */
export function differentiatedMill(
  parameters: DeviceParameters,
  window: Window,
  cutoff: number | null,
  system: () => OpenSystem,
): DifferentiatedMachine {
  const request = millRequest(parameters, window, cutoff);
  const hasFormulas = masterEquationOf(parameters).inPotential === null;
  return {
    request,
    asNumbers: hasFormulas ? request : { ...request, coupled: coupledBaths },
    system,
    parameters: millParameters(parameters),
    cutoff,
    readers: (machine, gap) => millReaders(parameters, machine, gap),
  };
}

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
  const { lmin, lmax } = truncation;
  const isGiven = hasPotential(parameters) && lmin !== undefined && lmax !== undefined;
  const { system, cutoff } = isGiven
    ? device(parameters, rotorWindow(lmin, lmax))
    : (await steadyInLayers(parameters, truncation, hooks)).device;
  const of = differentiatedMill(parameters, system.window, cutoff, () => system);
  return sensitivities(of, chosen, hooks);
}

/** The steady state in the sector, or in layers with a potential. */
export async function steadyInLayers(
  parameters: DeviceParameters,
  truncation: Truncation,
  hooks: LayeredFluctuationHooks = {},
): Promise<SteadyState> {
  if (!hasPotential(parameters)) return steadyState(parameters, truncation);
  return (await solveSteady(parameters, truncation, UNASKED, cpuBackend(), hooks)).state;
}
