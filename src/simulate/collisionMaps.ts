/** What one collision does to the system, Eqs. (9), (18) and (22): built once, applied many times. */

import type { Space } from '../generator/classes.js';
import { type Generator, generatorOf } from '../generator/generator.js';
import {
  chargeSector,
  ReducedDifferences,
  ReducedMap,
  type UnitaryBlock,
} from '../generator/reducedMap.js';
import { dissipatorRules } from '../generator/rules.js';
import {
  chargeRange,
  type JointBlock,
  type JointCharges,
  jointBlock,
  type Oscillators,
} from '../model/collision.js';
import type { Device } from '../model/device.js';
import { MODELS, masterEquations } from '../model/masterEquations/registry.js';
import { ParameterError } from '../model/parameters.js';
import { POTENTIAL_PARAMETERS } from '../model/potentialParameters.js';
import type { Operator } from '../operators/operator.js';
import { classExponential } from '../solve/uniformisation.js';
import { unitary } from '../solve/unitary.js';

/** A block whose joint thermal weights are all below this changes no digit. */
const NEGLIGIBLE_WEIGHT = 1e-22;

/** The maps of one collision on a sector of ρ. */
export interface CollisionMaps {
  /** ρ ↦ Tr_B[U (ρ ⊗ ρ_B) U†], Eq. (9) */
  readonly collision: Generator;
  /** ρ ↦ e^{τL_r}ρ, which follows; null without load. */
  readonly load: Generator | null;
}

/** The maps on the zero-charge sector, and what a collision brings in. */
export interface SectorCollision extends CollisionMaps {
  readonly device: Device;
  readonly baths: Oscillators;
  readonly tau: number;
  /**
   * The operators X whose Tr[Xρ], with ρ before the collision, are −Tr[H_{B,1}Δρ], −Tr[H_{B,2}Δρ] and
   * Tr[(H_S + H_B)Δρ].
   */
  readonly heat1: Operator;
  readonly heat2: Operator;
  readonly work: Operator;
}

interface SolvedBlock extends UnitaryBlock {
  readonly states: JointBlock;
}

function solvedBlock(
  device: Device,
  baths: Oscillators,
  tau: number,
  charges: JointCharges,
): SolvedBlock | null {
  const states = jointBlock(device, baths, tau, charges);
  if (states === null || states.weights.every((w) => w < NEGLIGIBLE_WEIGHT)) return null;
  return { states, unitary: unitary(states.total, tau) };
}

/** e^{τL_r}, Eq. (17). */
function loadMap({ system }: Device, space: Space, tau: number): Generator | null {
  const rules = dissipatorRules(system.window, system.jumps.load);
  return rules.length === 0 ? null : classExponential(generatorOf(space, rules), tau);
}

/** @throws {ParameterError} for a device that the collisions of Eqs. (5)–(9) do not describe */
function check({ parameters }: Device): void {
  const { model } = parameters;
  if (!masterEquations[model].isLimitOfCollisions) {
    const names = MODELS.filter((name) => masterEquations[name].isLimitOfCollisions).join(' or ');
    throw new ParameterError(
      'model',
      model,
      `${names}: collisions are the microscopic model of the ${names} master equation`,
    );
  }
  for (const name of POTENTIAL_PARAMETERS) {
    if (parameters[name] === 0) continue;
    const allowed = '0: a potential breaks the conservation that collisions use';
    throw new ParameterError(name, parameters[name], allowed);
  }
  for (const name of ['kappa1', 'kappa2'] as const) {
    if (parameters[name] === 0) continue;
    const allowed = '0: collisions with oscillators do not dephase a qubit by themselves';
    throw new ParameterError(name, parameters[name], allowed);
  }
}

/**
 * The maps on one charge sector: that of n1 + n2 and n2 + l, of the ket less those of the bra.
 * @param visit called with every block of the ket's charges
 * @param progress called with the share that is done
 * @throws {ParameterError} for the global model and for V ≠ 0
 */
export function collisionMaps(
  device: Device,
  baths: Oscillators,
  tau: number,
  [qubitCharge, levelCharge]: readonly [number, number],
  visit: (block: SolvedBlock) => void = () => {},
  progress: (share: number) => void = () => {},
): CollisionMaps {
  check(device);
  const space = chargeSector(device.system.window, qubitCharge, levelCharge);
  const map = new ReducedMap(space);
  const [[low1, high1], [low2, high2]] = chargeRange(device, baths);
  const isNeutral = qubitCharge === 0 && levelCharge === 0;
  for (let charge1 = low1; charge1 <= high1; charge1++) {
    for (let charge2 = low2; charge2 <= high2; charge2++) {
      const ket = solvedBlock(device, baths, tau, [charge1, charge2]);
      if (ket === null) continue;
      const ofBra = [charge1 - qubitCharge + levelCharge, charge2 - levelCharge] as const;
      const bra = isNeutral ? ket : solvedBlock(device, baths, tau, ofBra);
      if (bra !== null) map.add(ket, bra);
      visit(ket);
    }
    progress((charge1 + 1 - low1) / (high1 + 1 - low1));
  }
  return { collision: map.generator(), load: loadMap(device, space, tau) };
}

const scaled = (values: ArrayLike<number>, factor: number): Float64Array =>
  Float64Array.from(values, (value) => factor * value);

/**
 * The maps on the zero-charge sector.
 * @param progress called with the share that is done
 * @throws {ParameterError} for the global model and for V ≠ 0
 */
export function sectorCollision(
  device: Device,
  baths: Oscillators,
  tau: number,
  progress: (share: number) => void = () => {},
): SectorCollision {
  const flows = new ReducedDifferences(chargeSector(device.system.window, 0, 0), 3);
  const visit = (block: SolvedBlock) => {
    const { quanta, free } = block.states;
    flows.add(block, [
      { diagonal: scaled(quanta[0], -baths[0].frequency), couplings: [] },
      { diagonal: scaled(quanta[1], -baths[1].frequency), couplings: [] },
      free,
    ]);
  };
  const maps = collisionMaps(device, baths, tau, [0, 0], visit, progress);
  const [heat1, heat2, work] = flows.operators();
  return { device, baths, tau, ...maps, heat1, heat2, work };
}
