/** Devices as the few numbers from which shaders/sector_model.wgsl assembles their equations. */

import type { Precision } from '../backend/backend.js';
import { otherParameters } from '../machine/machine.js';
import { mill } from '../machine/mill.js';
import { detuning, resonance } from '../model/detuning.js';
import { loadBalance, loadFactor } from '../model/load.js';
import { bathCoupling } from '../model/local.js';
import { MODELS, type Model, masterEquationOf } from '../model/masterEquations/registry.js';
import { type DeviceParameters, ParameterError } from '../model/parameters.js';
import { rotorWindow, type Window } from '../operators/window.js';

/** A device, and the lowest level of its window. */
export interface SectorPoint {
  readonly parameters: DeviceParameters;
  readonly lmin: number;
}

/** Numbers that go up for each point. */
export const POINT_NUMBERS = { local: 13, global: 20 } as const;

/** The variants of the kernel. */
export type Kernel = keyof typeof POINT_NUMBERS;

/**
 * The one for a device.
 * @throws {ParameterError} where there is none for its master equation
 */
export function kernelOf({ model }: Pick<DeviceParameters, 'model'>): Kernel {
  const { kernel } = masterEquationOf({ model });
  if (kernel === null) throw withoutKernel(model);
  return kernel;
}

function withoutKernel(model: Model): ParameterError {
  const known = MODELS.filter((name) => masterEquationOf({ model: name }).kernel !== null);
  return new ParameterError('model', model, `one of ${known.join(', ')} for the kernel on the GPU`);
}

/** The parameters in the terms that shaders/sector_model.wgsl is written for. */
const KERNEL_PARAMETERS = [
  ...['beta1', 'beta2', 'betaR', 'B1', 'B2', 'g', 'chi', 'lambda', 'gamma', 'I'],
];

/** The parameters of a device's terms that the kernel does not have. */
export function unknownToKernel({ model: _model, cutoff: _cutoff, ...values }: DeviceParameters) {
  return otherParameters(mill, values, KERNEL_PARAMETERS);
}

/** What keeps a device from the kernel; null where it is written for it. */
export function kernelObstacle(parameters: DeviceParameters): ParameterError | null {
  const { kernel } = masterEquationOf(parameters);
  if (kernel === null) return withoutKernel(parameters.model);
  const [name] = unknownToKernel(parameters);
  if (name === undefined) return null;
  const value = parameters[name as keyof DeviceParameters];
  return new ParameterError(name, value, '0 here: the kernel on the GPU does not know its term');
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** A number as two f32 of which the first has 12 bits, so that its product with an integer is exact. */
function leadingBits(x: number): number {
  float[0] = x;
  bits[0] &= 0xfffff000;
  return float[0];
}

/** The numbers of a point, in the order in which the shader reads them after its levels. */
function pointNumbers(
  { parameters }: SectorPoint,
  window: Window,
  nearest: number,
  balance: number,
): number[] {
  const { beta1, beta2, betaR, B1, B2, g, chi, lambda, gamma, I } = parameters;
  const { cutoff, ratesAlone } = masterEquationOf(parameters);
  const g1 = bathCoupling(1, g, chi);
  const g2 = bathCoupling(2, g, chi);
  const common = [
    lambda,
    (I * gamma) / betaR,
    loadFactor(parameters)(balance),
    -betaR / (4 * I),
    detuning(parameters)(nearest),
    1 / I,
  ];
  const omega = cutoff?.(window, parameters) ?? Number.NaN;
  const alone1 = ratesAlone(B1, beta1, g1, omega);
  const alone2 = ratesAlone(B2, beta2, g2, omega);
  const rates = [alone1.emission, alone1.absorption, alone2.emission, alone2.absorption];
  if (kernelOf(parameters) === 'local') return [...common, ...rates];
  return [
    ...common,
    ...rates,
    beta1,
    g1 ** 2 / beta1,
    2 * B1,
    beta2,
    g2 ** 2 / beta2,
    2 * B2,
    1 / omega,
  ];
}

/**
 * The table of points of one model: number s of point p is the pair at s·stride + p.
 * @param centers the level of each point, by its place, towards which it is eliminated
 * @throws {ParameterError} for a term that the kernel does not have
 */
export function packPoints(
  points: readonly SectorPoint[],
  levels: number,
  centers: ArrayLike<number>,
  stride: number,
  precision: Precision,
): Float32Array<ArrayBuffer> {
  for (const { parameters } of points) {
    const obstacle = kernelObstacle(parameters);
    if (obstacle !== null) throw obstacle;
  }
  const slots = POINT_NUMBERS[kernelOf(points[0].parameters)];
  const packed = new Float32Array(2 * slots * stride);
  points.forEach((point, p) => {
    const window = rotorWindow(point.lmin, point.lmin + levels - 1);
    const { nearest, above } = resonance(point.parameters, window);
    packed.set([point.lmin, centers[p]], 2 * p);
    packed.set([nearest, above], 2 * (stride + p));
    const balance = loadBalance(point.parameters, window);
    packed[2 * (2 * stride + p)] = balance;
    const numbers = pointNumbers(point, window, nearest, balance);
    for (let s = 0; s < numbers.length; s++) {
      const at = 2 * ((s + 3) * stride + p);
      const high = precision === 'f32' ? leadingBits(numbers[s]) : Math.fround(numbers[s]);
      packed[at] = high;
      packed[at + 1] = numbers[s] - high;
    }
  });
  return packed;
}
