/** What a GPU's arithmetic takes from the populations of a steady state that it solves in the sector. */
import type { Precision } from '../backend/backend.js';
import type { Lost } from '../lindblad/solvedSector.js';
import { detuning } from '../model/detuning.js';
import { loadBalance, loadFactor } from '../model/load.js';
import { bathCoupling } from '../model/local.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import { rotorWindow } from '../operators/window.js';
import { kernelOf, type SectorPoint } from './sectorPoints.js';

/** What a number that a precision promises may be off by. */
export const PROMISED: Readonly<Record<Precision, number>> = { f32: 1e-3, f64: 1e-9 };

/** Of a product or a sum, relative to it. */
const UNIT: Readonly<Record<Precision, number>> = { f32: 2 ** -24, f64: 2 ** -47 };
/** What the elimination adds up of it on the way to a population. */
const OF_POPULATIONS = 256;
/** What the numbers of the equations are made of, each a few products and sums. */
const OF_NUMBERS = 16;
/** For each unit of an exponent, and the largest exponent that a population may come from. */
const IN_EXPONENTS = 32;
const LARGEST_EXPONENT = 80;
/** For each unit of the two exponents of which a small one is the difference. */
const IN_DIFFERENCES = 64;
/** Below it what cancels near a resonance is no more than elsewhere. */
const RESONANT = 1.5;
/** Below it a number of float32, and the second one of a pair, is rounded to 0. */
const SMALLEST = 2 ** -126;
/** So often it happens on the way to an element. */
const OF_CUT_OFF = 1024;
/** A rate so far below the opposite one is not felt above what `faint` tells. */
const NOT_FELT = 1e-28;
/** No digit is left: what is read off such populations has none either, nor do sums of their magnitudes bound it. */
export const EVERYTHING = 1;
/** The elimination protects populations; elements of a state lose as much as coherences do. */
const OF_COHERENCES = 2;
/** Below it a population has lost digits at the end of float32's range. */
const SMALLEST_POPULATION = 1e-28;
/** So many times what its range cuts off a population has the digits that are asked of it. */
const DIGITS = 1e9;

export interface DeviceRounding {
  /** How far each population may be off, relative to itself. */
  readonly relative: number;
  /** And beyond that, relative to all of them. */
  readonly absolute: number;
  /** How far each number of the equations may be off, relative to itself. */
  readonly ofNumbers: number;
}

/**
 * Rounding, times what cancels in the equations of the coherences, and what the exponents of float32 cut off.
 */
