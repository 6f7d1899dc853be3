/**
 * What lies beyond a window. The load alone moves a fast rotor, one level at a time, up at a rate
 * proportional to (1 − al)² and down to (1 + al)² with a = β_r/4I, so that populations at rest obey
 * p(l+1)/p(l) = ((1 − al)/(1 + a(l+1)))²: they fall as |l|^−s with s = 2 + 16I/β_r. A window that holds
 * every population may still miss most of ⟨L_z²⟩, which is infinite for s ≤ 3.
 */
import type { DeviceParameters } from '../model/parameters.js';
import type { Window } from '../operators/window.js';

type Load = Pick<DeviceParameters, 'betaR' | 'I' | 'gamma'>;

/** Whether ⟨L_z²⟩, and with it the rotor's energy, is infinite: β_r ≥ 16 I. */
export const isSecondMomentInfinite = ({ betaR, I, gamma }: Load): boolean =>
  gamma > 0 && betaR >= 16 * I;

/** Σ|l|p and Σl²p beyond an edge of a window. */
export interface Tail {
  readonly first: number;
  readonly second: number;
}

const MOST_TERMS = 400;
/** Terms of the sum below this share of it are left to the estimate of the rest. */
const SMALL = 1e-4;

/** The sum of what follows a term: of a power of l, or of a sequence that falls faster. */
function rest(term: number, ratio: number, level: number, exponent: number): number {
  if (exponent <= 1) return Number.POSITIVE_INFINITY;
  const powerLaw = (term * level) / (exponent - 1);
  const geometric = ratio < 1 ? (term * ratio) / (1 - ratio) : Number.POSITIVE_INFINITY;
  return Math.min(powerLaw, geometric);
}

/**
 * The tail beyond an edge.
 * @param level |l| of the edge
 * @param population there
 */
export function tailBeyond({ betaR, I, gamma }: Load, level: number, population: number): Tail {
  if (gamma === 0 || population === 0) return { first: 0, second: 0 };
  const a = betaR / (4 * I);
  const s = 2 + 4 / a;
  let p = population;
  let first = 0;
  let second = 0;
  let l = level;
  for (let k = 0; k < MOST_TERMS; k++) {
    const ratio = ((1 - a * l) / (1 + a * (l + 1))) ** 2;
    p *= ratio;
    l++;
    first += l * p;
    second += l * l * p;
    const isSmall = l * l * p < SMALL * second;
    if (ratio < 1 && (isSmall || k === MOST_TERMS - 1)) {
      const next = ((1 - a * l) / (1 + a * (l + 1))) ** 2;
      // Before 1/a populations fall as a Gaussian, faster than by any power.
      const power = a * l > 2 ? s : Number.POSITIVE_INFINITY;
      first += rest(l * p, next * (1 + 1 / l), l, power - 1);
      second += rest(l * l * p, next * (1 + 1 / l) ** 2, l, power - 2);
      break;
    }
  }
  return { first, second };
}

/** What a window leaves out of the moments of L_z, and whether that may be seen. */
export interface MomentsBeyond {
  readonly below: Tail;
  readonly above: Tail;
  /** ⟨L_z²⟩ and its root under the load alone: what the tails are small beside. */
  readonly scale: Tail;
}

export function momentsBeyond(
  parameters: Load,
  { lmin, lmax }: Window,
  [low, high]: readonly [number, number],
): MomentsBeyond {
  const { betaR, I } = parameters;
  // Of a second moment that is infinite, what a thermal rotor has.
  const second =
    I / betaR / (isSecondMomentInfinite(parameters) ? 1 : Math.max(1 - betaR / (16 * I), 1e-3));
  return {
    below: tailBeyond(parameters, -lmin, low),
    above: tailBeyond(parameters, lmax, high),
    scale: { first: Math.sqrt(second), second },
  };
}

/** Whether one side of a window leaves out more of a finite moment than a share `tolerance`. */
export function isHeavy(parameters: Load, tail: Tail, scale: Tail, tolerance: number): boolean {
  if (tail.first > tolerance * scale.first) return true;
  return !isSecondMomentInfinite(parameters) && tail.second > tolerance * scale.second;
}

/** Whether a window holds the rotor, as far as everything that is printed goes. */
export interface WindowVerdict {
  readonly converged: boolean;
  /** What is not, each in words. */
  readonly problems: readonly string[];
}

/** @param edgeTolerance of populations at the edges, and of what is left out of each moment, relative */
export function windowVerdict(
  parameters: Load,
  window: Window,
  edges: readonly [number, number],
  edgeTolerance: number,
): WindowVerdict {
  const { lmin, lmax } = window;
  const problems: string[] = [];
  if (!(edges[0] <= edgeTolerance && edges[1] <= edgeTolerance)) {
    const [low, high] = edges.map((p) => p.toExponential(1));
    problems.push(
      `populations at the edges of [${lmin}, ${lmax}] are ${low} and ${high}, ` +
        `above the tolerance ${edgeTolerance}`,
    );
  }
  const { below, above, scale } = momentsBeyond(parameters, window, edges);
  const lacking = (name: string, order: keyof Tail, of: string) => {
    const share = (below[order] + above[order]) / scale[order];
    if (!(share > edgeTolerance)) return;
    problems.push(
      `${name} lacks about ${share.toExponential(1)} of ${of} beyond [${lmin}, ${lmax}], ` +
        `above the tolerance ${edgeTolerance}: populations fall as |l|^-${(2 + (16 * parameters.I) / parameters.betaR).toPrecision(3)}`,
    );
  };
  lacking('⟨L_z⟩', 'first', '√⟨L_z²⟩');
  if (!isSecondMomentInfinite(parameters)) {
    lacking('⟨L_z²⟩, and with it the energy and the ergotropy of the rotor,', 'second', 'itself');
  }
  return { converged: problems.length === 0, problems };
}
