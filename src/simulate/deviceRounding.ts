/** What a GPU's arithmetic takes from the populations of a steady state that it solves in the sector. */
import type { Precision } from '../backend/backend.js';
import type { Lost } from '../lindblad/solvedSector.js';
import { detuning } from '../model/detuning.js';
import { loadBalance, loadFactor } from '../model/load.js';
import { bathCoupling } from '../model/local.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { DeviceParameters } from '../model/parameters.js';
import type { Window } from '../operators/window.js';

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

/** A power takes ten times as long as a product. */
const square = (x: number): number => x * x;

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
  parameters: DeviceParameters,
  window: Window,
  precision: Precision,
): DeviceRounding {
  const { beta1, beta2, betaR, B1, B2, g, chi, lambda, gamma, I } = parameters;
  const { cutoff, ratesAlone, reach } = masterEquationOf(parameters);
  const omega = cutoff?.(window, parameters) ?? Number.NaN;
  const baths = [
    ratesAlone(B1, beta1, bathCoupling(1, g, chi), omega),
    ratesAlone(B2, beta2, bathCoupling(2, g, chi), omega),
  ];
  const load = (I * gamma) / betaR;
  const amplitude = loadFactor(parameters);
  const gap = detuning(parameters);
  const isLocal = reach === 'own';
  const ofBaths = baths.map(({ emission, absorption }) => emission + absorption);
  const slowest = Math.min(...ofBaths);
  // How much rarer the one of two mixed states may be that gains what the other loses.
  const occupied = Math.exp(2 * Math.abs(beta1 * B1 - beta2 * B2));

  // Each link's coherence turns with ω and decays with Γ.
  const fastestOfBaths = Math.max(...ofBaths);
  let fastest = Math.max(1, fastestOfBaths);
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
    ...(load > 0 ? [load, load * square(amplitude(loadBalance(parameters, window))) || load] : []),
  );
  const apart = fastestOfBaths / slowest;
  const byLevel = 2 * square(betaR / (4 * I));
  // Of the angle that a link's states are mixed by.
  let [cosineBefore, sineBefore] = [1, 0];
  let [turnBefore, speedBefore] = [0, Number.POSITIVE_INFINITY];
  const exponents = [beta1, beta2].flatMap((beta) => [B1, B2].map((field) => ({ beta, field })));
  for (let k = window.lmin; k < window.lmax; k++) {
    const up = square(amplitude(k));
    const down = square(amplitude(-k - 1));
    const bare = gap(k);
    const size = isLocal ? Math.abs(bare) : Math.sqrt(bare * bare + 4 * lambda * lambda);
    const turn = bare < 0 ? -size : size;
    const decay = (ofBaths[0] + ofBaths[1] + load * (up + down)) / 2;
    const speed = square(turn) + square(decay);
    fastest = Math.max(fastest, load * up, load * down);
    const least = Math.min(speed, speedBefore);
    if (load > 0) resonance = Math.max(resonance, Math.abs(turn * turnBefore) / least);
    smallest = Math.min(smallest, speed);
    [turnBefore, speedBefore] = [turn, speed];
    if (lambda === 0) continue;
    if (isLocal) {
      // The rate at which the interaction exchanges two populations.
      smallest = Math.min(smallest, (2 * square(lambda) * decay) / speed);
      const root = Math.sqrt(speed);
      if (load > 0) exchanged = Math.max(exchanged, (2 * square(lambda) * inverseBefore) / root);
      inverseBefore = 1 / root;
      continue;
    }
    const ratio = lambda / turn;
    smallest = Math.min(smallest, square(ratio) * slowest);
    // A transition's frequency is that of its qubit less what the interaction shifts it by, little or nearly all.
    const shift = (size - Math.abs(bare)) / 2;
    for (const { beta, field } of exponents) {
      for (let most = 0; most < 2; most++) {
        const taken = most === 0 ? shift : size - shift;
        const small = beta * Math.min(2 * field, taken);
        if (small <= difference || beta * Math.abs(2 * field - taken) > LARGEST_EXPONENT) continue;
        difference = Math.max(difference, small);
      }
    }
    // Half of sin 2α, and what the load takes from the one level and not from the other.
    const mixed = Math.abs(ratio);
    let step = byLevel * Math.abs(2 * k + 1);
    if (k === window.lmin) step += square(amplitude(-k));
    if (k === window.lmax - 1) step += square(amplitude(k + 1));
    // What it mixes between this link and the last one, whose eigenstates lie otherwise.
    const cosine = Math.sqrt((1 + Math.abs(bare) / size) / 2);
    const sine = ratio / cosine;
    const isFirst = k === window.lmin;
    const turned = isFirst ? 0 : Math.abs(sine * cosineBefore - cosine * sineBefore) * up;
    [cosineBefore, sineBefore] = [cosine, sine];
    const moved = 2 * load * (step * mixed + turned);
    const unlike = Math.min(occupied, apart * Math.max(1, 1 / square(mixed)));
    coherent = Math.max(coherent, (unlike * square(moved)) / (Math.sqrt(speed) * slowest));
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
    absolute: Math.min((OF_CUT_OFF * window.size * SMALLEST) / Math.min(span, 1), EVERYTHING),
    // Rates without a level are the host's.
    ofNumbers: UNIT[precision] * (OF_NUMBERS + (isLocal ? 0 : inExponents)),
  };
}

/** What may be lost of a state that is read by its elements. */
export const lostOnDevice = ({ relative, absolute }: DeviceRounding): Lost => ({
  relative: OF_COHERENCES * relative,
  absolute,
  isOfEquations: true,
});

/** Populations below it are not known to all digits. */
export const faintestOf = ({ absolute }: DeviceRounding): number =>
  Math.max(SMALLEST_POPULATION, DIGITS * absolute);