export function deviceRounding(
  point: SectorPoint,
  levels: number,
  precision: Precision,
): DeviceRounding {
  const { parameters, lmin } = point;
  const { beta1, beta2, betaR, B1, B2, g, chi, lambda, gamma, I } = parameters;
  const window = rotorWindow(lmin, lmin + levels - 1);
  const { cutoff, ratesAlone } = masterEquationOf(parameters);
  const omega = cutoff?.(window, parameters) ?? Number.NaN;
  const baths = [
    ratesAlone(B1, beta1, bathCoupling(1, g, chi), omega),
    ratesAlone(B2, beta2, bathCoupling(2, g, chi), omega),
  ];
  const load = (I * gamma) / betaR;
  const amplitude = loadFactor(parameters);
  const gap = detuning(parameters);
  const isLocal = kernelOf(parameters) === 'local';
  const ofBaths = baths.map(({ emission, absorption }) => emission + absorption);
  const slowest = Math.min(...ofBaths);
  // How much rarer the one of two mixed states may be that gains what the other loses.
  const occupied = Math.exp(2 * Math.abs(beta1 * B1 - beta2 * B2));

  // Each link's coherence turns with ω and decays with Γ.
  let fastest = Math.max(1, ...ofBaths);
  let resonance = 0;
  let coherent = 0;
  // What moves on with a coherence, and is exchanged there, to what the load moves itself: both ways, all but equal.
  let exchanged = 0;
  let inverseBefore = 0;
  let difference = 0;
  let smallest = Math.min(
    ...baths.flatMap(({ emission, absorption }) =>
      absorption > NOT_FELT * emission ? [emission, absorption] : [emission],
    ),
    ...(load > 0 ? [load, load * amplitude(loadBalance(parameters, window)) ** 2 || load] : []),
  );
  let angleBefore = Number.NaN;
  let before = { turn: 0, square: Number.POSITIVE_INFINITY };
  for (let k = window.lmin; k < window.lmax; k++) {
    const up = amplitude(k) ** 2;
    const down = amplitude(-k - 1) ** 2;
    const bare = gap(k);
    const turn = isLocal ? bare : Math.sign(bare || 1) * Math.hypot(bare, 2 * lambda);
    const decay = (ofBaths[0] + ofBaths[1] + load * (up + down)) / 2;
    const square = turn * turn + decay * decay;
    fastest = Math.max(fastest, load * up, load * down);
    const least = Math.min(square, before.square);
    if (load > 0) resonance = Math.max(resonance, Math.abs(turn * before.turn) / least);
    smallest = Math.min(smallest, square);
    before = { turn, square };
    if (lambda === 0) continue;
    if (isLocal) {
      // The rate at which the interaction exchanges two populations.
      smallest = Math.min(smallest, (2 * lambda ** 2 * decay) / square);
      if (load > 0)
        exchanged = Math.max(exchanged, (2 * lambda ** 2 * inverseBefore) / Math.sqrt(square));
      inverseBefore = 1 / Math.sqrt(square);
      continue;
    }
    smallest = Math.min(smallest, (lambda / turn) ** 2 * slowest);
    // A transition's frequency is that of its qubit less what the interaction shifts it by, little or nearly all.
    const shift = (Math.abs(turn) - Math.abs(bare)) / 2;
    for (const beta of [beta1, beta2]) {
      for (const field of [B1, B2]) {
        for (const taken of [shift, Math.abs(turn) - shift]) {
          if (beta * Math.abs(2 * field - taken) > LARGEST_EXPONENT) continue;
          difference = Math.max(difference, beta * Math.min(2 * field, taken));
        }
      }
    }
    // Half of sin 2α, and what the load takes from the one level and not from the other.
    const mixed = Math.abs(lambda / turn);
    let step = 2 * (betaR / (4 * I)) ** 2 * Math.abs(2 * k + 1);
    if (k === window.lmin) step += amplitude(-k) ** 2;
    if (k === window.lmax - 1) step += amplitude(k + 1) ** 2;
    // What it mixes between this link and the last one, whose eigenstates lie otherwise.
    const angle = Math.atan((2 * lambda) / bare) / 2;
    const turned = Number.isNaN(angleBefore) ? 0 : Math.abs(Math.sin(angle - angleBefore)) * up;
    angleBefore = angle;
    const moved = 2 * load * (step * mixed + turned);
    const unlike = Math.min(occupied, (Math.max(...ofBaths) / slowest) * Math.max(1, mixed ** -2));
    coherent = Math.max(coherent, (unlike * moved ** 2) / (Math.sqrt(square) * slowest));
  }

  // The elimination divides rates by others.
  const span = smallest / fastest;
  const cutOff = precision === 'f64' ? SMALLEST / span : Number(span < SMALLEST);
  const exponent = Math.min(2 * Math.max(beta1 * B1, beta2 * B2), LARGEST_EXPONENT);
  const cancelled = (resonance > RESONANT ? resonance : 0) + coherent;
  const inExponents = IN_EXPONENTS * exponent + IN_DIFFERENCES * difference;
  const units = OF_POPULATIONS * (1 + cancelled) + exchanged + inExponents;
  return {
    relative: Math.min(UNIT[precision] * units + cutOff, EVERYTHING),
    absolute: Math.min((OF_CUT_OFF * levels * SMALLEST) / Math.min(span, 1), EVERYTHING),
    // Rates without a level are the host's.
    ofNumbers: UNIT[precision] * (OF_NUMBERS + (isLocal ? 0 : inExponents)),
  };
}

/**
 * What may be lost of a state that is read by its elements.
 * @param isOfEquations whether the GPU solved the equations that the host has
 */
export const lostOnDevice = (rounding: DeviceRounding, isOfEquations: boolean): Lost => ({
  relative: OF_COHERENCES * rounding.relative,
  absolute: rounding.absolute,
  isOfEquations,
});

/** Populations below it are not known to all digits. */
export const faintestOf = ({ absolute }: DeviceRounding): number =>
  Math.max(SMALLEST_POPULATION, DIGITS * absolute);
