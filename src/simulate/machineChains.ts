/** Steady states of a described machine's points by elimination on a GPU, many at once. */
import type { OpenChains } from '../backend/batches.js';
import { OutOfDeviceMemoryError } from '../backend/webgpu/errors.js';
import type { Asked, FluctuatingState } from '../fluctuations/fluctuatingState.js';
import { pairBlocks } from '../lindblad/judged.js';
import { localEquation } from '../lindblad/masterEquation.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { type BoundMachine, compiledSector, NoSectorError } from '../lindblad/sectorSolution.js';
import type { Lost, SectorState } from '../lindblad/solvedSector.js';
import type { Values } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import {
  type CountedDevice,
  fluctuationsOnDevice,
  type LeftToHost,
  readOffState,
} from './deviceFluctuations.js';
import { isCompiled } from './machineSteady.js';
import type { MachineNumbers, MachineSystem } from './machineSystem.js';
import { type ChainPoint, statesOnChains, wordsOf } from './sectorChains.js';

/** What double-float takes from a number, and the elimination from a population. */
const UNIT = 2 ** -47;
const OF_POPULATIONS = 256;
/** For each unit of an exponent, and the largest exponent that an e^x of a level has. */
const IN_EXPONENTS = 32;
const LARGEST_EXPONENT = 76;
/** What a number of the equations is made of: a few products and sums. */
const OF_NUMBERS = 16;
/** Below it what cancels near a resonance is no more than elsewhere. */
const RESONANT = 1.5;
/** Below it the second number of a pair is rounded to 0; so often on the way to an element. */
const SMALLEST = 2 ** -126;
const OF_CUT_OFF = 1024;

/**
 * The largest number in the equations, and the smallest rate: one between populations, or that at which a coherence
 * that turns with ω, decays with Γ and is driven by v exchanges them, v²Γ/(ω² + Γ²).
 */
function extremesOf(sector: BoundSector, blocks: Float64Array): [number, number] {
  const { siteWidth, sitePaired } = sector;
  let [smallest, largest] = [Number.POSITIVE_INFINITY, 0];
  for (const { target, from, to, table, first, stride, count } of sector.runs) {
    const values = sector.numbers.table(table);
    for (let i = 0, p = first; i < count; i++, p += stride) {
      const size = Math.abs(values[p]);
      if (size > largest) largest = size;
      if (size === 0 || from < sitePaired) continue;
      let rate = size;
      if (to < sitePaired) {
        const at = 2 * ((target + i) * siteWidth + to - (to % 2));
        const square = blocks[at] ** 2 + blocks[at + 1] ** 2;
        if (blocks[at] !== 0) rate *= (size * Math.abs(blocks[at])) / square;
      }
      if (rate < smallest) smallest = rate;
    }
  }
  return [smallest, largest];
}

/** What rounding takes from what is made of so many sums, near a resonance and of exponentials of a level more. */
function unitsOf(sector: BoundSector, sums: number, hasExponents: boolean): number {
  const resonance = sector.resonance();
  const cancelled = resonance > RESONANT ? resonance : 0;
  return UNIT * (sums * (1 + cancelled) + (hasExponents ? IN_EXPONENTS * LARGEST_EXPONENT : 0));
}

/** What the device's arithmetic may have lost of the state whose numbers the sector has. */
function lostOf({ sector, compiled }: BoundMachine): Lost {
  const { hasExponents } = wordsOf(compiled);
  const blocks = pairBlocks(sector);
  const [smallest, largest] = extremesOf(sector, blocks);
  const span = Math.min(smallest / largest, 1);
  return {
    relative: unitsOf(sector, OF_POPULATIONS, hasExponents) + SMALLEST / span,
    absolute: (OF_CUT_OFF * sector.sites * SMALLEST) / span,
    isOfEquations: true,
  };
}

/**
 * The steady state of each point; null where this is no way to it: without a sector, where it may not be unique, or
 * where its populations or its machine are more than the kernel takes.
 */
export async function eliminatedOnDevice(
  { described }: MachineSystem,
  window: Window,
  points: readonly Values[],
  open: OpenChains,
): Promise<(SectorState | null)[]> {
  const states: (SectorState | null)[] = points.map(() => null);
  if (!isCompiled(described)) return states;
  // Terms that are 0 are left out, so that points of one machine may have different equations.
  const places: number[] = [];
  const chains: ChainPoint[] = [];
  points.forEach((values, p) => {
    try {
      const compiled = compiledSector(described.machine, localEquation, values);
      chains.push({ compiled, values, window });
      places.push(p);
    } catch (error) {
      if (!(error instanceof NoSectorError)) throw error;
    }
  });
  try {
    await statesOnChains(open, 'f64', chains, {
      solved: (k, bound, stateOf) => {
        states[places[k]] = stateOf(lostOf(bound));
      },
      unsolved: () => {},
    });
  } catch (error) {
    // A few chains are too long for it; iterations take less.
    if (!(error instanceof OutOfDeviceMemoryError)) throw error;
  }
  return states;
}

/** A point that a GPU has eliminated. */
export interface EliminatedPoint {
  readonly numbers: MachineNumbers;
  readonly state: SectorState;
}

/** What fluctuates at each point, counted on a GPU, or why it is left to the CPU. */
export function countedOnDevice(
  points: readonly EliminatedPoint[],
  asked: ReadonlySet<Asked>,
  open: OpenChains,
): Promise<(FluctuatingState | LeftToHost)[]> {
  const devices = points.map(({ numbers, state }): CountedDevice => {
    const { described, values, window, betas } = numbers;
    const device = { machine: described.machine, of: localEquation, values, window, betas };
    const compiled = compiledSector(device.machine, device.of, values);
    const { sector } = compiled.on(window);
    sector.numbers.fill(values);
    const unit = unitsOf(sector, OF_NUMBERS, wordsOf(compiled).hasExponents);
    return { ...device, unit, ofState: readOffState(device, state, asked) };
  });
  return fluctuationsOnDevice(open, 'f64', devices, asked);
}
