/** The rates and frequencies of a device, and whether float64 holds what is made from them. */
import type { Device } from '../model/device.js';
import { bathCoupling, thermalOccupation } from '../model/local.js';

interface Rate {
  readonly name: string;
  readonly value: number;
}

/** Squares and products of rates that far apart leave the range of float64. */
const SPAN = 1e150;

function ratesOf({ parameters, system: { window } }: Device): Rate[] {
  const { beta1, beta2, betaR, B1, B2, g, chi, lambda, gamma, I } = parameters;
  const bath = (i: 1 | 2, beta: number, B: number): Rate[] => {
    const strength = bathCoupling(i, g, chi) ** 2;
    const n = thermalOccupation(beta, B);
    return [
      { name: `g${i}² n${i}`, value: strength * n },
      { name: `g${i}² (n${i} + 1)`, value: strength * (n + 1) },
    ];
  };
  const reach = Math.max(-window.lmin, window.lmax);
  const load = (I * gamma) / betaR;
  return [
    ...bath(1, beta1, B1),
    ...bath(2, beta2, B2),
    ...(lambda === 0 ? [] : [{ name: '|lambda|', value: Math.abs(lambda) }]),
    ...(['V', 'V2', 'kappa1', 'kappa2'] as const)
      .filter((name) => parameters[name] !== 0)
      .map((name) => ({ name: `|${name}|`, value: Math.abs(parameters[name]) })),
    ...(gamma === 0
      ? []
      : [
          { name: 'I gamma/betaR', value: load },
          {
            name: `I gamma/betaR (1 + betaR |l|/4I)² at |l| = ${reach}`,
            value: load * (1 + (betaR * reach) / (4 * I)) ** 2,
          },
        ]),
    { name: '2 B1', value: 2 * B1 },
    { name: '2 B2', value: 2 * B2 },
    { name: `l²/2I at |l| = ${reach}`, value: reach ** 2 / (2 * I) },
  ];
}

const show = ({ name, value }: Rate): string => `${name} = ${value.toExponential(1)}`;

function extremes(device: Device): readonly [Rate, Rate] {
  const sorted = ratesOf(device).sort((a, b) => a.value - b.value);
  return [sorted[0], sorted[sorted.length - 1]];
}

/** The smallest and the largest rate of a device, in words. */
export const spannedBy = (device: Device): string => extremes(device).map(show).join(' to ');

/**
 * Why a device's numbers may leave the range of float64, in words: a rate that overflows, or rates so far
 * apart that their products do. Null where they do not.
 */
export function outOfRange(device: Device): string | null {
  const [smallest, largest] = extremes(device);
  if (!(largest.value < Infinity)) {
    return `${largest.name} overflows float64`;
  }
  if (smallest.value === 0) return `${smallest.name} underflows float64 to 0`;
  if (largest.value / smallest.value < SPAN) return null;
  return `the rates are too far apart for float64, from ${show(smallest)} to ${show(largest)}`;
}
