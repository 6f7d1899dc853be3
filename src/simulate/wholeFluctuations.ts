/**
 * What fluctuates in the steady state of a system that conserves no charge which counts levels, or whose jumps are known
 * as numbers alone: by its operators on a small window.
 *
 * Quanta are those of charges that the jumps change by definite amounts and that all of the Hamiltonian conserves but a
 * potential.
 */
import { quantumOf } from '../fluctuations/counters.js';
import {
  type CountedName,
  type DynamicRequest,
  type DynamicSource,
  dynamics,
  nameOf,
  UnknownCounterError,
} from '../fluctuations/dynamics.js';
import type {
  BathFluctuations,
  CountedQuanta,
  Fluctuations,
} from '../fluctuations/fluctuations.js';
import { type Current, costRelation, fanoOf } from '../fluctuations/relations.js';
import { isNothing } from '../generator/symmetry.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { machineModel } from '../machine/description/models.js';
import type { Values } from '../machine/tape.js';
import { ParameterError } from '../model/parameters.js';
import { euclideanNorm } from '../norm.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { ONE, type Operator, sum } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { requireUniqueSteadyState } from '../spectrum/correlation.js';
import { type CountedBath, IndefiniteGainError, isDiagonal } from '../spectrum/countedBath.js';
import { JumpCounting } from '../spectrum/countedJumps.js';
import { jumpWaiting } from '../spectrum/jumpWaiting.js';
import { Spectrum } from '../spectrum/modes.js';
import { SpohnEntropy } from '../spectrum/spohnEntropy.js';
import { TiltedSystem } from '../spectrum/tiltedSystem.js';
import { WideSectorError } from '../spectrum/weightedSector.js';
import { rotorPopulations } from '../state/densityMatrix.js';
import { MachineSystem } from './machineSystem.js';

/**
 * The energy that counts as heat; null where jumps between bare states change it by no definite amounts.
 * @param energies by name
 */
function heatOf(
  { energies: described, model }: DescribedMachine,
  energies: Readonly<Record<string, Operator>>,
  window: Window,
): Operator | null {
  const isWhole = machineModel(model).energies === 'whole';
  const counted = described.filter(({ isHeat }) => isWhole || isHeat);
  const heat = sum(window, ...counted.map(({ name }) => energies[name]));
  return isWhole || isDiagonal(heat) ? heat : null;
}

/** A system, and what is asked of it. */
export interface WholeRequest {
  readonly system: OpenSystem;
  /** The energy that counts as heat; null where jumps change none by definite amounts. */
  readonly heat: Operator | null;
  /** By bath, its inverse temperature; null where it has none. */
  readonly betas: Readonly<Record<string, number | null>>;
  /** How many cumulants. */
  readonly order: number;
  readonly asked?: DynamicRequest | undefined;
}

/**
 * Of a described machine.
 * @throws {ParameterError} on a wide window; {NonUniqueSteadyStateError}
 */
export function wholeMachineFluctuations(
  described: DescribedMachine,
  values: Values,
  window: Window,
  rest: Pick<WholeRequest, 'betas' | 'order' | 'asked'>,
): Fluctuations {
  const { system, energies } = new MachineSystem(described).on(window, values);
  const heat = heatOf(described, energies, window);
  return onNarrowWindow(window, () => wholeFluctuations({ system, heat, ...rest }));
}

/** @throws {ParameterError} where the window has too many levels for it */
export function onNarrowWindow<T>({ lmax }: Window, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof WideSectorError)) throw error;
    throw new ParameterError('lmax', lmax, `nearer to lmin: ${error.message}`);
  }
}

/** A bath that has jumps, but for their terms that are 0. */
interface Bath {
  readonly name: string;
  readonly jumps: readonly Operator[];
}

function bathsOf({ jumps }: OpenSystem): Bath[] {
  return Object.entries(jumps)
    .map(([name, { operators }]) => ({
      name,
      jumps: operators
        .map(({ window, transitions }) => ({
          window,
          transitions: transitions.filter((t) => !isNothing(t)),
        }))
        .filter(({ transitions }) => transitions.length > 0),
    }))
    .filter(({ jumps: own }) => own.length > 0);
}

