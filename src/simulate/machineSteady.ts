/** The steady state of any described machine, and what is read off it. */

import type { Backend } from '../backend/backend.js';
import { checkedSystem } from '../generator/checkedSystem.js';
import { generatorByRules } from '../generator/generator.js';
import { eachChannel, lindbladianOn, lindbladRules } from '../generator/lindbladian.js';
import { magnitudes } from '../generator/magnitude.js';
import { hasSector, symmetryOf } from '../generator/symmetry.js';
import { localEquation } from '../lindblad/masterEquation.js';
import { densityMatrixOf } from '../lindblad/sectorDensityMatrix.js';
import { compiledSector, NoSectorError } from '../lindblad/sectorSolution.js';
import type { SectorState } from '../lindblad/solvedSector.js';
import { machineModel } from '../machine/description/models.js';
import type { Values } from '../machine/tape.js';
import type { Operator } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { disturbedNullVector, FEW_DIGITS } from '../solve/determined.js';
import { RESIDUAL_TOLERANCE, relativeResidual } from '../solve/verdict.js';
import { disturbedState } from '../spectrum/disturbedState.js';
import {
  type DensityMatrix,
  expectation,
  largestMean,
  largestPopulation,
  smallestPopulation,
} from '../state/densityMatrix.js';
import { type ChannelRates, channelRates } from '../thermo/rates.js';
import { type MachineState, machineState } from './machineState.js';
import type { MachineNumbers, MachineSystem } from './machineSystem.js';
import type { SolverHooks } from './refinedSteady.js';
import { isUnasked, type SolverChoice } from './route.js';
import { ELIMINATED, type SolverReport, steadyStateOf } from './systemSteady.js';

/** Flows into the machine, positive where they bring energy. */
export interface MachineFlows {
  /** By bath. */
  readonly heat: Readonly<Record<string, number>>;
  readonly work: Readonly<Record<string, number>>;
  /** How far each may be off; null where that is not known. */
  readonly heatErrors: Readonly<Record<string, number | null>>;
  readonly workErrors: Readonly<Record<string, number | null>>;
  readonly totalHeat: number;
  readonly totalWork: number;
  /** Heat and work together, which is 0 in a steady state. */
  readonly balance: number;
  /** −Σ βQ of the baths that have a temperature; null where one that gives heat has none, or absolute zero. */
  readonly entropyProduction: number | null;
}

export interface MachineReading extends MachineState {
  readonly numbers: MachineNumbers;
  readonly solution: SolvedMachine;
  readonly flows: MachineFlows;
  /** ‖𝓛ρ‖/‖|𝓛||ρ|‖ */
  readonly relativeResidual: number;
  /** Why the state is not the machine's, each in a line; none where it is. */
  readonly problems: readonly string[];
}

/** An operator's mean has no imaginary part where that is rounding beside the real one. */
const REAL = 1e-13;

/** At an edge where a state has so much there may be no steady state at all. */
const RUNAWAY = 0.1;

/** A steady state by whichever way, and what channels do in it. */
interface SolvedMachine {
  readonly rho: DensityMatrix;
  readonly residual: number;
  /** ‖|𝓛||ρ|‖ */
  readonly magnitude: number;
  readonly solver: SolverReport;
  readonly reason: string;
  /** How far a population may be off; null where that is not known. */
  readonly uncertain: number | null;
  /** What a bath brings into parts of the energy, and how far that may be off; null where that is not known. */
  flow(energies: readonly string[], bath: string): { value: number; error: number | null };
}

/**
 * @param edgeTolerance the largest population at an edge of the window
 * @throws {MachineError | ParameterError | NonUniqueSteadyStateError | OutOfDeviceMemoryError}
 */
export async function machineSteady<V>(
  machine: MachineSystem,
  values: Values,
  window: Window,
  choice: SolverChoice,
  edgeTolerance: number,
  backend: Backend<V>,
  hooks: SolverHooks = {},
): Promise<MachineReading> {
  const numbers = machine.on(window, values);
  const { precision = 'f64' } = hooks;
  const direct =
    isUnasked(choice) && backend.adapter === null && precision === 'f64'
      ? eliminated(numbers)
      : null;
  const solved = direct ?? (await solvedInGeneral(numbers, choice, backend, hooks));
  return readMachine(numbers, solved, edgeTolerance, precision);
}

/** States for which the flows of a sector are compiled: their formulas grow with the fourth power. */
const MOST_COMPILED = 9;

/** Whether a machine's equations are compiled for its sector. */
export const isCompiled = ({ machine, model }: MachineNumbers['described']): boolean =>
  machine.states <= MOST_COMPILED && machineModel(model).hasFormulas;

