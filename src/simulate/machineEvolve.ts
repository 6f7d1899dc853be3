/** A described machine in time, from a state of populations. */
import type { Backend } from '../backend/backend.js';
import { checkedSystem } from '../generator/checkedSystem.js';
import { type Lindbladian, lindbladian } from '../generator/lindbladian.js';
import { hasSector, symmetryOf } from '../generator/symmetry.js';
import type { Values } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import { ChebyshevEvolution } from '../solve/chebyshevEvolution.js';
import { DirectEvolution } from '../solve/directEvolution.js';
import type { AfterStep, Tolerances } from '../solve/evolver.js';
import { trace } from '../state/densityMatrix.js';
import { initialDensityMatrix } from '../state/initialState.js';
import { channelRates } from '../thermo/rates.js';
import { machineInitial } from './machineInitial.js';
import { type MachineState, machineState } from './machineState.js';
import { flowByRates, flowsOf, type MachineFlows } from './machineSteady.js';
import type { MachineNumbers, MachineSystem } from './machineSystem.js';
import { evolvesDirectly } from './route.js';

/** A machine at a time. */
export interface MachineSnapshot extends MachineState {
  readonly t: number;
  /** What baths bring; `balance` is what the energies gain. */
  readonly flows: MachineFlows;
  readonly traceError: number;
}

export interface MachineEvolution {
  readonly method: 'rational' | 'chebyshev';
  readonly snapshots: readonly MachineSnapshot[];
  /** Whether all times were reached. */
  readonly complete: boolean;
}

class Stopped extends Error {}

/**
 * @param times rising, from 0 on
 * @param goesOn asked after every step, with the time that was reached; a promise of false stops there
 * @throws {MachineError | ParameterError}
 */
export async function machineEvolution<V>(
  machine: MachineSystem,
  values: Values,
  window: Window,
  times: readonly number[],
  tolerances: Tolerances,
  backend: Backend<V>,
  goesOn: (t: number) => Promise<boolean> = async () => true,
): Promise<MachineEvolution> {
  const numbers = machine.on(window, values);
  const inSectors = hasSector(symmetryOf(checkedSystem(numbers.system)));
  const direct = evolvesDirectly(inSectors, backend.adapter === null);
  const generator = lindbladian(numbers.system, 'sector');
  const { elements } = initialDensityMatrix(machineInitial(numbers), generator.space);
  const evolver = direct
    ? new DirectEvolution(generator.total, elements, tolerances)
    : await ChebyshevEvolution.open(backend, generator.total, elements, tolerances);
  const snapshots: MachineSnapshot[] = [];
  const afterStep: AfterStep = async (t) => {
    if (!(await goesOn(t))) throw new Stopped();
  };
  let complete = true;
  try {
    for (const t of times) {
      await evolver.advanceTo(t, afterStep);
      snapshots.push(snapshot(numbers, generator, await evolver.elements(), t));
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    complete = false;
  } finally {
    evolver.close();
  }
  return { method: direct ? 'rational' : 'chebyshev', snapshots, complete };
}

function snapshot(
  numbers: MachineNumbers,
  generator: Lindbladian,
  elements: Float64Array,
  t: number,
): MachineSnapshot {
  const rho = { space: generator.space, elements };
  const rates = channelRates(generator, rho);
  return {
    t,
    ...machineState(numbers, rho),
    flows: flowsOf(numbers, { flow: flowByRates(numbers.energies, rates) }),
    traceError: Math.abs(trace(rho) - 1),
  };
}