/** What a bath's quanta are, as an operator that each of its jumps changes by their number; null where there are none. */
function quantityOf({ symmetry, system }: Spectrum, { jumps }: Bath): Operator | null {
  const { states, window } = system;
  const charges = symmetry.charges.filter(
    ({ offsets }) => window.size > 1 || offsets.some((c) => c !== 0),
  );
  const quantum = quantumOf(
    charges.map(({ offsets, perLevel }) => Float64Array.of(...offsets, perLevel)),
    states,
    jumps.map(({ transitions }) => transitions),
  );
  if (quantum === null) return null;
  const norm = quantum.charges.reduce((total, x) => total + x * x, 0);
  const value = (state: number, level: number) =>
    charges.reduce(
      (total, { offsets, perLevel }, k) =>
        total + (quantum.charges[k] * (offsets[state] + perLevel * level)) / norm,
      0,
    );
  return {
    window,
    transitions: Array.from({ length: states }, (_, s) => {
      const re = Float64Array.from({ length: window.size }, (_, i) => value(s, i));
      return { to: s, from: s, shift: 0, coefficient: ONE, table: { re, im: null } };
    }),
  };
}

type Counter = CountedName & CountedBath;

function countersOf(
  kind: CountedName['kind'],
  { name: bath, jumps }: Bath,
  quantity: Operator | null,
): Counter[] {
  return quantity === null ? [] : [{ kind, bath, name: `${kind} of ${bath}`, jumps, quantity }];
}

/**
 * All of it.
 * @throws {NonUniqueSteadyStateError}
 * @throws {WideSectorError} where there are too many elements
 * @throws {UnknownCounterError | UnknownJumpsError}
 */
export function wholeFluctuations({
  system,
  heat,
  betas,
  order,
  asked,
}: WholeRequest): Fluctuations {
  const { window } = system;
  const spectrum = new Spectrum(system);
  requireUniqueSteadyState(spectrum);
  const baths = bathsOf(system);
  const counters = baths.flatMap((bath) => [
    ...countersOf('quanta', bath, quantityOf(spectrum, bath)),
    ...countersOf('heat', bath, heat),
  ]);
  const counting = new JumpCounting(spectrum, counters);
  const entropies = new SpohnEntropy(spectrum);
  const activities = baths.map(({ jumps }) => counting.activity(jumps));
  const activity = activities.reduce((total, one) => total + one, 0);
  const produced = baths.map(({ name }) => entropies.of(name, betas[name] ?? null));
  const cost = produced.reduce((total: Estimate | null, { value, error }) => {
    if (total === null || value === null || error === null) return null;
    return { value: total.value + value, error: total.error + error };
  }, ZERO);
  const currentOf = (kind: CountedName['kind'], bath: string) => {
    const counter = counters.find((one) => one.kind === kind && one.bath === bath);
    if (counter === undefined) return null;
    const { name } = counter;
    const current = { mean: counting.mean(name), noise: counting.covariance(name, name) };
    const known = [current.mean.value, current.noise.value].slice(0, order);
    const higher = order > 2 ? counting.cumulants(name, order).slice(2) : [];
    return { ...current, cumulants: [...known, ...higher] };
  };
  const related = (current: Current & Pick<CountedQuanta, 'cumulants'>): CountedQuanta => ({
    ...current,
    fano: fanoOf(current),
    uncertainty: costRelation(current, () => cost?.value ?? null),
    kineticUncertainty: costRelation(current, () => activity),
  });
  const found = baths.map(({ name }, k): BathFluctuations => {
    const quanta = currentOf('quanta', name);
    return {
      name,
      quanta: quanta && related(quanta),
      heat: currentOf('heat', name),
      activity: activities[k],
      entropyProduction: produced[k],
    };
  });
  const counted = counters.filter(({ kind }) => kind === 'quanta');
  const populations = rotorPopulations(spectrum.steady);
  return {
    window,
    baths: found,
    covariances: counted.flatMap((a, i) =>
      counted.slice(i + 1).map((b) => ({
        baths: [a.bath, b.bath] as const,
        covariance: counting.covariance(a.name, b.name),
      })),
    ),
    activity,
    entropyProduction: cost,
    entropy: entropies.entropy,
    clausius: found.reduce((total: number | null, { name, heat: current }) => {
      const beta = betas[name] ?? null;
      return total === null || beta === null || current === null
        ? null
        : total - beta * current.mean.value;
    }, 0),
    ...verdictOf(spectrum),
    edges: [populations[0], populations[populations.length - 1]],
    dynamics:
      asked === undefined
        ? null
        : dynamics(wholeSource(spectrum, baths, counters, counting), asked),
  };
}