/** By elimination in the sector of the populations, every flow with its error; null where that is no way. */
function eliminated({ described, values, window, system }: MachineNumbers): SolvedMachine | null {
  const { machine } = described;
  if (!isCompiled(described)) return null;
  if (!hasSector(symmetryOf(checkedSystem(system)))) return null;
  try {
    const bound = compiledSector(machine, localEquation, values).on(window);
    const { sector } = bound;
    const float64 = bound.steadyState(values);
    const disturbed = disturbedNullVector((centre) => sector.assemble(centre), sector.startAt());
    if (disturbed === null) return null;
    const uncertain = disturbed.farthest;
    const exact = uncertain > FEW_DIGITS ? bound.exactState(values) : null;
    if (exact !== null && exact.relative < uncertain) {
      const arithmetic = 'double-double on the CPU';
      const solved = solvedBy(exact.state, machine.states, arithmetic, exact.relative);
      if (solved !== null) return solved;
    }
    return solvedBy(float64, machine.states, 'float64 on the CPU', uncertain);
  } catch (error) {
    if (error instanceof NoSectorError || error instanceof NonUniqueSteadyStateError) return null;
    throw error;
  }
}

/**
 * A state of a sector that solves its equations; null where it does not.
 * @param arithmetic in words
 * @param uncertain how far a population may be off; null where that is not known
 */
function solvedBy(
  state: SectorState,
  states: number,
  arithmetic: string,
  uncertain: number | null,
): SolvedMachine | null {
  if (!(relativeResidual(state.residual, state.scale) <= RESIDUAL_TOLERANCE.f64)) return null;
  return {
    rho: densityMatrixOf(states, state.classes, state.elements),
    residual: state.residual,
    magnitude: state.scale,
    solver: { ...ELIMINATED, refinement: arithmetic },
    reason:
      'a charge that counts levels is conserved: populations are coupled to the sector alone; ' +
      'eliminated without subtractions',
    uncertain,
    flow: (energies, bath) => {
      let [value, error] = [0, 0];
      for (const name of energies) {
        const part = state.flow(name, [bath]);
        value += part.value;
        error += part.error;
      }
      return { value, error };
    },
  };
}

/** By how much one disturbance may understate what a state is off by. */
const SAFETY = 16;
/** What rounding takes from a term of a flow. */
const ROUNDING = 4 * Number.EPSILON;
/** The most that a population may be off by. */
const UNCERTAIN = 1e-9;

/** The most that may be unknown of a flow, relative to the largest one. */
const UNKNOWN = 1e-6;

function hasDigits({ heat, work, heatErrors, workErrors }: MachineFlows): boolean {
  const flows = [heat, work].flatMap((kind) => Object.values(kind));
  const errors = [heatErrors, workErrors].flatMap((kind) => Object.values(kind));
  const largest = Math.max(...flows.map(Math.abs));
  return errors.every((error) => (error ?? 0) <= UNKNOWN * largest);
}

/**
 * What is read off a state that a GPU has eliminated; null where it does not solve the machine's equations, or where
 * too little is known of the flows: they may be small differences of what goes to and fro.
 * @param edgeTolerance the largest population at an edge of the window
 * @throws {MachineError | ParameterError}
 */
export function machineReadingOf(
  machine: MachineSystem,
  values: Values,
  state: SectorState,
  edgeTolerance: number,
): MachineReading | null {
  const numbers = machine.on(state.window, values);
  checkedSystem(numbers.system);
  const { states } = numbers.described.machine;
  const solved = solvedBy(state, states, 'double-float on the GPU', null);
  if (solved === null) return null;
  const reading = readMachine(numbers, solved, edgeTolerance, 'f64');
  return hasDigits(reading.flows) ? reading : null;
}

