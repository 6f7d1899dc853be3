/** When a steady state counts as found, on every way to it. */
import type { Precision } from '../backend/backend.js';

/** There is no answer: not one alone, or none within the range of floating point. */
export class NoSteadyStateError extends Error {
  override readonly name: string = 'NoSteadyStateError';
}

/** Numbers of a device, or of its solution, leave the range of float64. */
export class OutOfRangeError extends NoSteadyStateError {
  override readonly name = 'OutOfRangeError';
}

/** The largest ‖𝓛ρ‖ of an answer in units of ‖|𝓛| |ρ|‖, by the precision of the answer. */
export const RESIDUAL_TOLERANCE: Readonly<Record<Precision, number>> = { f64: 1e-12, f32: 1e-5 };

/** What a number that a precision promises may be off by, relative to itself. */
export const PROMISED: Readonly<Record<Precision, number>> = { f64: 1e-9, f32: 1e-3 };

/**
 * ‖𝓛ρ‖ in units of what it is a small remainder of, which no choice of units of time changes.
 * @param magnitude ‖|𝓛| |ρ|‖
 * @returns 0 where nothing moves at all; NaN where either is no finite number
 */
export function relativeResidual(residual: number, magnitude: number): number {
  if (!Number.isFinite(residual) || !Number.isFinite(magnitude)) return Number.NaN;
  return residual === 0 ? 0 : residual / magnitude;
}