const ZERO: Estimate = { value: 0, error: 0 };

function wholeSource(
  spectrum: Spectrum,
  baths: readonly Bath[],
  counters: readonly Counter[],
  counting: JumpCounting,
): DynamicSource {
  const counterOf = (bath: string) =>
    counters.find((one) => one.kind === 'quanta' && one.bath === bath);
  return {
    counters,
    baths: baths.map(({ name }) => name),
    counted: counters.filter(({ kind }) => kind === 'quanta').map(({ bath }) => bath),
    noiseAt: (omega) => (a, b) => {
      const [first, second] = [counters[a].name, counters[b].name];
      if (omega !== 0) return counting.spectrumAt(omega, first, second);
      const { value, error } = counting.covariance(first, second);
      return { re: value, im: 0, error };
    },
    leading: (places) => {
      const tilted = new TiltedSystem(
        spectrum,
        places.map((at) => counters[at]),
      );
      const definite = <T>(compute: () => T): T => {
        try {
          return compute();
        } catch (error) {
          if (!(error instanceof IndefiniteGainError)) throw error;
          const names = places.map((at) => `heat:${counters[at].bath}`);
          throw new UnknownCounterError(`another than ${names.join(', ')}: ${error.message}`);
        }
      };
      return {
        at: (fields) => definite(() => tilted.at(fields)),
        onGrid: (fields) => definite(() => tilted.onGrid(fields)),
      };
    },
    waiting: (chosen, times) => {
      const jumps = chosen.flatMap(({ bath, direction }) => {
        const own = baths.find(({ name }) => name === bath)?.jumps ?? [];
        const quantity = counterOf(bath)?.quantity;
        if (direction === null || quantity === undefined) return own;
        return own.filter((jump) => (direction === 'in' ? 1 : -1) * gainOf(jump, quantity) > 0);
      });
      return jumpWaiting(spectrum, chosen.map(nameOf), jumps, times);
    },
  };
}

/** By how much the first term of a jump, and so each of them, changes a diagonal quantity that counts levels evenly. */
function gainOf({ transitions: [{ to, from, shift }] }: Operator, quantity: Operator): number {
  const at = (state: number, level: number) => quantity.transitions[state].table?.re[level] ?? 0;
  return at(to, Math.max(0, shift)) - at(from, Math.max(0, -shift));
}

/** ‖𝓛ρ‖, and the same of the magnitudes of its terms. */
function verdictOf(spectrum: Spectrum): { readonly residual: number; readonly scale: number } {
  const [residual, scale] = [0, 1].map((part) =>
    euclideanNorm(
      Float64Array.from(
        spectrum.sectors(spectrum.neutral).map((sector) => {
          const { y, magnitudes } = sector.applied(sector.fromSpace(spectrum.steady.elements));
          const real = Float64Array.from({ length: y.length }, (_, i) =>
            i % 2 === 0 ? magnitudes[i / 2] : 0,
          );
          return euclideanNorm(sector.toSpace(part === 0 ? y : real));
        }),
      ),
    ),
  );
  return { residual, scale };
}
