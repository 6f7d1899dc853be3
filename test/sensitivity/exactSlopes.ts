/** Derivatives of what a device does, as differences in many decimal digits. */
import type { Decimal } from 'decimal.js';
import {
  highPrecisionEntropy,
  highPrecisionHeat,
  highPrecisionLocal,
} from '../solve/highPrecision.js';
import { highPrecisionGlobal } from '../solve/highPrecisionGlobal.js';
import type { Numbers as Device } from '../support/dense.js';

export type Numbers = Device & Readonly<Record<string, number>>;

/** Of steps smaller than that beside this number 60 digits would leave none. */
const LEAST = 2 ** -20;

/** By a central difference with an exact step so small that what it leaves out is nothing. */
export function slope(of: (values: Numbers) => Decimal, values: Numbers, name: string): number {
  const step = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(values[name]), LEAST))) - 48);
  return of({ ...values, [name]: values[name] + step })
    .minus(of({ ...values, [name]: values[name] - step }))
    .div(2 * step)
    .toNumber();
}

/** Of what is read of a device, computed once for each set of numbers. */
export function remembered<T>(of: (values: Numbers) => T): (values: Numbers) => T {
  const known = new Map<string, T>();
  return (values) => {
    const key = JSON.stringify(values);
    let found = known.get(key);
    if (found === undefined) {
      found = of(values);
      known.set(key, found);
    }
    return found;
  };
}

/** What is read of a device. */
export type Exact = Readonly<Record<'Q1' | 'Q2' | 'Qr' | 'current' | 'noise' | 'entropy', Decimal>>;

/** Of the local equation. */
export function exactLocal(values: Numbers, lmin: number, lmax: number): Exact {
  const { populations, counted } = highPrecisionLocal(values, lmin, lmax);
  const heat = highPrecisionHeat(values, lmin, populations);
  const entropy = highPrecisionEntropy(values, lmin, populations, heat);
  return { ...heat, ...counted(), entropy };
}

/** Of the global one. */
export function exactGlobal(values: Numbers, lmin: number, lmax: number): Exact {
  const { populations, heat, counted } = highPrecisionGlobal(values, lmin, lmax);
  const entropy = highPrecisionEntropy(values, lmin, populations, heat);
  return { ...heat, ...counted(), entropy };
}
