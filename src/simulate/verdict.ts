/** Whether a steady state that was computed is the device's, and if not, why. */
import type { Precision } from '../backend/backend.js';
import { PROMISED, RESIDUAL_TOLERANCE, relativeResidual } from '../solve/verdict.js';
import { outOfRange, spannedBy } from './rateSpan.js';
import type { SteadyReading } from './steadyReading.js';
import type { SteadyState } from './steadyState.js';

/** What points of a sweep are marked by. */
export interface Standing {
  /** ‖𝓛ρ‖/‖|𝓛| |ρ|‖; NaN where it is no number. */
  readonly relativeResidual: number;
  /** Whether no number is NaN or infinite. */
  readonly isFinite: boolean;
  /** Whether flows have vanished below the range of float64. */
  readonly isFaint: boolean;
}

export interface Verdict extends Standing {
  /** Whether the residual is small enough, everything is finite, and no flow has vanished below float64. */
  readonly converged: boolean;
  /** What is wrong, each with its cause. */
  readonly problems: readonly string[];
}

/** Flows and populations below this have lost digits at the end of float64's range. */
const FAINT = 1e-290;

function notFinite(reading: SteadyReading): string[] {
  const { heat, work, Lz, Lz2, state } = reading;
  const { Q1, Q2, Qr } = heat;
  const { residual } = state;
  const { WQ } = work;
  // Of finite numbers so is the sum, or they are near the end of the range.
  if (Number.isFinite(residual + Q1 + Q2 + Qr + WQ + Lz + Lz2)) return [];
  // Ẇ^(r) and the rest are made of the same rates and elements.
  const numbers = { residual, Q1, Q2, Qr, WQ, Lz, Lz2 };
  return Object.entries(numbers).flatMap(([name, value]) =>
    Number.isFinite(value) ? [] : [`${name} is ${value}`],
  );
}

/**
 * Flows that are 0 although bath, interaction and load are there. Symmetry makes flows vanish, too; so they
 * are told only with a reason why float64 could have lost them.
 */
function vanished({ heat, state: { device } }: SteadyReading): string | null {
  const { lambda, gamma } = device.parameters;
  if (lambda === 0 || gamma === 0) return null;
  const { Q1, Q2, Qr } = heat;
  if (!(Math.min(Math.abs(Q1), Math.abs(Q2), Math.abs(Qr)) < FAINT)) return null;
  const faint = Object.entries({ Q1, Q2, Qr }).filter(([, flow]) => Math.abs(flow) < FAINT);
  const cause = outOfRange(device);
  if (cause === null) return null;
  const names = faint.map(([name]) => name).join(', ');
  return `${names} underflow, or are lost beside much larger numbers: ${cause}`;
}

/** What may be lost of a population, relative to itself, at most; 0 where the solver does not know it. */
function populationError(state: SteadyState): number {
  const { elements, device, faintest = FAINT } = state;
  let most = state.populationError ?? 0;
  if (most > 0) return most;
  if (elements?.populationError !== undefined) return elements.populationError(faintest);
  for (let s = 0; elements !== undefined && s < device.system.states; s++) {
    const table = elements.read(s, s, 0);
    if (table === null) continue;
    const { re, error } = table;
    for (let i = 0; i < re.length; i++) {
      if (re[i] > faintest && error[i] > most * re[i]) most = error[i] / re[i];
    }
  }
  return most;
}

/** The part of a verdict for which nothing is read but flows and means. */
export function standingOf(reading: SteadyReading): Standing {
  const { magnitude, residual } = reading.state;
  const finite = notFinite(reading).length === 0;
  return {
    relativeResidual: relativeResidual(residual, magnitude),
    isFinite: finite,
    isFaint: finite && vanished(reading) !== null,
  };
}

/** The verdict on a steady state. @param precision that of the answer */
export function verdictOf(reading: SteadyReading, precision: Precision): Verdict {
  const { device } = reading.state;
  const { relativeResidual: relative, isFinite: finite, isFaint } = standingOf(reading);
  const cause = () => outOfRange(device) ?? `rates from ${spannedBy(device)}`;
  const problems: string[] = [];
  if (!finite) problems.push(`${notFinite(reading).join(', ')}: ${cause()}`);
  else if (!(relative <= RESIDUAL_TOLERANCE[precision])) {
    problems.push(`‖Lρ‖ is ${relative.toExponential(1)} of ‖|L||ρ|‖: ${cause()}`);
  }
  const lost = finite ? populationError(reading.state) : 0;
  if (lost > PROMISED[precision]) {
    problems.push(`up to ${lost.toExponential(1)} of a population may be lost: ${cause()}`);
  }
  const faint = isFaint ? vanished(reading) : null;
  if (faint !== null) problems.push(faint);
  const converged = problems.length === 0;
  return { relativeResidual: relative, converged, isFinite: finite, isFaint, problems };
}