async function solvedInGeneral<V>(
  { system, energies }: MachineNumbers,
  choice: SolverChoice,
  backend: Backend<V>,
  hooks: SolverHooks,
): Promise<SolvedMachine> {
  const solved = await steadyStateOf(system, choice, backend, hooks);
  const { rho, rates, residual, solver, reason } = solved;
  const known = { rho, residual, magnitude: rates.magnitude, solver, reason };
  const flow = flowByRates(energies, rates);
  if (hooks.precision === 'f32' || !solver.converged) return { ...known, uncertain: null, flow };
  const rules = lindbladRules(system);
  const generator = lindbladianOn(rho.space, rules);
  const doubt = disturbedState(generator, rho, solver.method !== 'elimination');
  if (doubt === null) return { ...known, uncertain: null, flow };
  const { change } = doubt;
  const changed = channelRates(generator, change);
  const eliminated = solved.change ?? null;
  const moved = eliminated && channelRates(generator, eliminated);
  const sizes = eachChannel(rules, (own) =>
    magnitudes(generatorByRules(rho.space, own), rho.elements),
  );
  const off = (x: Operator, bath: string): number =>
    SAFETY *
      (Math.abs(changed.rate(x, bath)) +
        Math.abs(expectation({ space: rho.space, elements: doubt.rates[bath] }, x).re)) +
    ROUNDING * largestMean(rho.space, sizes[bath], x) +
    Math.abs(moved?.rate(x, bath) ?? 0);
  return {
    ...known,
    uncertain: Math.max(
      SAFETY * largestPopulation(change),
      eliminated === null ? 0 : largestPopulation(eliminated),
    ),
    flow: (names, bath) => ({
      value: flow(names, bath).value,
      error: names.reduce((sum, name) => sum + off(energies[name], bath), 0),
    }),
  };
}

/** What a bath brings into parts of the energy, by ρ̇ as its operators have it. */
export const flowByRates =
  (energies: MachineNumbers['energies'], rates: ChannelRates): SolvedMachine['flow'] =>
  (names, bath) => ({
    value: names.reduce((sum, name) => sum + rates.rate(energies[name], bath), 0),
    error: null,
  });

/** What is read off a steady state. @param precision of the answer */
function readMachine(
  numbers: MachineNumbers,
  solution: SolvedMachine,
  edgeTolerance: number,
  precision: 'f32' | 'f64',
): MachineReading {
  const { rho, magnitude, residual, solver } = solution;
  const relative = relativeResidual(residual, magnitude);
  const state = machineState(numbers, rho, numbers, REAL);
  const flows = flowsOf(numbers, solution);
  const problems: string[] = [];
  if (!(relative <= RESIDUAL_TOLERANCE[precision])) {
    problems.push(`‖Lρ‖ is ${relative.toExponential(1)} of ‖|L||ρ|‖`);
  } else if (!solver.converged) {
    problems.push(`‖Lρ‖ = ${residual.toExponential(1)} after ${solver.iterations} iterations`);
  }
  const { uncertain } = solution;
  if (uncertain !== null && !(uncertain <= UNCERTAIN)) {
    problems.push(
      `populations are known to ± ${uncertain.toExponential(1)} alone: its rates are too far apart for float64`,
    );
  }
  const least = smallestPopulation(rho);
  if (-least > (uncertain ?? solver.errorEstimate ?? 0)) {
    problems.push(`a population is ${least.toExponential(1)}`);
  }
  for (const [side, population] of Object.entries(state.edges)) {
    if (population !== null && !(Math.abs(population) <= edgeTolerance)) {
      const runsAway = population > RUNAWAY ? ', unless it runs away: evolve follows it' : '';
      problems.push(
        `the population of the ${side === 'below' ? 'lowest' : 'highest'} level is ` +
          `${population.toExponential(1)}: a window that reaches farther is needed${runsAway}`,
      );
    }
  }
  return { numbers, solution, ...state, flows, relativeResidual: relative, problems };
}

export function flowsOf(
  { described, betas }: MachineNumbers,
  { flow }: Pick<SolvedMachine, 'flow'>,
): MachineFlows {
  const heat: Record<string, number> = {};
  const work: Record<string, number> = {};
  const heatErrors: Record<string, number | null> = {};
  const workErrors: Record<string, number | null> = {};
  for (const bath of described.baths) {
    const into = (isHeat: boolean) =>
      flow(
        described.energies
          .filter((energy) => (energy.isHeat && bath.isHeat) === isHeat)
          .map(({ name }) => name),
        bath.name,
      );
    const [q, w] = [into(true), into(false)];
    [heat[bath.name], heatErrors[bath.name]] = [q.value, q.error];
    [work[bath.name], workErrors[bath.name]] = [w.value, w.error];
  }
  const total = (flows: Record<string, number>) => Object.values(flows).reduce((a, b) => a + b, 0);
  const [totalHeat, totalWork] = [total(heat), total(work)];
  let entropyProduction: number | null = 0;
  for (const { name, isHeat } of described.baths) {
    const beta = betas[name];
    if (!isHeat) continue;
    if (beta === null || beta === Infinity) entropyProduction = null;
    else if (entropyProduction !== null) entropyProduction -= beta * heat[name];
  }
  return {
    heat,
    work,
    heatErrors,
    workErrors,
    totalHeat,
    totalWork,
    balance: totalHeat + totalWork,
    entropyProduction,
  };
}
