/** States of a sector as density matrices, and the sector's steady state of any open system. */
import { type Space, spaceOf } from '../generator/classes.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { perWindow, type Window } from '../operators/window.js';
import { type Assemble, conservingNullVector } from '../solve/conservingElimination.js';
import { disturbedNullVector, roundingAlone } from '../solve/determined.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { zeros } from '../zeros.js';
import type { ElementClass } from './equation.js';
import type { ElementReader } from './functional.js';
import { equationOf } from './openSystem.js';
import { SectorProgram } from './sectorProgram.js';

type SpaceOn = (window: Window) => {
  readonly held: readonly ElementClass[];
  readonly space: Space;
};

const spaces = new WeakMap<readonly ElementClass[], SpaceOn>();

/** The space of those of these classes that a window holds; made once for each window in use. */
function spaceOfClasses(states: number, classes: readonly ElementClass[]): SpaceOn {
  let spaceOn = spaces.get(classes);
  if (spaceOn === undefined) {
    spaceOn = perWindow((window) => {
      // An equation holds for any window: of a narrow one no two levels may be as far apart.
      const held = classes.filter(({ apart }) => Math.abs(apart) < window.size);
      const names = held.map(({ ket, bra, apart }) => ({ ket, bra, delta: -apart }));
      return { held, space: spaceOf({ states, window }, names) };
    });
    spaces.set(classes, spaceOn);
  }
  return spaceOn;
}

/**
 * The state on the space of those of these classes that the window holds, in their order.
 * @param states of the subsystems, of which the classes are
 */
export function densityMatrixOf(
  states: number,
  classes: readonly ElementClass[],
  elements: ElementReader,
): DensityMatrix {
  const { held, space } = spaceOfClasses(states, classes)(elements.window);
  const values = zeros(2 * space.size);
  for (let c = 0; c < held.length; c++) {
    const { ket, bra, apart } = held[c];
    const { first, offset, length } = space.classes[c];
    if (elements.put !== undefined) {
      elements.put(ket, bra, apart, values, 2 * offset);
      continue;
    }
    const table = elements.read(ket, bra, apart);
    if (table === null) continue;
    const { re, im } = table;
    for (let p = 0; p < length; p++) {
      values[2 * (offset + p)] = re[first + p];
      if (im !== null) values[2 * (offset + p) + 1] = im[first + p];
    }
  }
  return { space, elements: values };
}

/** A steady state, and what disturbing its equations by some roundings changes of it. */
interface DisturbedSteadyState {
  readonly state: DensityMatrix;
  readonly change: DensityMatrix;
}

/**
 * The steady state of an open system in the sector of its populations, by conserving elimination.
 * @param start the level, by its index in the window, where the populations are expected to be largest
 * @returns null where no charge that counts levels is conserved
 * @throws {NonUniqueSteadyStateError}
 */
export const sectorSteadyState = (system: OpenSystem, start?: number): DensityMatrix | null =>
  disturbedSteadyState(system, start)?.state ?? null;

/** The same, and how far it may be off. @throws as `sectorSteadyState` */
export function disturbedSteadyState(
  system: OpenSystem,
  start: number = -system.window.lmin,
): DisturbedSteadyState | null {
  const { window, states } = system;
  const program = SectorProgram.of(equationOf(system));
  if (program === null) return null;
  const sector = program.bind(window);
  sector.numbers.fill({});
  const site = sector.startAt(start);
  const assemble: Assemble = (centre) => sector.assemble(centre);
  const { unknowns } = conservingNullVector(assemble, site);
  const disturbed = disturbedNullVector(assemble, site);
  if (disturbed === null) throw roundingAlone();
  const stateOf = (of: Float64Array): DensityMatrix => {
    const read: ElementReader['read'] = (ket, bra, apart) => {
      const c = program.classOf(ket, bra);
      if (c < 0 || program.classes[c].apart !== apart) return null;
      return { ...sector.elements(of, c), error: new Float64Array(0), imError: null };
    };
    return densityMatrixOf(states, program.classes, { window, read });
  };
  return { state: stateOf(unknowns), change: stateOf(disturbed.change) };
}
