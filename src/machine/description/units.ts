/**
 * Units of a machine's numbers: powers of the energy, since ħ = k_B = 1. Plain numbers are in the units that the
 * machine is written in, and so fit everywhere.
 */
import { type Expression, type Monomial, parametersOf } from '../expression.js';
import type { FunctionName } from '../functions.js';

/** The power of the energy that each parameter has; parameters that are absent have a unit that is not said. */
export type Powers = ReadonlyMap<string, number>;

/** Two quantities that cannot be added, or one that cannot stand where it does. */
export class UnitError extends Error {
  override readonly name = 'UnitError';
}

const UNITS: Readonly<Record<string, number>> = {
  '1': 0,
  energy: 1,
  '1/energy': -1,
  'energy^2': 2,
  '1/energy^2': -2,
  'sqrt(energy)': 0.5,
  '1/sqrt(energy)': -0.5,
};

export const UNIT_NAMES = Object.keys(UNITS);

export const powerOfUnit = (unit: string): number | undefined =>
  Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;

const inWords = (power: number): string =>
  UNIT_NAMES.find((name) => UNITS[name] === power) ?? `energy^${power}`;

/** What functions make of the power of their argument; those of numbers alone are absent. */
const CARRIED: Partial<Readonly<Record<FunctionName, number>>> = {
  whole: 1,
  square: 2,
  squareRoot: 0.5,
  inverse: -1,
};

function powerOfMonomial({ factors }: Monomial, powers: Powers): number | null {
  let total: number | null = null;
  let unknown = false;
  for (const { atom, exponent } of factors) {
    let power: number | null = null;
    if (atom.kind === 'parameter') {
      const known = powers.get(atom.name);
      if (known === undefined) unknown = true;
      else power = known;
    } else if (atom.kind === 'function') {
      const carried = CARRIED[atom.name];
      const inner = atom.of.map((x) => powerOf(x, powers));
      if (carried === undefined) {
        const wrong = inner.find((x) => x !== null && x !== 0);
        if (wrong !== undefined && wrong !== null) {
          throw new UnitError(`a function of a pure number, not of ${inWords(wrong)}`);
        }
      } else if (inner[0] !== null) power = carried * inner[0];
      else if ([...parametersOf(atom.of[0])].some((name) => !powers.has(name))) unknown = true;
    }
    if (power !== null) total = (total ?? 0) + exponent * power;
  }
  return unknown ? null : total;
}

/**
 * The power of the energy that an expression has; null where nothing says it.
 * @throws {UnitError}
 */
function powerOf({ monomials }: Expression, powers: Powers): number | null {
  let found: number | null = null;
  for (const m of monomials) {
    const power = powerOfMonomial(m, powers);
    if (power === null) continue;
    if (found !== null && power !== found) {
      throw new UnitError(`${inWords(found)} and ${inWords(power)} cannot be added`);
    }
    found = power;
  }
  return found;
}

/** @throws {UnitError} where an expression has another power than the one wanted */
export function requirePower(x: Expression, wanted: number, powers: Powers): void {
  const found = powerOf(x, powers);
  if (found !== null && found !== wanted) {
    throw new UnitError(`its unit is ${inWords(found)}, and ${inWords(wanted)} is wanted`);
  }
}
